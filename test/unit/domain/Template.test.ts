import { assert, describe, it } from "@effect/vitest";
import { FastCheck as fc } from "effect";
import {
  DEFAULT_TEMPLATES,
  render,
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

describe("unknownTokens", () => {
  it("names what an admin has mistyped, in order", () => {
    assert.deepStrictEqual(unknownTokens("{applicant.mention} {aplicant.tag} {guild.name} {Info}"), [
      "aplicant.tag",
      "Info",
    ]);
  });

  it("does not take every brace for a token", () => {
    assert.deepStrictEqual(unknownTokens("{} {1} { info } {a b} }{ {"), []);
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
      const left = [...render(template, VALUES).matchAll(/\{([^}]+)\}/g)].map(([, name]) => name);
      assert.deepStrictEqual(left, [...unknownTokens(template)]);
    },
  );
});
