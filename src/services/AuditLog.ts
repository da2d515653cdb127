import { createHash } from "node:crypto";
import { Clock, Context, Effect, Layer, Option } from "effect";
import {
  type Action,
  type ActionName,
  type Details,
  GENESIS_HASH,
  hashInput,
  type LogFilter,
  type LogKey,
  type SYSTEM_ACTOR,
} from "../domain/Action.js";
import { ActionId, type ApplicationId, type GuildId, type UserId } from "../domain/Ids.js";
import { Changes } from "./Changes.js";
import { freshId } from "./Identity.js";
import { LogChannel } from "./LogChannel.js";
import { Outbox } from "./Outbox.js";
import { ActionRepo } from "./repos/ActionRepo.js";
import type { EncodedPage } from "./repos/EncodedPage.js";
import { LogPageRepo } from "./repos/LogPageRepo.js";
import { MetricRepo } from "./repos/MetricRepo.js";

export interface Entry {
  readonly guildId: GuildId;
  readonly name: ActionName;
  readonly actor: UserId | typeof SYSTEM_ACTOR;
  readonly target?: UserId;
  readonly applicationId?: ApplicationId;
  readonly reason?: string | null;
  readonly details?: Details;
}

/** The proof of what happened (features.md F9). */
export class AuditLog extends Context.Tag("app/AuditLog")<
  AuditLog,
  {
    /**
     * Adds a row to the guild's chain, counts it, and plans its embed. To be called inside the transaction of what it records:
     * the two stand or fall together.
     */
    readonly record: (entry: Entry) => Effect.Effect<ActionId>;
    readonly find: (id: ActionId) => Effect.Effect<Option.Option<Action>>;
    /** A page of a guild's log, newest first: JSON of the contract's `LogRow`. `limit` up to 100. */
    readonly page: (
      guildId: GuildId,
      filter: LogFilter,
      after: LogKey | null,
      limit: number,
    ) => Effect.Effect<EncodedPage<LogKey>>;
    /** Newest first. */
    readonly ofApplication: (id: ApplicationId, limit: number) => Effect.Effect<ReadonlyArray<Action>>;
  }
>() {}

const make = Effect.gen(function* () {
  const actions = yield* ActionRepo;
  const changes = yield* Changes;
  const channels = yield* LogChannel;
  const metrics = yield* MetricRepo;
  const pages = yield* LogPageRepo;
  const outbox = yield* Outbox;

  return AuditLog.of({
    record: (entry) =>
      Effect.gen(function* () {
        const id = yield* freshId(ActionId);
        const at = yield* Clock.currentTimeMillis;
        const last = yield* actions.last(entry.guildId);
        const row = {
          id,
          guildId: entry.guildId,
          seq: Option.match(last, { onNone: () => 1, onSome: ({ seq }) => seq + 1 }),
          name: entry.name,
          actor: entry.actor,
          target: entry.target ?? null,
          applicationId: entry.applicationId ?? null,
          ticketId: null,
          reason: entry.reason ?? null,
          details: entry.details === undefined ? null : JSON.stringify(entry.details),
          at,
          prevHash: Option.match(last, { onNone: () => GENESIS_HASH, onSome: ({ hash }) => hash }),
        };
        yield* actions.insert({ ...row, hash: createHash("sha256").update(hashInput(row)).digest("hex") });
        changes.stage(entry.guildId);
        const counted = Option.match(last, { onNone: () => 0, onSome: (end) => end.counted });
        yield* metrics.count(row.guildId, counted, row.seq, counted === row.seq - 1 ? row.name : undefined);
        if (Option.isSome(yield* channels.of(entry.guildId))) {
          yield* outbox.plan(entry.guildId, entry.applicationId ?? null, {
            consequence: { _tag: "LogPost", actionId: id },
          });
        }
        return id;
      }),
    find: actions.find,
    page: pages.page,
    ofApplication: actions.ofApplication,
  });
});

export const layer = Layer.effect(AuditLog, make);
