import type { HttpServerResponse } from "@effect/platform";
import { Option } from "effect";
import type { AdminGuild, Session, SignInError } from "../../domain/Session.js";
import { escape, page } from "./Page.js";

const again = `<p><a class="button" href="/auth">Sign in with Discord</a></p>`;

/** What somebody sees who is not signed in. */
export const welcome = page(
  200,
  "Pawtropolis",
  `<p>The dashboard is for admins of servers that the bot is in.</p>${again}`,
);

/** Why a sign-in did not work, and what to do. */
export const refusal = (error: SignInError): HttpServerResponse.HttpServerResponse => {
  switch (error._tag) {
    case "SignInOff":
      return page(
        503,
        "The dashboard is off",
        "<p>Whoever runs the bot has not set up sign-in. <code>npm run env:check</code> says which variables are missing.</p>",
      );
    case "SignInExpired":
      return page(
        400,
        "That sign-in is over",
        `<p>It took longer than 10 minutes, was used already, or was begun in another browser.</p>${again}`,
      );
    case "SignInDeclined":
      return page(
        400,
        "You are not signed in",
        `<p>You pressed Cancel at Discord. Nothing was stored.</p>${again}`,
      );
    case "NoAdminRole":
      return page(
        403,
        "You may not use the dashboard",
        `<p>You are signed in at Discord as <strong>${escape(error.username)}</strong>, who has no admin role in any server of the bot. ` +
          `Ask an admin for the role, or sign in as somebody else.</p>${again}`,
      );
    case "SignInFailed":
      return page(
        502,
        "Discord did not sign you in",
        `<p>${escape(error.problem)}. Try again in a minute.</p>${again}`,
      );
  }
};

const SIGN_OUT = `document.querySelector("button").addEventListener("click", async ({ currentTarget }) => {
  const { csrf } = currentTarget.dataset;
  await fetch("/auth/logout", { method: "POST", headers: { "x-csrf-token": csrf } });
  location.assign("/");
});`;

/** Where a sign-in ends as long as there is no more to see: who one is, what one may steer, and the way out. */
export const signedIn = (
  { displayName }: Session,
  guilds: Option.Option<ReadonlyArray<AdminGuild>>,
  csrfToken: string,
): HttpServerResponse.HttpServerResponse =>
  page(
    200,
    `Signed in as ${displayName}`,
    `${Option.match(guilds, {
      onNone: () => "<p>Discord does not say at the moment what you may steer. Try again in a minute.</p>",
      onSome: (found) =>
        `<p>You may steer:</p><ul>${found.map(({ name, rung }) => `<li>${escape(name)} (${rung})</li>`).join("")}</ul>`,
    })}
<p>Everything there is to see and do is in <a href="/api/docs">the API</a>.</p>
<p><button data-csrf="${escape(csrfToken)}">Sign out</button></p>`,
    SIGN_OUT,
  );
