import { assert, describe, it } from "@effect/vitest";
import { Either, FastCheck as fc } from "effect";
import {
  checkTemplate,
  DEFAULT_TEMPLATES,
  render,
  TEMPLATE_MAX,
  TEMPLATE_NAMES,
  type TemplateName,
  templateText,
  TOKENS,
  type TokenValues,
  unknownTokens,
} from "../../../src/domain/Template.js";
import { hostileText } from "../../support/fixtures-text.js";

const VALUES = {
  "applicant.mention": "<@1>",
  "applicant.username": "robin",
  "applicant.tag": "@robin",
  "applicant.display": "Robin",
  "guild.name": "The Den",
  "guild.memberCount": "42",
  timestamp: "now",
  info: "the info channel",
  rules: "the rules",
} satisfies TokenValues;

describe("render", () => {
  it("knows every token of features.md F8, and no other", () => {
    assert.deepStrictEqual([...TOKENS], Object.keys(VALUES));
  });

  it.each(TOKENS.map((token) => [token]))("knows {%s}", (token) => {
    assert.strictEqual(render(`a {${token}} b {${token}}`, VALUES), `a ${VALUES[token]} b ${VALUES[token]}`);
  });

  it("shows unknown tokens as they are written", () => {
    assert.strictEqual(
      render("{applicant} {guild.nam} {} { guild.name } {toString}", VALUES),
      "{applicant} {guild.nam} {} { guild.name } {toString}",
    );
  });

  it("never reads a value as a template: a name with a token in it stays a name", () => {
    const values = { ...VALUES, "applicant.display": "{guild.name} $& $1", "guild.name": "{info}" };
    assert.strictEqual(render("{applicant.display} in {guild.name}", values), "{guild.name} $& $1 in {info}");
  });

  it.prop("puts any value in as it is, once", [hostileText, hostileText], ([display, name]) => {
    const values = { ...VALUES, "applicant.display": display, "guild.name": name };
    assert.strictEqual(
      render("{applicant.display}|{guild.name}|{applicant.display}", values),
      `${display}|${name}|${display}`,
    );
  });

  it.prop("changes nothing where there is no token", [hostileText], ([text]) => {
    const template = text.replaceAll("{", "(");
    assert.strictEqual(render(template, VALUES), template);
  });
});

const tokensIn = (template: string) => unknownTokens(template).map(({ token }) => token);

describe("unknownTokens", () => {
  it("names what an admin has mistyped, in order and once", () => {
    assert.deepStrictEqual(tokensIn("{applicant.mention} {aplicant.tag} {guild.name} {Info} {Info}"), [
      "aplicant.tag",
      "Info",
    ]);
  });

  it.each([
    ["aplicant.tag", "applicant.tag"],
    ["applicant.mentoin", "applicant.mention"],
    ["applicant-mention", "applicant.mention"],
    [" guild.name ", "guild.name"],
    ["guild.membercount", "guild.memberCount"],
    ["guild_name", "guild.name"],
    ["mention", "applicant.mention"],
    ["Info", "info"],
    ["rule", "rules"],
    ["time", null],
    ["user", null],
    ["toString", null],
  ] as const)("{%s}: was {%s} meant?", (token, meant) => {
    assert.deepStrictEqual(unknownTokens(`Hi {${token}}!`), [{ token, meant }]);
  });

  it("does not take every brace for a token", () => {
    assert.deepStrictEqual(unknownTokens("{} {1} {a b} }{ { {like this one} {\ninfo}"), []);
  });

  it.each(Object.entries(DEFAULT_TEMPLATES))("finds none in the default for %s", (_name, template) => {
    assert.deepStrictEqual(unknownTokens(template), []);
    assert.notMatch(render(template, VALUES), /[{}]/);
  });

  it.prop(
    "whatever is left in braces after rendering was unknown",
    [fc.array(fc.constantFrom(...TOKENS, "tag", "x.y"))],
    ([names]) => {
      const template = names.map((name) => `{${name}}`).join(" ");
      const left = [...render(template, VALUES).matchAll(/\{([^}]+)\}/g)].flatMap(([, name]) => name ?? []);
      assert.deepStrictEqual([...new Set(left)], tokensIn(template));
    },
  );
});

describe("a template that is to be saved", () => {
  const refused = (template: TemplateName, text: string) =>
    Either.match(checkTemplate(template, text), {
      onLeft: ({ problems }) => problems,
      onRight: () => [],
    });

  it.each(TEMPLATE_NAMES.map((name) => [name]))("is good as the default for %s", (name) => {
    assert.deepStrictEqual(refused(name, DEFAULT_TEMPLATES[name]), []);
  });

  it.each(TEMPLATE_NAMES.map((name) => [name]))("may be as long for %s as Discord takes", (name) => {
    const max = TEMPLATE_MAX[name];
    assert.deepStrictEqual(refused(name, "x".repeat(max)), []);
    assert.deepStrictEqual(refused(name, "x".repeat(max + 1)), [{ _tag: "TooLong", length: max + 1, max }]);
  });

  it("counts what its tokens can become", () => {
    const text = `${"x".repeat(TEMPLATE_MAX.welcome - 64)}{applicant.username}`;
    assert.deepStrictEqual(refused("welcome", text), []);
    assert.deepStrictEqual(refused("welcome", `${text}!`), [
      { _tag: "TooLong", length: TEMPLATE_MAX.welcome + 1, max: TEMPLATE_MAX.welcome },
    ]);
  });

  it("is told everything that is wrong with it at once", () => {
    assert.deepStrictEqual(
      refused("kick", `{tga} {mention} ${"x".repeat(4_000)}`).map(({ _tag }) => _tag),
      ["UnknownToken", "UnknownToken", "TooLong"],
    );
  });

  it.each([["   "], ["\u200b\u2800"], [""]])("of nothing that can be seen is the default again", (typed) => {
    assert.strictEqual(templateText("welcome", typed), DEFAULT_TEMPLATES.welcome);
  });

  it("is stored without what cannot be seen", () => {
    assert.strictEqual(templateText("welcome", "  Hi\u202e {info}!\r\n"), "Hi {info}!");
  });
});
