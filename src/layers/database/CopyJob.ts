import { type ChildProcess, fork } from "node:child_process";
import { createRequire } from "node:module";
import { setPriority } from "node:os";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Effect, Schema } from "effect";
import { Contents } from "../../domain/Backup.js";

export const Job = Schema.Union(
  /** `backup`: what is copied is itself a backup, and is read from end to end first. */
  Schema.TaggedStruct("Copy", { from: Schema.String, to: Schema.String, backup: Schema.Boolean }),
  Schema.TaggedStruct("Verify", { path: Schema.String }),
  Schema.TaggedStruct("Check", { path: Schema.String }),
);
export type Job = typeof Job.Type;

export const Answer = Schema.Union(
  Schema.TaggedStruct("Sound", { contents: Contents }),
  Schema.TaggedStruct("Checked", { problems: Schema.Array(Schema.String) }),
  /** The file is not what it should be. */
  Schema.TaggedStruct("Unsound", { problem: Schema.String }),
  /** SQLite or the system failed. */
  Schema.TaggedStruct("Failed", { code: Schema.String, message: Schema.String }),
);
export type Answer = typeof Answer.Type;

/** How much the bot itself comes first: a copy is in no hurry. */
const NICE = 10;

/** From source, the process needs the same loader as this one; in a bundle it is a file of its own. */
const start = (): ChildProcess => {
  const here = import.meta.url;
  const fromSource = here.endsWith(".ts");
  const child = fork(fileURLToPath(new URL(fromSource ? "./CopyProcess.ts" : "./copy-process.js", here)), {
    execArgv: fromSource ? ["--import", pathToFileURL(createRequire(here).resolve("tsx")).href] : [],
    env: {},
    stdio: "ignore",
  });
  try {
    if (child.pid !== undefined) setPriority(child.pid, NICE);
  } catch {
    // A system that knows no priorities copies as fast as it likes.
  }
  return child;
};

const decode = Schema.decodeUnknown(Answer);

/** Does a job in a process of its own, so that nobody who waits for an answer notices; interrupting ends it. */
export const run = (job: Job): Effect.Effect<Answer> =>
  Effect.async<unknown>((resume) => {
    const child = start();
    child.once("message", (answer: unknown) => resume(Effect.succeed(answer)));
    child.once("error", (error) => resume(Effect.die(error)));
    child.once("exit", (code, signal) =>
      resume(Effect.dieMessage(`The process that copies databases ended early (${signal ?? code})`)),
    );
    child.send(job);
    return Effect.sync(() => child.kill("SIGKILL"));
  }).pipe(
    Effect.flatMap((answer) => Effect.orDie(decode(answer))),
    Effect.withSpan("database job", { attributes: { job: job._tag }, captureStackTrace: false }),
  );
