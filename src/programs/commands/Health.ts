import { Effect } from "effect";
import { VERSION } from "../../domain/Version.js";
import { Health } from "../../services/Health.js";
import * as Command from "../kit/Command.js";
import { Private } from "../kit/Reply.js";
import { healthReport } from "../views/HealthReport.js";

export const health = Command.make({
  name: "health",
  description: "How the bot is doing",
  rung: "reviewer",
  options: {},
  handler: () =>
    Effect.gen(function* () {
      const service = yield* Health;
      return Private(healthReport(yield* service.report, VERSION));
    }),
});
