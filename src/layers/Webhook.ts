import { Duration, Effect, Redacted, Schema } from "effect";
import type { MessagePayload } from "./discord/Interaction.js";
import { bodyOf } from "./discord/Operations.js";

/** A webhook did not take a message; `problem` says why. The address is a secret and stands nowhere. */
export class WebhookFailed extends Schema.TaggedError<WebhookFailed>()("WebhookFailed", {
  problem: Schema.String,
}) {
  override get message() {
    return `The webhook did not take the message: ${this.problem}.`;
  }
}

const LIMIT = Duration.seconds(10);

const refusal = (status: number): string => {
  switch (status) {
    case 401:
    case 403:
    case 404:
      return `it does not exist any more, or its token is wrong (${status})`;
    case 429:
      return "too many messages were sent to it (429)";
    default:
      return `it answered ${status}`;
  }
};

/** The code of a failed connection; its message may hold the address. */
const codeOf = (error: unknown): string => {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && "code" in cause && typeof cause.code === "string"
    ? ` (${cause.code})`
    : "";
};

/**
 * Posts a message through a webhook of Discord, and waits until it is stored. Nobody is mentioned; a redirect is not
 * followed, so that the token goes nowhere else.
 */
export const post = (
  address: Redacted.Redacted,
  payload: MessagePayload,
): Effect.Effect<void, WebhookFailed> =>
  Effect.tryPromise({
    try: async (signal) => {
      const url = new URL(Redacted.value(address));
      url.searchParams.set("wait", "true");
      const response = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(bodyOf(payload)),
        redirect: "manual",
        signal,
      });
      await response.body?.cancel();
      return { ok: response.ok, status: response.status };
    },
    catch: (error) => new WebhookFailed({ problem: `it cannot be reached${codeOf(error)}` }),
  }).pipe(
    Effect.filterOrFail(
      ({ ok }) => ok,
      ({ status }) => new WebhookFailed({ problem: refusal(status) }),
    ),
    Effect.asVoid,
    Effect.timeoutFail({
      duration: LIMIT,
      onTimeout: () =>
        new WebhookFailed({ problem: `it did not answer within ${Duration.toSeconds(LIMIT)} s` }),
    }),
  );
