/** What the bot's database says, read by another process while the bot runs. */
import { createRequire } from "node:module";
import { z } from "zod";

interface Connection {
  readonly prepare: (sql: string) => { readonly all: (...values: ReadonlyArray<string>) => unknown };
  readonly close: () => unknown;
}
type Open = new (
  path: string,
  options: { readonly readonly: true; readonly fileMustExist: true },
) => Connection;

const Sqlite = z
  .custom<Open>((value) => typeof value === "function")
  .parse(createRequire(import.meta.url)("better-sqlite3"));

const StoredApplication = z.object({
  id: z.string(),
  userId: z.string(),
  code: z.string(),
  status: z.enum([
    "draft",
    "pending",
    "claimed",
    "approved",
    "rejected",
    "perm_rejected",
    "kicked",
    "withdrawn",
  ]),
  answers: z.string(),
});
export type StoredApplication = z.infer<typeof StoredApplication>;

const StoredAction = z.object({
  id: z.string(),
  seq: z.number(),
  name: z.string(),
  actor: z.string(),
  applicationId: z.string().nullable(),
  reason: z.string().nullable(),
  prevHash: z.string(),
  hash: z.string(),
});
export type StoredAction = z.infer<typeof StoredAction>;

const StoredEffect = z.object({
  id: z.string(),
  kind: z.string(),
  state: z.string(),
  applicationId: z.string().nullable(),
  lastError: z.string().nullable(),
});
export type StoredEffect = z.infer<typeof StoredEffect>;

export interface Ledger {
  readonly applications: ReadonlyArray<StoredApplication>;
  readonly actions: ReadonlyArray<StoredAction>;
  readonly effects: ReadonlyArray<StoredEffect>;
}

/** One guild's rows. */
export const readLedger = (path: string, guildId: string): Ledger => {
  const database = new Sqlite(path, { readonly: true, fileMustExist: true });
  const rows = <A>(schema: z.ZodType<A>, sql: string): ReadonlyArray<A> =>
    z.array(schema).parse(database.prepare(sql).all(guildId));
  try {
    return {
      applications: rows(
        StoredApplication,
        `SELECT id, user_id AS userId, code, status, answers FROM application WHERE guild_id = ? ORDER BY id`,
      ),
      actions: rows(
        StoredAction,
        `SELECT id, seq, name, actor, application_id AS applicationId, reason, prev_hash AS prevHash, hash
         FROM action_log WHERE guild_id = ? ORDER BY seq`,
      ),
      effects: rows(
        StoredEffect,
        `SELECT id, kind, state, application_id AS applicationId, last_error AS lastError
         FROM side_effect WHERE guild_id = ? ORDER BY id`,
      ),
    };
  } finally {
    database.close();
  }
};

/** Side effects that are not done: what is still to come, and what was given up. */
export const unsettled = ({ effects }: Ledger): ReadonlyArray<StoredEffect> =>
  effects.filter(({ state }) => state !== "done" && state !== "failed");
