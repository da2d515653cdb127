import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** What mostly waits for processes, timers or a browser: it begins first, and the rest is worked off meanwhile. */
const WAITING = ["/test/deploy/", "/test/e2e/logFallback", "/test/e2e/", "/test/browser/"];

const patience = ({ moduleId }: TestSpecification): number => {
  const at = WAITING.findIndex((part) => moduleId.includes(part));
  return at < 0 ? WAITING.length : at;
};

class WaitingFirst extends BaseSequencer {
  override async sort(files: Array<TestSpecification>): Promise<Array<TestSpecification>> {
    return (await super.sort(files)).sort((one, other) => patience(one) - patience(other));
  }
}

const unit = ["test/unit/**/*.test.ts"];

export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    sequence: { sequencer: WaitingFirst },
    poolOptions: {
      forks: { minForks: 1, maxForks: Math.max(2, availableParallelism()) },
      threads: { minThreads: 1, maxThreads: 1, isolate: false },
    },
    projects: [
      {
        extends: true,
        // Pure values have no state to leak: loading the packages once instead of for each file saves two thirds of the time.
        test: { name: "unit", include: unit, pool: "threads" },
      },
      {
        extends: true,
        test: { name: "rest", include: ["test/**/*.test.ts"], exclude: unit, pool: "forks" },
      },
    ],
  },
});
