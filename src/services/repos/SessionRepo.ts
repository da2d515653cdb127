import * as SqlClient from "@effect/sql/SqlClient";
import { Context, Effect, Layer, type Option } from "effect";
import type { Millis, SessionId, UserId } from "../../domain/Ids.js";
import { Session } from "../../domain/Session.js";
import { changed, row, rows, run } from "./Repo.js";

/** Sessions of the dashboard, and the ways back from Discord that were used. */
export class SessionRepo extends Context.Tag("app/SessionRepo")<
  SessionRepo,
  {
    readonly insert: (session: Session, tokenHash: string) => Effect.Effect<void>;
    readonly findByToken: (tokenHash: string) => Effect.Effect<Option.Option<Session>>;
    readonly find: (id: SessionId) => Effect.Effect<Option.Option<Session>>;
    readonly touch: (id: SessionId, at: Millis) => Effect.Effect<void>;
    /** Newest first. */
    readonly ofPerson: (userId: UserId) => Effect.Effect<ReadonlyArray<Session>>;
    /** Newest first, of everybody. */
    readonly newestOfAll: (limit: number) => Effect.Effect<ReadonlyArray<Session>>;
    /** @returns whether there was such a session. */
    readonly remove: (id: SessionId) => Effect.Effect<boolean>;
    /** @returns those that are gone. */
    readonly removeOf: (userId: UserId) => Effect.Effect<ReadonlyArray<Session>>;
    readonly removeOver: (now: Millis, idleSince: Millis) => Effect.Effect<void>;
    /** @returns `false` when this way back was used before. */
    readonly useSignIn: (stateHash: string, expiresAt: Millis) => Effect.Effect<boolean>;
    readonly forgetSignIns: (before: Millis) => Effect.Effect<void>;
  }
>() {}

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient;
  const one = row(Session);
  const many = rows(Session);
  return SessionRepo.of({
    insert: (session, tokenHash) => run(sql`INSERT INTO session ${sql.insert({ ...session, tokenHash })}`),
    findByToken: (tokenHash) => one(sql`SELECT * FROM session WHERE token_hash = ${tokenHash}`),
    find: (id) => one(sql`SELECT * FROM session WHERE id = ${id}`),
    touch: (id, at) => run(sql`UPDATE session SET seen_at = ${at} WHERE id = ${id}`),
    ofPerson: (userId) => many(sql`SELECT * FROM session WHERE user_id = ${userId} ORDER BY created_at DESC`),
    newestOfAll: (limit) => many(sql`SELECT * FROM session ORDER BY id DESC LIMIT ${limit}`),
    remove: (id) => changed(sql`DELETE FROM session WHERE id = ${id} RETURNING id`),
    removeOf: (userId) => many(sql`DELETE FROM session WHERE user_id = ${userId} RETURNING *`),
    removeOver: (now, idleSince) =>
      run(sql`DELETE FROM session WHERE expires_at <= ${now} OR seen_at <= ${idleSince}`),
    useSignIn: (stateHash, expiresAt) =>
      changed(sql`INSERT INTO used_sign_in ${sql.insert({ stateHash, expiresAt })}
                  ON CONFLICT DO NOTHING RETURNING state_hash`),
    forgetSignIns: (before) => run(sql`DELETE FROM used_sign_in WHERE expires_at <= ${before}`),
  });
});

export const layer = Layer.effect(SessionRepo, make);
