import { Either, Schema } from "effect";
import { editDistance } from "./EditDistance.js";
import { said } from "./Text.js";

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

/** The texts of a guild (features.md F8). */
export const TEMPLATE_NAMES = ["gate", "approval", "rejection", "kick", "welcome"] as const;
export const TemplateName = Schema.Literal(...TEMPLATE_NAMES);
export type TemplateName = typeof TemplateName.Type;

/** New texts of templates. */
export const TemplateTexts = Schema.Array(
  Schema.Struct({ template: TemplateName, text: Schema.String }),
).pipe(Schema.maxItems(TEMPLATE_NAMES.length));
export type TemplateTexts = typeof TemplateTexts.Type;

/** How long each may become once its tokens are filled in, so that Discord takes it with what stands around it. */
export const TEMPLATE_MAX = {
  gate: 4_000,
  approval: 3_000,
  rejection: 3_000,
  kick: 3_000,
  welcome: 1_900,
} as const satisfies Record<TemplateName, number>;

/**
 * How long a token can become: an id has 20 digits, a name of Discord's 32 characters and a server's 100, of which each
 * may need a backslash, and a memberCount at most nine figures.
 */
const TOKEN_MAX = {
  "applicant.mention": 23,
  "applicant.username": 64,
  "applicant.tag": 65,
  "applicant.display": 64,
  "guild.name": 200,
  "guild.memberCount": 9,
  timestamp: 20,
  info: 23,
  rules: 23,
} as const satisfies Record<Token, number>;

const TOKEN_PATTERN = /\{([a-zA-Z][a-zA-Z0-9_.]*)\}/g;
/** Whatever stands in braces on one line; wide enough for `{ guild.name }` and `{applicant-mention}`. */
const BRACES = /\{([^{}\n]{1,40})\}/g;
const WORD = /^[a-zA-Z][a-zA-Z0-9_.]*$/;
const isToken = (name: string): name is Token => TOKENS.some((token) => token === name);

/** The letters of a name, for telling what was meant. */
const letters = (name: string): string => name.toLowerCase().replace(/[^a-z]/g, "");

/** The token that somebody meant, if one is near: the same letters, the end of one, or at most three letters away. */
const nearest = (name: string): Token | null => {
  const wanted = letters(name);
  const [best] = TOKENS.map((token) => {
    const distance = editDistance(wanted, letters(token));
    const tail = token.split(".").at(-1) ?? token;
    return { token, distance: wanted === letters(tail) ? Math.min(distance, 1) : distance };
  }).sort((left, right) => left.distance - right.distance);
  return best !== undefined && best.distance <= Math.min(3, Math.floor(wanted.length / 2))
    ? best.token
    : null;
};

/** What is in braces and is no token; words in braces that are near none are text. */
export const unknownTokens = (
  template: string,
): ReadonlyArray<{ readonly token: string; readonly meant: Token | null }> => {
  const names = [...template.matchAll(BRACES)].flatMap(([, name]) => (name === undefined ? [] : [name]));
  return [...new Set(names)].flatMap((token) => {
    if (isToken(token)) return [];
    const meant = nearest(token);
    return meant !== null || WORD.test(token) ? [{ token, meant }] : [];
  });
};

/** Fills a template in one pass: what a value contains is never read as a token again. */
export const render = (template: string, values: TokenValues): string =>
  template.replace(TOKEN_PATTERN, (whole, name: string) => (isToken(name) ? values[name] : whole));

/** The length of a template with every token at its longest. */
export const longest = (template: string): number =>
  [...template.matchAll(TOKEN_PATTERN)].reduce(
    (length, [whole, name]) =>
      name !== undefined && isToken(name) ? length - whole.length + TOKEN_MAX[name] : length,
    template.length,
  );

export const TemplateProblem = Schema.Union(
  Schema.TaggedStruct("UnknownToken", {
    token: Schema.String,
    meant: Schema.NullOr(Schema.Literal(...TOKENS)),
  }),
  Schema.TaggedStruct("TooLong", { length: Schema.Int, max: Schema.Int }),
);
export type TemplateProblem = typeof TemplateProblem.Type;

/** A template that would not do when it is sent, and so is not saved. */
export class TemplateInvalid extends Schema.TaggedError<TemplateInvalid>()("TemplateInvalid", {
  template: TemplateName,
  problems: Schema.Array(TemplateProblem),
}) {}

/** Somebody else changed a template while `draft` was being written; `now` is what it says. */
export class TemplateChanged extends Schema.TaggedError<TemplateChanged>()("TemplateChanged", {
  template: TemplateName,
  now: Schema.String,
  draft: Schema.String,
}) {}

/** A template that is being written. */
export interface TemplateDraft {
  readonly text: string;
  /** The key of the template that its author was shown last; `null` where that is not known. */
  readonly seen: string | null;
}

/** A template as it is stored, from what was typed; nothing to be seen brings the default back. */
export const templateText = (template: TemplateName, typed: string): string =>
  said(typed) ?? DEFAULT_TEMPLATES[template];

/** Looks for what would go wrong later. */
export const checkTemplate = (
  template: TemplateName,
  text: string,
): Either.Either<string, TemplateInvalid> => {
  const length = longest(text);
  const max = TEMPLATE_MAX[template];
  const problems: ReadonlyArray<TemplateProblem> = [
    ...unknownTokens(text).map((unknown) => ({ _tag: "UnknownToken" as const, ...unknown })),
    ...(length > max ? [{ _tag: "TooLong" as const, length, max }] : []),
  ];
  return problems.length === 0
    ? Either.right(text)
    : Either.left(new TemplateInvalid({ template, problems }));
};
