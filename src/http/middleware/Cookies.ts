import { Cookies, HttpServerResponse } from "@effect/platform";
import { Context, Duration, Effect, Layer, Option, Redacted } from "effect";
import { SESSION_LIFE_MS } from "../../domain/Session.js";
import { AppConfig } from "../../layers/Config.js";
import { SIGN_IN_MS } from "../../services/SignIn.js";

type Response = HttpServerResponse.HttpServerResponse;

interface Cookie {
  readonly name: string;
  readonly of: (cookies: Readonly<Record<string, string>>) => string | undefined;
  readonly set: (value: Redacted.Redacted) => (response: Response) => Response;
  readonly clear: (response: Response) => Response;
}

/** The two cookies there are. Scripts see neither; over https no other host and no plain connection can set them. */
export class AuthCookies extends Context.Tag("app/http/AuthCookies")<
  AuthCookies,
  { readonly session: Cookie; readonly signIn: Cookie }
>() {}

const cookie = (word: string, secure: boolean, lives: Duration.Duration): Cookie => {
  // https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Set-Cookie#cookie_prefixes
  const name = secure ? `__Host-${word}` : word;
  const options = { httpOnly: true, sameSite: "lax", secure, path: "/" } as const;
  return {
    name,
    of: (cookies) => cookies[name],
    set: (value) =>
      HttpServerResponse.updateCookies((cookies) =>
        Cookies.unsafeSet(cookies, name, Redacted.value(value), { ...options, maxAge: lives }),
      ),
    clear: HttpServerResponse.updateCookies((cookies) =>
      Cookies.unsafeSet(cookies, name, "", { ...options, maxAge: Duration.zero }),
    ),
  };
};

export const layer = Layer.effect(
  AuthCookies,
  Effect.map(AppConfig, ({ dashboard }) => {
    const secure = Option.exists(dashboard, ({ redirectUri }) => redirectUri.startsWith("https:"));
    return AuthCookies.of({
      session: cookie("session", secure, Duration.millis(SESSION_LIFE_MS)),
      signIn: cookie("sign-in", secure, Duration.millis(SIGN_IN_MS)),
    });
  }),
);
