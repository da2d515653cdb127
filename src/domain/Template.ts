/** features.md F8: the tokens an admin may write into a template. */
export const TOKENS = [
  "applicant.mention",
  "applicant.username",
  "applicant.tag",
  "applicant.display",
  "guild.name",
  "guild.memberCount",
  "timestamp",
  "info",
  "rules",
] as const;
export type Token = (typeof TOKENS)[number];

export type TokenValues = Readonly<Record<Token, string>>;

export const DEFAULT_TEMPLATES = {
  gate: "**Welcome to {guild.name}!**\nPress **Verify** below and answer a few short questions. A moderator reads every application and you get the answer as a direct message.",
  approval: "You are in! Your application to **{guild.name}** was approved. Welcome, {applicant.display}.",
  rejection: "Thank you for applying to **{guild.name}**. This time the answer is no.",
  kick: "Your application to **{guild.name}** was declined and you were removed from the server.",
  welcome: "Please welcome {applicant.mention} to **{guild.name}**!",
} as const;

const TOKEN_PATTERN = /\{([a-zA-Z][a-zA-Z0-9_.]*)\}/g;
const isToken = (name: string): name is Token => TOKENS.some((token) => token === name);

/** The `{words}` in a template that are not tokens; to be told when saving, not when sending. */
export const unknownTokens = (template: string): ReadonlyArray<string> =>
  [...template.matchAll(TOKEN_PATTERN)].flatMap(([, name]) =>
    name !== undefined && !isToken(name) ? [name] : [],
  );

/** Fills a template in one pass: what a value contains is never read as a token again. */
export const render = (template: string, values: TokenValues): string =>
  template.replace(TOKEN_PATTERN, (whole, name: string) => (isToken(name) ? values[name] : whole));
