import { assert, describe, it } from "@effect/vitest";
import { FastCheck as fc } from "effect";
import { longest, render, templateText } from "../../../../src/domain/Template.js";
import type { GuildSettings } from "../../../../src/domain/Settings.js";
import { tokenValues } from "../../../../src/domain/TokenValues.js";
import { isWelcomeOf, welcome } from "../../../../src/programs/views/Welcome.js";
import {
  application,
  GUILD,
  INFO_CHANNEL,
  MAYA,
  NOW,
  PING_ROLE,
  ROBIN,
  RULES_CHANNEL,
  settings,
} from "../../../support/fixtures.js";
import { hostileText, textUpTo } from "../../../support/fixtures-text.js";
import { messageProblems } from "../../../support/limits.js";

const DEN = {
  id: GUILD,
  name: "The Den",
  memberCount: 42,
  ownerId: MAYA,
  available: true,
  iconUrl: null,
  bannerUrl: null,
};

interface Names {
  readonly username?: string;
  readonly displayName?: string;
  readonly guild?: string;
}
const valuesFor = (own: GuildSettings, { guild = DEN.name, ...names }: Names = {}) =>
  tokenValues({ ...DEN, name: guild }, own, { ...application(names), id: ROBIN }, NOW);
const welcomed = (changes: Partial<GuildSettings>, names: Names = {}) => {
  const own = settings(changes);
  return welcome(own, ROBIN, valuesFor(own, names));
};
const PERSON = `<@${ROBIN}>`;
const ROLE = `<@&${PING_ROLE}>`;

describe("the welcome", () => {
  it("fills every token", () => {
    const { content } = welcomed({
      infoChannelId: INFO_CHANNEL,
      rulesChannelId: RULES_CHANNEL,
      welcomeTemplate:
        "{applicant.mention} {applicant.username} {applicant.tag} {applicant.display} {guild.name} {guild.memberCount} {timestamp} {info} {rules}",
    });
    assert.strictEqual(
      content,
      `${PERSON} robin @robin Robin The Den 42 <t:${NOW / 1000}:f> <#${INFO_CHANNEL}> <#${RULES_CHANNEL}>`,
    );
  });

  it("speaks of info and rules also where no channel is set", () => {
    assert.strictEqual(
      welcomed({ welcomeTemplate: "{applicant.mention}: {info}, {rules}" }).content,
      `${PERSON}: the info channel, the rules`,
    );
  });

  it("pings the person and nobody else", () => {
    assert.deepStrictEqual(welcomed({ welcomeTemplate: "Hi {applicant.mention}, @everyone <@1>" }), {
      content: `Hi ${PERSON}, @everyone <@1>`,
      pings: [ROBIN],
    });
  });

  it("names whom it welcomes, whatever the template says: else it could not be told from another", () => {
    assert.strictEqual(welcomed({ welcomeTemplate: "Hello!" }).content, `${PERSON}\nHello!`);
  });

  it("pings the ping role where the template mentions it, else at its end", () => {
    const pings = { pings: [ROBIN], pingsRoles: [PING_ROLE] };
    assert.deepStrictEqual(
      welcomed({ pingRoleId: PING_ROLE, welcomeTemplate: `${ROLE}: meet {applicant.mention}` }),
      { content: `${ROLE}: meet ${PERSON}`, ...pings },
    );
    assert.deepStrictEqual(welcomed({ pingRoleId: PING_ROLE, welcomeTemplate: "Hi {applicant.mention}" }), {
      content: `Hi ${PERSON}\n${ROLE}`,
      ...pings,
    });
  });

  it("is known by the person, whatever its words are now", () => {
    const { content = "" } = welcomed({ welcomeTemplate: "Number {guild.memberCount}" });
    assert.isTrue(isWelcomeOf(ROBIN)({ content }));
    assert.isFalse(isWelcomeOf(MAYA)({ content }));
  });

  it.prop(
    "is inside Discord's limits, names the person and pings nobody else, whatever admins and applicants type",
    [hostileText, hostileText, textUpTo(32), textUpTo(32)],
    ([template, guild, username, displayName]) => {
      const message = welcomed(
        { welcomeTemplate: templateText("welcome", template), pingRoleId: PING_ROLE },
        { guild, username, displayName },
      );
      assert.deepStrictEqual(messageProblems(message), []);
      assert.isTrue(isWelcomeOf(ROBIN)({ content: message.content ?? "" }));
      assert.include(message.content, ROLE);
      assert.deepStrictEqual(message.pings, [ROBIN]);
    },
  );
});

describe("a name in a template", () => {
  const shown = (displayName: string) =>
    welcomed({ welcomeTemplate: "{applicant.mention} is {applicant.display}" }, { displayName }).content ??
    "";

  it.each([
    ["a mention", "<@1>", "\\<@1\\>"],
    ["a token", "{rules}", "{rules}"],
    ["bold", "**x**", "\\*\\*x\\*\\*"],
    ["a spoiler", "||x||", "\\|\\|x\\|\\|"],
    ["code", "`x`", "\\`x\\`"],
    ["a masked link", "[x](y)", "\\[x\\](y)"],
    ["a link", "https://evil.gg", "https:\\/\\/evil.gg"],
    ["an invitation", "discord.gg/evil", "discord.gg\\/evil"],
    ["several lines", "a\n# b", "a \\# b"],
  ])("is shown as %s was typed", (_what, typed, expected) => {
    assert.strictEqual(shown(typed), `${PERSON} is ${expected}`);
  });

  it.prop(
    "never makes a text longer than was reckoned with when it was saved",
    [
      fc.constantFrom("{applicant.tag}", "{applicant.display}", "{guild.name} {info}", "{timestamp}"),
      textUpTo(32),
      textUpTo(100),
    ],
    ([template, name, guild]) => {
      const values = valuesFor(settings(), { username: name, displayName: name, guild });
      assert.isAtMost(render(template, values).length, longest(template));
    },
  );
});
