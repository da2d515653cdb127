import { assert, describe, it } from "@effect/vitest";
import { Clock, Effect, FastCheck as fc, Fiber, Layer, Redacted, TestClock } from "effect";
import { ApplicationId, ShortCode, UserId } from "../../../src/domain/Ids.js";
import { DiscordFake } from "../../../src/layers/Discord.js";
import type { Interaction } from "../../../src/layers/discord/Interaction.js";
import { commands } from "../../../src/programs/commands/index.js";
import { components } from "../../../src/programs/components/index.js";
import * as CardHold from "../../../src/programs/kit/CardHold.js";
import * as Router from "../../../src/programs/kit/Router.js";
import { AuditChain } from "../../../src/services/AuditChain.js";
import * as Services from "../../../src/services/index.js";
import { GUILD } from "../../support/fixtures.js";
import { anyInteraction, freshInteractionId, type Highest } from "../../support/fuzz-arbitrary.js";
import { backupsOf } from "../../support/fuzz-backups.js";
import { type Aim, OWNER, PASSWORD } from "../../support/fuzz-people.js";
import { apply, rowsOf, setUp, world } from "../../support/layers.js";
import { type Line, logTo } from "../../support/layers-router.js";
import { type Snapshot, snapshot, unlogged } from "../../support/ledger.js";

/** Each stands for a run of its own; a failing test names the one it failed with. */
const SEEDS = [11, 23, 42, 97, 271];
const WAVES: ReadonlyArray<Highest> = ["stranger", "moderator", "admin", "moderator"];
const IN_A_WAVE = 100;
const PER_SEED = 2_000;
/** Discord gives up after three seconds. */
const LIMIT_MS = 3_000;

const aims = Effect.map(
  rowsOf(
    `SELECT id, code, user_id FROM application WHERE guild_id = '${GUILD}' ORDER BY status IN ('pending', 'claimed') DESC, created_at DESC LIMIT 30`,
  ),
  (rows) =>
    rows.map((row): Aim => ({
      id: ApplicationId.make(String(row["id"])),
      code: ShortCode.make(String(row["code"])),
      userId: UserId.make(String(row["userId"])),
    })),
);

/** What those who stand no higher than `highest` must not have changed. */
const overreach = (highest: Highest, before: Snapshot, after: Snapshot): ReadonlyArray<string> => {
  const mayDo: Readonly<Record<Highest, RegExp>> = {
    stranger: /^(app_submitted|withdraw)$/,
    moderator: /^(app_submitted|withdraw|claim|unclaim|approve|reject|perm_reject|kick|unblock)$/,
    admin: /./,
  };
  const known = new Set(before.log.map((row) => `${String(row["guildId"])} ${String(row["seq"])}`));
  const added = after.log.filter((row) => !known.has(`${String(row["guildId"])} ${String(row["seq"])}`));
  const problems = added
    .filter(
      ({ name, actor, target }) =>
        !mayDo[highest].test(String(name)) || (highest === "stranger" && actor !== target),
    )
    .map((row) => `a ${highest} did ${JSON.stringify(row)}`);
  const moved = (what: "settings" | "blocks" | "panics") =>
    JSON.stringify(before[what]) === JSON.stringify(after[what]) ? [] : [`a ${highest} changed the ${what}`];
  if (highest === "admin") return problems;
  return [
    ...problems,
    ...moved("settings"),
    ...(highest === "stranger" ? [...moved("blocks"), ...moved("panics")] : moved("panics")),
  ];
};

/** A world whose backups are names alone, and what was put back from them. */
const restored: Array<string> = [];
const inWorld = Effect.provide(
  CardHold.layer.pipe(
    Layer.provideMerge(Services.layer),
    Layer.provideMerge(
      Layer.merge(world({ resetPassword: Redacted.make(PASSWORD), ownerIds: [OWNER] }), backupsOf(restored)),
    ),
  ),
);
const shown = ({ token: _, actor, ...rest }: Interaction): string =>
  JSON.stringify(
    { ...rest, actor: { ...actor, permissions: String(actor.permissions), roles: actor.roles.slice(0, 3) } },
    (_key, value: unknown) => (value instanceof Map ? [...value] : value),
  ).slice(0, 600);

describe("ten thousand interactions that nobody sends by hand", () => {
  it.effect.each(SEEDS)(
    "are each answered once and in time, change nothing beyond what somebody may, and leave a log that tells of everything: seed %d",
    (seed) =>
      Effect.gen(function* () {
        const lines: Array<Line> = [];
        const fake = yield* DiscordFake;
        const route = Router.make(commands, components);
        yield* rowsOf("PRAGMA synchronous = OFF");
        yield* setUp();
        yield* apply();
        const problems: Array<string> = [];
        for (let n = 0; n < PER_SEED / IN_A_WAVE; n += 1) {
          const highest = WAVES[n % WAVES.length] ?? "admin";
          const drafts = fc.sample(anyInteraction(highest), { seed: seed * 1_000 + n, numRuns: IN_A_WAVE });
          const near = yield* aims;
          const first = drafts.map(({ make, twice }) => ({
            interaction: make(near, freshInteractionId()),
            twice,
          }));
          const sent = first.flatMap(({ interaction, twice }) =>
            twice ? [interaction, interaction] : [interaction],
          );
          const before = yield* snapshot;
          const calls = (yield* fake.callsOf("respond")).length;
          const began = yield* Clock.currentTimeMillis;
          const all = yield* Effect.fork(
            Effect.forEach(sent, (interaction) => Effect.exit(route(interaction)), {
              concurrency: "unbounded",
            }).pipe(Effect.provide(logTo(lines))),
          );
          yield* TestClock.adjust("2 minutes");
          const exits = yield* Fiber.join(all);
          const answers = (yield* fake.callsOf("respond")).slice(calls);
          for (const { interaction } of first) {
            const own = answers.filter((call) => call.interaction.id === interaction.id);
            const late = own.some(({ at }) => at - began > LIMIT_MS);
            if (own.length !== 1 || late)
              problems.push(`${own.length} answers${late ? ", late," : ""} to ${shown(interaction)}`);
          }
          problems.push(
            ...exits.filter(({ _tag }) => _tag === "Failure").map((exit) => JSON.stringify(exit)),
            ...lines
              .filter(({ level }) => level === "Error" || level === "Fatal" || level === "Warning")
              .map(({ text }) => text),
          );
          const after = yield* snapshot;
          problems.push(...overreach(highest, before, after), ...unlogged(before, after));
          if (problems.length > 0)
            assert.fail(`seed ${seed}, wave ${n}:\n${problems.slice(0, 5).join("\n")}`);
          lines.length = 0;
        }
        const chain = yield* AuditChain;
        for (const guild of yield* chain.guilds) {
          assert.deepStrictEqual((yield* chain.verify(guild)).problems, []);
        }
        const names = (yield* snapshot).log.map(({ name }) => name);
        const missed = [
          "app_submitted",
          "claim",
          "approve",
          "reject",
          "kick",
          "withdraw",
          "config_change",
        ].filter((name) => !names.includes(name));
        assert.deepStrictEqual(missed, [], `seed ${seed} never did this: it proves little`);
        assert.isNotEmpty(restored, "nobody ever went back to a backup");
        assert.deepStrictEqual(
          restored.splice(0).filter((by) => !by.startsWith(OWNER)),
          [],
        );
      }).pipe(inWorld),
    180_000,
  );
});
