import type { Finding, SourceFile } from "./Finding.js";

const SHAPES: ReadonlyArray<readonly [name: string, shape: RegExp]> = [
  ["a Discord token", /\b[MNO][\w-]{23,27}\.[\w-]{6}\.[\w-]{27,45}\b/],
  ["a Discord webhook", /discord(?:app)?\.com\/api\/(?:v\d+\/)?webhooks\/\d{17,20}\/[\w-]{60,}/],
  ["a private key", /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----(?:\\n|\s)+[A-Za-z0-9+/=]{40,}/],
  ["a Google API key", /\bAIza[\w-]{35}\b/],
  ["a Sentry DSN", /https:\/\/[0-9a-f]{32}@[\w.-]+\/\d+/],
  ["an npm or GitHub token", /\b(?:npm_[A-Za-z0-9]{36}|gh[pousr]_[A-Za-z0-9]{36,})\b/],
];

/** Strings in what is shipped that look like a secret, and the values of the secrets of this machine's `.env`. */
export const scanSecrets = (
  { file, text }: SourceFile,
  own: ReadonlyMap<string, string> = new Map(),
): ReadonlyArray<Finding> => {
  const at = (index: number): number => text.slice(0, index).split("\n").length;
  const shapes = SHAPES.flatMap(([name, shape]) => {
    const index = text.search(shape);
    return index < 0 ? [] : [{ index, message: `looks like ${name}` }];
  });
  const values = [...own].flatMap(([name, value]) => {
    const index = value.length < 8 ? -1 : text.indexOf(value);
    return index < 0 ? [] : [{ index, message: `the value of ${name} in .env` }];
  });
  return [...shapes, ...values].map(({ index, message }) => ({
    file,
    line: at(index),
    rule: "secret",
    message,
  }));
};
