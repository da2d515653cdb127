import { DiscordAPIError, HTTPError, type RESTPostAPIChatInputApplicationCommandsJSONBody } from "discord.js";
import { Schema } from "effect";

/** Discord does not accept the token. */
export class TokenRefused extends Schema.TaggedError<TokenRefused>()("TokenRefused", {}) {
  override get message() {
    return "Discord does not accept DISCORD_TOKEN (401). Take the bot's token from https://discord.com/developers/applications, Bot, Reset Token, and put it into .env.";
  }
}

/** 50001: the application may not write its commands there. */
export class ScopeRefused extends Schema.TaggedError<ScopeRefused>()("ScopeRefused", {
  scope: Schema.NullOr(Schema.String),
}) {
  override get message() {
    return this.scope === null
      ? "Discord refuses access (403 Missing Access). CLIENT_ID must be the application that DISCORD_TOKEN belongs to."
      : `Discord refuses access to server ${this.scope} (403 Missing Access). Invite the bot there with the scopes bot and applications.commands; CLIENT_ID must be the application that DISCORD_TOKEN belongs to.`;
  }
}

/** 10004: there is no such guild. */
export class ScopeUnknown extends Schema.TaggedError<ScopeUnknown>()("ScopeUnknown", {
  scope: Schema.NullOr(Schema.String),
}) {
  override get message() {
    return `Discord knows no server ${this.scope ?? ""} (404). Check GUILD_ID, or what follows --guild.`;
  }
}

/** 50035: something in the definitions breaks a rule of Discord. */
export class DefinitionRefused extends Schema.TaggedError<DefinitionRefused>()("DefinitionRefused", {
  problems: Schema.Array(Schema.Struct({ place: Schema.String, problem: Schema.String })),
}) {
  override get message() {
    const lines = this.problems.map(({ place, problem }) => `- ${place}: ${problem}`);
    return ["Discord refuses the definitions (50035):", ...lines].join("\n");
  }
}

/** Discord was not reached, or had a fault of its own. */
export class RegistryUnavailable extends Schema.TaggedError<RegistryUnavailable>()("RegistryUnavailable", {
  detail: Schema.String,
}) {
  override get message() {
    return `Discord cannot be reached: ${this.detail}. Check the network of this machine and https://discordstatus.com, then try again.`;
  }
}

/** Any other refusal, in Discord's words. */
export class RegistryRefused extends Schema.TaggedError<RegistryRefused>()("RegistryRefused", {
  detail: Schema.String,
}) {
  override get message() {
    return `Discord refused: ${this.detail}.`;
  }
}

export type RegistryError =
  TokenRefused | ScopeRefused | ScopeUnknown | DefinitionRefused | RegistryUnavailable | RegistryRefused;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

/** `["2", "options", "0", "description"]` as '/kick, option app, description'. */
const placeIn = (
  path: ReadonlyArray<string>,
  definitions: ReadonlyArray<RESTPostAPIChatInputApplicationCommandsJSONBody>,
): string => {
  const words: Array<string> = [];
  let node: unknown = definitions;
  let list = "";
  for (const key of path) {
    node = isRecord(node) ? node[key] : undefined;
    const name = isRecord(node) && typeof node["name"] === "string" ? node["name"] : key;
    if (/^\d+$/.test(key)) words.push(list === "" ? `/${name}` : `${list} ${name}`);
    else if (key !== "options" && key !== "choices") words.push(key);
    list = key === "options" ? "option" : key === "choices" ? "choice" : list;
  }
  return words.length === 0 ? "the whole" : words.join(", ");
};

const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** Discord's tree of form errors, leaf by leaf. */
const problemsIn = (
  node: unknown,
  path: ReadonlyArray<string>,
): ReadonlyArray<{ readonly path: ReadonlyArray<string>; readonly problem: string }> => {
  if (!isRecord(node)) return [];
  const own = node["_errors"];
  if (Array.isArray(own)) {
    return own.map((entry: unknown) => ({
      path,
      problem: isRecord(entry) ? `${text(entry["message"])} (${text(entry["code"])})` : "refused",
    }));
  }
  return Object.entries(node).flatMap(([key, child]) => problemsIn(child, [...path, key]));
};

const networkCode = (error: unknown): string => {
  if (!(error instanceof Error)) return "no answer";
  if ("code" in error && typeof error.code === "string") return error.code;
  return error.cause instanceof Error ? networkCode(error.cause) : error.name;
};

/** What Discord answered to a script that registers commands. The vendor's object is not kept: it carries the request. */
export const fromRegistry = (
  error: unknown,
  scope: string | null,
  definitions: ReadonlyArray<RESTPostAPIChatInputApplicationCommandsJSONBody>,
): RegistryError => {
  if (error instanceof DiscordAPIError) {
    if (error.status === 401) return new TokenRefused();
    if (error.code === 50001) return new ScopeRefused({ scope });
    if (error.code === 10004) return new ScopeUnknown({ scope });
    if (error.code === 50035 && "errors" in error.rawError) {
      const problems = problemsIn(error.rawError.errors, []);
      return new DefinitionRefused({
        problems: problems.map(({ path, problem }) => ({ place: placeIn(path, definitions), problem })),
      });
    }
    if (error.status < 500) return new RegistryRefused({ detail: `${error.message} (${error.code})` });
  }
  if (error instanceof DiscordAPIError || error instanceof HTTPError) {
    return new RegistryUnavailable({ detail: `it answered ${error.status}` });
  }
  return new RegistryUnavailable({ detail: networkCode(error) });
};
