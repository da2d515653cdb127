import * as SqlClient from "@effect/sql/SqlClient";
import { Context, Effect, Layer, type Option, Schema } from "effect";
import { Details } from "../../domain/Action.js";
import { Application, type Answer, QueueEntry, type QueueKey, Status } from "../../domain/Application.js";
import {
  type ApplicationId,
  type ChannelId,
  type GuildId,
  type MessageId,
  type Millis,
  type ShortCode,
  UserId,
} from "../../domain/Ids.js";
import { changed, row, rows, run } from "./Repo.js";

export interface StatusCount {
  readonly status: string;
  readonly count: number;
}

/** What a change of state writes; everything else of the row stays. */
export type ApplicationChange = Partial<
  Pick<
    Application,
    | "status"
    | "answers"
    | "submittedAt"
    | "claimedBy"
    | "claimedAt"
    | "decidedBy"
    | "decidedAt"
    | "reason"
    | "username"
    | "displayName"
    | "avatarUrl"
    | "joinedAt"
  >
>;

export class ApplicationRepo extends Context.Tag("app/ApplicationRepo")<
  ApplicationRepo,
  {
    /** Stores a new application. `false` when its code is taken or the person has an open one: nothing was stored. */
    readonly insert: (application: Application) => Effect.Effect<boolean>;
    readonly find: (guildId: GuildId, id: ApplicationId) => Effect.Effect<Option.Option<Application>>;
    readonly findByCode: (guildId: GuildId, code: ShortCode) => Effect.Effect<Option.Option<Application>>;
    /** The draft, pending or claimed application of a person: at most one, by constraint. */
    readonly findOpenOf: (guildId: GuildId, userId: UserId) => Effect.Effect<Option.Option<Application>>;
    /** Everything of a guild that is not decided: drafts, pending and claimed ones. */
    readonly open: (guildId: GuildId) => Effect.Effect<ReadonlyArray<Application>>;
    /** Whose applications those are. */
    readonly openApplicants: (guildId: GuildId) => Effect.Effect<ReadonlyArray<UserId>>;
    /** Newest first; what was never sent is left out. */
    readonly historyOf: (
      guildId: GuildId,
      userId: UserId,
      limit: number,
    ) => Effect.Effect<ReadonlyArray<Application>>;
    /** Pending and claimed ones, longest waiting first. */
    readonly queue: (guildId: GuildId, limit: number) => Effect.Effect<ReadonlyArray<Application>>;
    /** Pending and claimed ones whose code begins with `wanted` or whose names hold it, longest waiting first. */
    readonly queueMatching: (
      guildId: GuildId,
      wanted: string,
      limit: number,
    ) => Effect.Effect<ReadonlyArray<QueueEntry>>;
    /**
     * Pending and claimed ones on one side of `from`, nearest first; of one claimer where `claimedBy` names one. Without
     * `from`, from the longest waiting on.
     */
    readonly queueFrom: (
      guildId: GuildId,
      claimedBy: UserId | null,
      from: QueueKey | null,
      direction: "next" | "previous",
      limit: number,
    ) => Effect.Effect<ReadonlyArray<QueueEntry>>;
    readonly countQueue: (guildId: GuildId, claimedBy: UserId | null) => Effect.Effect<number>;
    readonly staleClaims: (
      guildId: GuildId,
      claimedBefore: Millis,
      limit: number,
    ) => Effect.Effect<ReadonlyArray<Application>>;
    /**
     * Writes a change if nobody changed the row since it was read: compare-and-set on `version`.
     * @returns the new row, or none when somebody was faster.
     */
    readonly change: (
      application: Application,
      change: ApplicationChange,
      at: Millis,
    ) => Effect.Effect<Option.Option<Application>>;
    readonly setCard: (
      id: ApplicationId,
      channelId: ChannelId,
      messageId: MessageId | null,
    ) => Effect.Effect<void>;
    /** The open application whose card is this message. */
    readonly findByCard: (messageId: MessageId) => Effect.Effect<Option.Option<Application>>;
    /** Of each of these people the newest application that was sent, and what is known of the accepted role. */
    readonly roleRecords: (
      guildId: GuildId,
      userIds: ReadonlyArray<UserId>,
    ) => Effect.Effect<ReadonlyArray<RoleRecord>>;
    readonly markLeft: (id: ApplicationId, at: Millis | null) => Effect.Effect<void>;
    readonly countByStatus: (guildId: GuildId) => Effect.Effect<ReadonlyArray<StatusCount>>;
    /** Pending and claimed ones of a guild. */
    readonly countWaiting: (guildId: GuildId) => Effect.Effect<ReadonlyArray<StatusCount>>;
    /** Those that are not decided, of every guild. */
    readonly countOpen: Effect.Effect<ReadonlyArray<StatusCount>>;
  }
