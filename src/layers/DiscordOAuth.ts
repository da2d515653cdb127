import { Context, Duration, Effect, Layer, Option, type ParseResult, Redacted, Schema } from "effect";
import { GuildId, UserId } from "../domain/Ids.js";
import type { Person } from "../domain/Person.js";
import { AppConfig, type DashboardSettings } from "./Config.js";
import { cdnOf } from "./discord/Client.js";
import { person } from "./discord/Decode.js";

/** Discord refused what was sent to its OAuth2 endpoints, or did not answer in time. */
export class OAuthFailed extends Schema.TaggedError<OAuthFailed>()("OAuthFailed", {
  /** Discord understood and said no; otherwise it was not to be reached. */
  refused: Schema.Boolean,
  problem: Schema.String,
}) {}

/** What a person allows us to see of them. `token` is theirs: it is used at once and then revoked. */
export interface Authorized {
  readonly person: Person;
  readonly guildIds: ReadonlySet<string>;
}

/** Discord's OAuth2 (https://discord.com/developers/docs/topics/oauth2), as far as a sign-in needs it. */
export class DiscordOAuth extends Context.Tag("app/DiscordOAuth")<
  DiscordOAuth,
  {
    /** Where a browser goes to be asked: `identify guilds`, back to `DASHBOARD_REDIRECT_URI` alone. */
    readonly authorizeUrl: (settings: DashboardSettings, state: string, challenge: string) => string;
    /**
     * Who gave this code, and in which guilds they are. The token it is exchanged for is revoked before this returns; each
     * request may take 10 s.
     */
    readonly whoGave: (
      settings: DashboardSettings,
      code: string,
      verifier: Redacted.Redacted,
    ) => Effect.Effect<Authorized, OAuthFailed>;
  }
>() {}

const LIMIT = Duration.seconds(10);

const Token = Schema.Struct({ access_token: Schema.Redacted(Schema.String) });
const User = Schema.Struct({
  id: UserId,
  username: Schema.String,
  global_name: Schema.NullOr(Schema.String),
  avatar: Schema.NullOr(Schema.String),
});
const Guilds = Schema.Array(Schema.Struct({ id: GuildId }));

const unreachable = new OAuthFailed({ refused: false, problem: "Discord cannot be reached" });

const make = Effect.gen(function* () {
  const config = yield* AppConfig;
  const apiBase = Option.getOrElse(config.discord.apiBase, () => "https://discord.com/api");
  const authorize = Option.match(config.discord.apiBase, {
    onNone: () => "https://discord.com/oauth2/authorize",
    onSome: (base) => new URL("/oauth2/authorize", base).href,
  });

  const ask = <A, I>(schema: Schema.Schema<A, I>, path: string, init: RequestInit) =>
    Effect.tryPromise({
      try: async (signal) => {
        const response = await fetch(`${apiBase}/v10${path}`, { ...init, redirect: "error", signal });
        return { status: response.status, text: await response.text() };
      },
      // What fetch throws may name the address, and that holds nothing; but it helps nobody either.
      catch: () => unreachable,
    }).pipe(
      // The token is acquired and given back in regions that cannot be interrupted: there the limit would wait for the answer.
      Effect.interruptible,
      Effect.timeoutFail({
        duration: LIMIT,
        onTimeout: () => new OAuthFailed({ refused: false, problem: "Discord did not answer in time" }),
      }),
      Effect.filterOrFail(
        ({ status }) => status >= 200 && status < 300,
        ({ status }) =>
          new OAuthFailed({ refused: status < 500 && status !== 429, problem: `Discord answered ${status}` }),
      ),
      Effect.flatMap(({ text }) =>
        Effect.mapError(
          Schema.decode(Schema.parseJson(schema))(text),
          (_: ParseResult.ParseError) =>
            new OAuthFailed({ refused: false, problem: "Discord answered something unexpected" }),
        ),
      ),
    );

  const form = ({ clientId, clientSecret }: DashboardSettings, fields: Record<string, string>) => ({
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({
      client_id: clientId,
      client_secret: Redacted.value(clientSecret),
      ...fields,
    }),
  });
  const bearer = (token: Redacted.Redacted) => ({
    headers: { authorization: `Bearer ${Redacted.value(token)}` },
  });

  return DiscordOAuth.of({
    authorizeUrl: ({ clientId, redirectUri }, state, challenge) => {
      const url = new URL(authorize);
      url.search = new URLSearchParams({
        client_id: clientId,
        redirect_uri: redirectUri,
        response_type: "code",
        scope: "identify guilds",
        state,
        code_challenge: challenge,
        code_challenge_method: "S256",
      }).toString();
      return url.href;
    },
    whoGave: (settings, code, verifier) =>
      Effect.acquireUseRelease(
        Effect.map(
          ask(
            Token,
            "/oauth2/token",
            form(settings, {
              grant_type: "authorization_code",
              code,
              redirect_uri: settings.redirectUri,
              code_verifier: Redacted.value(verifier),
            }),
          ),
          ({ access_token }) => access_token,
        ),
        (token) =>
          Effect.zipWith(
            ask(User, "/users/@me", bearer(token)),
            ask(Guilds, "/users/@me/guilds", bearer(token)),
            (user, guilds) => ({
              person: person(cdnOf(config), { ...user, bot: false }, null),
              guildIds: new Set<string>(guilds.map(({ id }) => id)),
            }),
            { concurrent: true },
          ),
        (token) =>
          ask(
            Schema.Unknown,
            "/oauth2/token/revoke",
            form(settings, { token: Redacted.value(token), token_type_hint: "access_token" }),
          ).pipe(
            Effect.catchAll(({ problem }) =>
              Effect.logWarning("The token of a sign-in could not be revoked; it ends by itself", {
                problem,
              }),
            ),
          ),
      ),
  });
});

export const layer = Layer.effect(DiscordOAuth, make);
