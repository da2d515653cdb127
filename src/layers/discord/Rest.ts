import { REST } from "discord.js";
import { Option, Redacted } from "effect";
import type { AppConfigShape } from "../Config.js";

/** Discord's REST API without the gateway: for scripts. */
export const makeRest = (config: AppConfigShape): REST =>
  new REST({
    ...Option.match(config.discord.apiBase, { onNone: () => ({}), onSome: (api) => ({ api }) }),
    version: "10",
    retries: 2,
    timeout: 15_000,
  }).setToken(Redacted.value(config.discord.token));
