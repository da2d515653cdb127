import { createHash, createHmac, randomBytes } from "node:crypto";
import { Clock, Context, Effect, Layer, Option, Redacted, Schema } from "effect";
import { Millis, SessionId, type UserId } from "../domain/Ids.js";
import type { Person } from "../domain/Person.js";
import { goodUntil, Session, SESSION_IDLE_MS, SESSION_LIFE_MS } from "../domain/Session.js";
import { AppConfig } from "../layers/Config.js";
import { freshId } from "./Identity.js";
import { sealOf } from "./Seal.js";
import { SessionRepo } from "./repos/SessionRepo.js";

/** A session that is good, and the word that every change in it has to bring along. */
export interface LiveSession {
  readonly session: Session;
  readonly csrfToken: string;
}

/** Who is signed in to the dashboard (features.md F15): rows in the database, a sealed token in the browser. */
export class Sessions extends Context.Tag("app/Sessions")<
  Sessions,
  {
    /** Makes a session with a fresh token. @returns the value of its cookie. */
    readonly start: (
      person: Person,
      client: string,
    ) => Effect.Effect<{ readonly cookie: Redacted.Redacted; readonly session: Session }>;
    /** The session of a cookie's value, if it is good; it is marked as used, to the minute. */
    readonly resume: (cookie: string) => Effect.Effect<Option.Option<LiveSession>>;
    /** Newest first; only good ones. */
    readonly ofPerson: (userId: UserId) => Effect.Effect<ReadonlyArray<Session>>;
    /** Newest first, of everybody; only good ones. */
    readonly all: (limit: number) => Effect.Effect<ReadonlyArray<Session>>;
    readonly find: (id: SessionId) => Effect.Effect<Option.Option<Session>>;
    /** Ends a session at once. @returns whether there was one. */
    readonly end: (id: SessionId) => Effect.Effect<boolean>;
    /** Ends all sessions of a person at once. @returns those it ended. */
    readonly endAll: (userId: UserId) => Effect.Effect<ReadonlyArray<Session>>;
  }
>() {}

const TOKEN_BYTES = 32;
const CLIENT_LENGTH = 200;
const MINUTE = 60_000;
/** Cookies whose session is known without decrypting and asking again. */
const REMEMBERED = 1_000;

const Sealed = Schema.Struct({ token: Schema.String, user: Schema.String });
const hashOf = (token: string) => createHash("sha256").update(token).digest("hex");

const make = Effect.gen(function* () {
  const config = yield* AppConfig;
  const repo = yield* SessionRepo;
  const secret = Option.match(config.dashboard, {
    // Without a dashboard nobody has a cookie.
    onNone: () => Redacted.make(randomBytes(32).toString("hex")),
    onSome: ({ sessionSecret }) => sessionSecret,
  });
  const sealed = sealOf(secret, "session", Sealed);
  const csrfOf = (token: string) =>
    createHmac("sha256", Redacted.value(secret)).update(`csrf ${token}`).digest("base64url");

  /** This process alone changes sessions, so what it remembers is what the rows say. */
  const known = new Map<string, LiveSession>();
  const forget = (gone: (session: Session) => boolean) => {
    for (const [cookie, { session }] of known) if (gone(session)) known.delete(cookie);
  };
  const remember = (cookie: string, live: LiveSession) => {
    if (known.size >= REMEMBERED) {
      const [oldest] = known.keys();
      if (oldest !== undefined) known.delete(oldest);
    }
    known.set(cookie, live);
    return live;
  };

  const read = (cookie: string): Effect.Effect<Option.Option<LiveSession>> =>
    Effect.flatMap(
      sealed.open(cookie),
      Option.match({
        onNone: () => Effect.succeedNone,
        onSome: ({ token }) =>
          Effect.map(
            repo.findByToken(hashOf(token)),
            Option.map((session) => ({ session, csrfToken: csrfOf(token) })),
          ),
      }),
    );

  const end = (id: SessionId) =>
    Effect.zipRight(
      Effect.sync(() => forget((session) => session.id === id)),
      repo.remove(id),
    );

  const good = (now: number) => (session: Session) => now < goodUntil(session);

  return Sessions.of({
    start: ({ id: userId, username, displayName, avatarUrl }, client) =>
      Effect.gen(function* () {
        const now = yield* Clock.currentTimeMillis;
        yield* repo.removeOver(Millis.make(now), Millis.make(now - SESSION_IDLE_MS));
        const token = randomBytes(TOKEN_BYTES).toString("base64url");
        const session = new Session({
          id: yield* freshId(SessionId),
          userId,
          username,
          displayName,
          avatarUrl,
          client: client.slice(0, CLIENT_LENGTH),
          createdAt: Millis.make(now),
          seenAt: Millis.make(now),
          expiresAt: Millis.make(now + SESSION_LIFE_MS),
        });
        yield* repo.insert(session, hashOf(token));
        return { cookie: yield* sealed.close({ token, user: userId }), session };
      }),
    resume: (cookie) =>
      Effect.gen(function* () {
        const before = known.get(cookie);
        const found = before === undefined ? yield* read(cookie) : Option.some(before);
        if (Option.isNone(found)) return Option.none();
        const { session } = found.value;
        const now = yield* Clock.currentTimeMillis;
        if (!good(now)(session)) {
          yield* end(session.id);
          return Option.none();
        }
        if (now - session.seenAt < MINUTE) {
          return Option.some(before ?? remember(cookie, found.value));
        }
        const seenAt = Millis.make(now);
        yield* repo.touch(session.id, seenAt);
        return Option.some(
          remember(cookie, { ...found.value, session: new Session({ ...session, seenAt }) }),
        );
      }),
    ofPerson: (userId) =>
      Effect.zipWith(repo.ofPerson(userId), Clock.currentTimeMillis, (found, now) => found.filter(good(now))),
    all: (limit) =>
      Effect.zipWith(repo.newestOfAll(limit), Clock.currentTimeMillis, (found, now) =>
        found.filter(good(now)),
      ),
    find: repo.find,
    end,
    endAll: (userId) =>
      Effect.zipRight(
        Effect.sync(() => forget((session) => session.userId === userId)),
        repo.removeOf(userId),
      ),
  });
});

export const layer = Layer.effect(Sessions, make);
