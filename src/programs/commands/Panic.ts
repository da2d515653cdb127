import { Effect, Option, pipe } from "effect";
import { PURGE_MAX_MINUTES } from "../../domain/PanicPurge.js";
import { PanicPurge } from "../../services/PanicPurge.js";
import { Raid } from "../../services/Raid.js";
import * as Command from "../kit/Command.js";
import * as Options from "../kit/Options.js";
import { Private } from "../kit/Reply.js";
import { purgeLines, purgePreview } from "../views/PanicPurge.js";
import { panicAnswer, panicStatus } from "../views/RaidReport.js";

const panicOn = Command.subcommand({
  name: "on",
  description: "Close the gate and hold the cards back",
  rung: "admin",
  options: {},
  handler: ({ guildId, actor }) =>
    Effect.gen(function* () {
      const raid = yield* Raid;
      const changed = yield* raid.panicOn(guildId, actor.id);
      return Private(panicAnswer("on", changed, yield* raid.facts(guildId)));
    }),
});

const panicOff = Command.subcommand({
  name: "off",
  description: "Open the gate and post the cards of those who wait",
  rung: "admin",
  options: {},
  handler: ({ guildId, actor }) =>
    Effect.gen(function* () {
      const raid = yield* Raid;
      const changed = yield* raid.panicOff(guildId, actor.id);
      return Private(panicAnswer("off", changed, yield* raid.facts(guildId)));
    }),
});

const status = Command.subcommand({
  name: "status",
  description: "Whether the gate is closed, and who waits",
  rung: "admin",
  options: {},
  handler: ({ guildId }) =>
    Effect.gen(function* () {
      const raid = yield* Raid;
      const purges = yield* PanicPurge;
      const latest = Option.getOrNull(yield* purges.latest(guildId));
      return Private(panicStatus(yield* raid.facts(guildId), latest === null ? [] : purgeLines(latest)));
    }),
});

const purge = Command.subcommand({
  name: "purge",
  description: "Remove those who joined lately: shows who, then asks for the password",
  rung: "admin",
  options: {
    minutes: Options.integer({
      description: "Who joined within so many minutes",
      min: 1,
      max: PURGE_MAX_MINUTES,
    }),
  },
  handler: ({ guildId, actor, options: { minutes } }) =>
    Effect.gen(function* () {
      const purges = yield* PanicPurge;
      return Private(purgePreview(yield* purges.preview(guildId, actor.id, minutes)));
    }),
});

/** One line a subcommand. */
export const panic = pipe(
  Command.group("panic", "Protection against raids"),
  Command.add(panicOn),
  Command.add(panicOff),
  Command.add(status),
  Command.add(purge),
);
