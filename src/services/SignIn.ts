import { createHash, randomBytes } from "node:crypto";
import { Clock, Context, Effect, Layer, Option, Redacted, Schema } from "effect";
import { type GuildId, Millis } from "../domain/Ids.js";
import {
  NoAdminRole,
  SignInDeclined,
  type SignInError,
  SignInExpired,
  SignInFailed,
  SignInOff,
  type Session,
} from "../domain/Session.js";
import { AppConfig } from "../layers/Config.js";
import { Discord } from "../layers/Discord.js";
import { DiscordOAuth } from "../layers/DiscordOAuth.js";
import { Access } from "./Access.js";
import { AuditLog } from "./AuditLog.js";
import { Outbox } from "./Outbox.js";
import { ActionRepo } from "./repos/ActionRepo.js";
import { SessionRepo } from "./repos/SessionRepo.js";
import { sameSecret, sealOf } from "./Seal.js";
import { Sessions } from "./Sessions.js";

/** What a browser comes back with from Discord. */
export interface WayBack {
  readonly code: string | undefined;
  readonly state: string | undefined;
  /** Discord's word for why there is no code. */
  readonly error: string | undefined;
  /** The cookie that the way out left in this browser. */
  readonly cookie: string | undefined;
  /** What the browser calls itself. */
  readonly client: string;
}

/**
 * Signing in through Discord (features.md F15, the customer's OAuth2 flow): `state` for one use and bound to the browser,
 * PKCE with S256, and in the end a session for whoever is an admin somewhere. Every sign-in and every refusal is logged in
 * the guilds it concerns.
 */
export class SignIn extends Context.Tag("app/SignIn")<
  SignIn,
  {
    /** @param returnTo a path of our own to end at; anything else means the dashboard. */
    readonly begin: (
      returnTo: string | undefined,
    ) => Effect.Effect<{ readonly url: string; readonly cookie: Redacted.Redacted }, SignInOff>;
    readonly complete: (
      back: WayBack,
    ) => Effect.Effect<{ readonly cookie: Redacted.Redacted; readonly returnTo: string }, SignInError>;
    /** Ends a session, and says so in the log of the guilds that have its beginning. */
    readonly end: (session: Session) => Effect.Effect<void>;
    /** The same for all sessions of this session's person. */
    readonly endAll: (session: Session) => Effect.Effect<void>;
  }
>() {}

/** How long somebody may take at Discord; also the life of the cookie that waits for them. */
export const SIGN_IN_MS = 10 * 60_000;
export const DASHBOARD = "/dashboard";

const Pending = Schema.Struct({
  state: Schema.String,
  verifier: Schema.Redacted(Schema.String),
  returnTo: Schema.String,
  expiresAt: Millis,
});

const secretWord = () => randomBytes(32).toString("base64url");
const sha256 = (text: string) => createHash("sha256").update(text).digest();

/** A path of this server, whatever a browser makes of slashes, backslashes and control characters. */
export const ownPath = (wanted: string | undefined): string => {
  const ours = "http://own.invalid";
  if (wanted?.startsWith("/") !== true || !URL.canParse(wanted, ours)) return DASHBOARD;
  const { origin, pathname, search } = new URL(wanted, ours);
  return origin === ours && !pathname.startsWith("//") ? `${pathname}${search}` : DASHBOARD;
};

const make = Effect.gen(function* () {
  const config = yield* AppConfig;
  const access = yield* Access;
  const actions = yield* ActionRepo;
  const audit = yield* AuditLog;
  const discord = yield* Discord;
  const oauth = yield* DiscordOAuth;
  const outbox = yield* Outbox;
  const repo = yield* SessionRepo;
  const sessions = yield* Sessions;

  const settings = Option.match(config.dashboard, {
    onNone: () => Effect.fail(new SignInOff()),
    onSome: (dashboard) =>
      Effect.succeed({ dashboard, sealed: sealOf(dashboard.sessionSecret, "sign-in", Pending) }),
  });

  const log = (
    guildIds: ReadonlyArray<GuildId>,
    name: "login" | "logout",
    { userId, client }: Pick<Session, "userId" | "client">,
    reason: string | null,
  ) =>
    Effect.forEach(
      guildIds,
      (guildId) => audit.record({ guildId, name, actor: userId, reason, details: { client } }),
      { discard: true },
    );

  /** The guilds whose log has this sign-in: it is to have the end of it too, whatever Discord says meanwhile. */
  const concerned = ({ userId, createdAt }: Session) =>
    Effect.flatMap(discord.guildIds, (ids) =>
      Effect.filter(ids, (id) => actions.signedInSince(id, userId, createdAt)),
    );

  const failed = (problem: string) => new SignInFailed({ problem });

  return SignIn.of({
    begin: (returnTo) =>
      Effect.gen(function* () {
        const { dashboard, sealed } = yield* settings;
        const now = yield* Clock.currentTimeMillis;
        const state = secretWord();
        const verifier = secretWord();
        const cookie = yield* sealed.close({
          state,
          verifier: Redacted.make(verifier),
          returnTo: ownPath(returnTo),
          expiresAt: Millis.make(now + SIGN_IN_MS),
        });
        return {
          url: oauth.authorizeUrl(dashboard, state, sha256(verifier).toString("base64url")),
          cookie,
        };
      }),
    complete: ({ code, state, error, cookie, client }) =>
      Effect.gen(function* () {
        const { dashboard, sealed } = yield* settings;
        const now = yield* Clock.currentTimeMillis;
        const pending = yield* Effect.flatten(sealed.open(cookie ?? "")).pipe(
          Effect.filterOrFail((one) => now < one.expiresAt && sameSecret(one.state, state ?? "")),
          Effect.mapError(() => new SignInExpired()),
        );
        yield* repo.forgetSignIns(Millis.make(now));
        if (!(yield* repo.useSignIn(sha256(pending.state).toString("hex"), pending.expiresAt)))
          return yield* new SignInExpired();
        if (error === "access_denied") return yield* new SignInDeclined();
        if (code === undefined || error !== undefined)
          return yield* failed(`Discord sent no code (${(error ?? "no reason").slice(0, 100)})`);

        const { person, guildIds } = yield* Effect.mapError(
          oauth.whoGave(dashboard, code, pending.verifier),
          ({ problem }) => failed(problem),
        );
        yield* access.forget(person.id);
        const guilds = yield* Effect.mapError(access.adminGuilds(person.id, guildIds), () =>
          failed("Discord does not say which roles you have at the moment"),
        );
        if (guilds.length === 0) {
          const theirs = (yield* discord.guildIds).filter((id) => guildIds.has(id));
          yield* outbox.commit(log(theirs, "login", { userId: person.id, client }, "refused: no admin role"));
          return yield* new NoAdminRole({ username: person.username });
        }
        const started = yield* outbox.commit(
          Effect.tap(sessions.start(person, client), ({ session }) =>
            log(
              guilds.map(({ id }) => id),
              "login",
              session,
              null,
            ),
          ),
        );
        return { cookie: started.cookie, returnTo: pending.returnTo };
      }),
    end: (session) =>
      Effect.flatMap(concerned(session), (guildIds) =>
        outbox.commit(Effect.zipRight(sessions.end(session.id), log(guildIds, "logout", session, null))),
      ),
    endAll: (session) =>
      Effect.flatMap(concerned(session), (guildIds) =>
        outbox.commit(
          Effect.zipRight(
            sessions.endAll(session.userId),
            log(guildIds, "logout", session, "signed out everywhere"),
          ),
        ),
      ),
  });
});

export const layer = Layer.effect(SignIn, make);
