import { Effect, pipe } from "effect";
import { Raid } from "../../services/Raid.js";
import * as Command from "../kit/Command.js";
import { Private } from "../kit/Reply.js";
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
    Effect.flatMap(Raid, (raid) => Effect.map(raid.facts(guildId), (facts) => Private(panicStatus(facts)))),
});

/** One line a subcommand. */
export const panic = pipe(
  Command.group("panic", "Protection against raids"),
  Command.add(panicOn),
  Command.add(panicOff),
  Command.add(status),
);