>() {}

const RoleRecord = Schema.Struct({
  userId: UserId,
  status: Status,
  /** What the newest `role_granted` row says. */
  details: Schema.NullOr(Schema.parseJson(Details)),
  /** Whether the bot could not give the role. */
  failed: Schema.Number,
});
export type RoleRecord = typeof RoleRecord.Type;

/** Text that stands for itself in a LIKE pattern. */
const escaped = (text: string) => text.toLowerCase().replace(/[!%_]/g, "!$&");
const encodeAnswers = (answers: ReadonlyArray<Answer>) => JSON.stringify(answers);
const Applicant = Schema.Struct({ userId: UserId });
const Total = Schema.Struct({ count: Schema.Number });
const Counts = Schema.Struct({ status: Schema.String, count: Schema.Number });

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient;
  const one = row(Application);
  const many = rows(Application);
  const counts = rows(Counts);
  const entries = rows(QueueEntry);
  const totals = rows(Total);
  const applicants = rows(Applicant);
  const roleRecords = rows(RoleRecord);
  const openOf = (claimedBy: UserId | null) =>
    claimedBy === null
      ? sql`status IN ('pending', 'claimed')`
      : sql`status = 'claimed' AND claimed_by = ${claimedBy}`;
  const entryColumns = sql.literal(
    "id, user_id, code, username, display_name, status, submitted_at, claimed_by, claimed_at, card_channel_id, card_message_id",
  );

  return ApplicationRepo.of({
    insert: (application) =>
      changed(
        sql`INSERT INTO application ${sql.insert({ ...application, answers: encodeAnswers(application.answers) })}
            ON CONFLICT DO NOTHING RETURNING id`,
      ),
    find: (guildId, id) => one(sql`SELECT * FROM application WHERE id = ${id} AND guild_id = ${guildId}`),
    findByCode: (guildId, code) =>
      one(sql`SELECT * FROM application WHERE guild_id = ${guildId} AND code = ${code}`),
    findOpenOf: (guildId, userId) =>
      one(sql`SELECT * FROM application WHERE guild_id = ${guildId} AND user_id = ${userId}
              AND status IN ('draft', 'pending', 'claimed')`),
    open: (guildId) =>
      many(sql`SELECT * FROM application
               WHERE guild_id = ${guildId} AND status IN ('draft', 'pending', 'claimed')`),
    openApplicants: (guildId) =>
      Effect.map(
        applicants(sql`SELECT user_id FROM application
                       WHERE guild_id = ${guildId} AND status IN ('draft', 'pending', 'claimed')`),
        (found) => found.map(({ userId }) => userId),
      ),
    historyOf: (guildId, userId, limit) =>
      many(sql`SELECT * FROM application WHERE guild_id = ${guildId} AND user_id = ${userId} AND submitted_at IS NOT NULL
               ORDER BY created_at DESC LIMIT ${limit}`),
    queue: (guildId, limit) =>
      many(sql`SELECT * FROM application WHERE guild_id = ${guildId} AND status IN ('pending', 'claimed')
               ORDER BY submitted_at LIMIT ${limit}`),
    queueMatching: (guildId, wanted, limit) => {
      const within = `%${escaped(wanted)}%`;
      return entries(sql`SELECT ${entryColumns} FROM application
                         WHERE guild_id = ${guildId} AND status IN ('pending', 'claimed')
                           AND (code LIKE ${`${escaped(wanted)}%`} ESCAPE '!'
                             OR lower(username) LIKE ${within} ESCAPE '!'
                             OR lower(display_name) LIKE ${within} ESCAPE '!')
                         ORDER BY submitted_at LIMIT ${limit}`);
    },
    queueFrom: (guildId, claimedBy, from, direction, limit) => {
      const next = direction === "next";
      const side = next ? sql.literal(">") : sql.literal("<");
      const order = sql.literal(next ? "ASC" : "DESC");
      return entries(sql`SELECT ${entryColumns} FROM application
                         WHERE guild_id = ${guildId} AND ${openOf(claimedBy)}
                           ${from === null ? sql`` : sql`AND (submitted_at, id) ${side} (${from.submittedAt}, ${from.id})`}
                         ORDER BY submitted_at ${order}, id ${order} LIMIT ${limit}`);
    },
    countQueue: (guildId, claimedBy) =>
      Effect.map(
        totals(
          sql`SELECT COUNT(*) AS count FROM application WHERE guild_id = ${guildId} AND ${openOf(claimedBy)}`,
        ),
        (found) => found[0]?.count ?? 0,
      ),
    staleClaims: (guildId, claimedBefore, limit) =>
      many(sql`SELECT * FROM application
               WHERE guild_id = ${guildId} AND status = 'claimed' AND claimed_at < ${claimedBefore}
               ORDER BY claimed_at LIMIT ${limit}`),
    change: (application, change, at) => {
      const { answers, ...rest } = change;
      return one(
        sql`UPDATE application SET ${sql.update({
          ...rest,
          ...(answers === undefined ? {} : { answers: encodeAnswers(answers) }),
          version: application.version + 1,
          updatedAt: at,
        })} WHERE id = ${application.id} AND version = ${application.version} RETURNING *`,
      );
    },
    setCard: (id, channelId, messageId) =>
      run(
        sql`UPDATE application SET card_channel_id = ${channelId}, card_message_id = ${messageId} WHERE id = ${id}`,
      ),
    findByCard: (messageId) => one(sql`SELECT * FROM application WHERE card_message_id = ${messageId}`),
    roleRecords: (guildId, userIds) =>
      roleRecords(sql`SELECT user_id, status,
                        (SELECT details FROM action_log
                         WHERE application_id = application.id AND name = 'role_granted'
                         ORDER BY seq DESC LIMIT 1) AS details,
                        EXISTS (SELECT 1 FROM side_effect
                                WHERE application_id = application.id AND kind = 'GrantRole'
                                  AND state = 'failed') AS failed
                      FROM application
                      WHERE guild_id = ${guildId} AND ${sql.in("user_id", userIds)} AND submitted_at IS NOT NULL
                        AND NOT EXISTS (SELECT 1 FROM application AS later
                                        WHERE later.guild_id = application.guild_id
                                          AND later.user_id = application.user_id
                                          AND later.submitted_at IS NOT NULL
                                          AND later.created_at > application.created_at)`),
    markLeft: (id, at) =>
      run(sql`UPDATE application SET left_at = ${at}, version = version + 1 WHERE id = ${id}`),
    countByStatus: (guildId) =>
      counts(
        sql`SELECT status, COUNT(*) AS count FROM application WHERE guild_id = ${guildId} GROUP BY status`,
      ),
    countWaiting: (guildId) =>
      counts(sql`SELECT status, COUNT(*) AS count FROM application
                 WHERE guild_id = ${guildId} AND status IN ('pending', 'claimed') GROUP BY status`),
    countOpen: counts(sql`SELECT status, COUNT(*) AS count FROM application
                          WHERE status IN ('draft', 'pending', 'claimed') GROUP BY status`),
  });
});

export const layer = Layer.effect(ApplicationRepo, make);
