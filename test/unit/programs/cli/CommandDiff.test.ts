import { assert, describe, it } from "@effect/vitest";
import {
  type APIApplicationCommand,
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ApplicationIntegrationType,
  InteractionContextType,
} from "discord.js";
import type { Definition } from "../../../../src/layers/CommandRegistry.js";
import { commands } from "../../../../src/programs/commands/index.js";
import { difference, isEmpty, lines } from "../../../../src/programs/cli/CommandDiff.js";
import { GUILD } from "../../../support/fixtures.js";

const mark: Definition = {
  name: "mark",
  description: "Mark somebody",
  contexts: [InteractionContextType.Guild],
  options: [
    { type: ApplicationCommandOptionType.User, name: "user", description: "Whom", required: true },
    { type: ApplicationCommandOptionType.String, name: "reason", description: "Why" },
  ],
};

/** As Discord answers: ids of its own, and every default written out. */
const registered = (definition: Definition): APIApplicationCommand => ({
  id: "1",
  application_id: "2",
  version: "3",
  integration_types: [ApplicationIntegrationType.GuildInstall],
  type: ApplicationCommandType.ChatInput,
  name: definition.name,
  description: definition.description,
  default_member_permissions: definition.default_member_permissions ?? null,
  nsfw: definition.nsfw ?? false,
  name_localizations: null,
  description_localizations: null,
  contexts: definition.contexts ?? null,
  options: (definition.options ?? []).map((option) => ({
    name_localizations: null,
    required: false,
    ...option,
  })),
});

describe("the difference of slash commands", () => {
  it("is empty when only Discord's own fields and defaults were filled in", () => {
    const wanted = [...commands.map(({ definition }) => definition), mark];
    const found = difference(wanted.map(registered), wanted, null);
    assert.isTrue(isEmpty(found), lines(found).join("\n"));
    assert.strictEqual(found.same, wanted.length);
  });

  it("does not depend on the order in which Discord lists commands", () => {
    const other: Definition = { name: "other", description: "Another" };
    assert.isTrue(isEmpty(difference([registered(other), registered(mark)], [mark, other], null)));
  });

  it("does not ask contexts of a guild's command: Discord keeps none there", () => {
    const { contexts: _, ...inGuild } = registered(mark);
    assert.isTrue(isEmpty(difference([inGuild], [mark], GUILD)));
    assert.deepStrictEqual(lines(difference([inGuild], [mark], null)), [
      "  ~ /mark",
      "      contexts: null → [0]",
    ]);
  });

  it("names what was added, changed and removed", () => {
    const old: Definition = {
      ...mark,
      description: "Mark a person",
      nsfw: true,
      options: [
        { type: ApplicationCommandOptionType.User, name: "user", description: "Whom" },
        { type: ApplicationCommandOptionType.Boolean, name: "loud", description: "Tell everybody" },
      ],
    };
    const gone: Definition = { name: "gone", description: "Is not there any more" };
    const fresh: Definition = { name: "fresh", description: "Is new" };
    assert.deepStrictEqual(lines(difference([registered(old), registered(gone)], [mark, fresh], null)), [
      "  + /fresh  Is new",
      "  ~ /mark",
      '      description: "Mark a person" → "Mark somebody"',
      "      nsfw: true → false",
      "      option reason: added",
      "      option loud: removed",
      "      option user, required: false → true",
      "  - /gone",
    ]);
  });

  it("sees another order of options, and a change inside a subcommand's choices", () => {
    const turned: Definition = { ...mark, options: [...(mark.options ?? [])].reverse() };
    assert.deepStrictEqual(lines(difference([registered(mark)], [turned], null)), [
      "  ~ /mark",
      "      options: in another order",
    ]);
    const stats = (value: string): Definition => ({
      name: "stats",
      description: "Figures",
      options: [
        {
          type: ApplicationCommandOptionType.Subcommand,
          name: "show",
          description: "Show them",
          options: [
            {
              type: ApplicationCommandOptionType.String,
              name: "span",
              description: "Of when",
              choices: [{ name: "A day", value }],
            },
          ],
        },
      ],
    });
    assert.deepStrictEqual(lines(difference([registered(stats("1d"))], [stats("24h")], null)), [
      "  ~ /stats",
      '      option show, option span, choice A day, value: "1d" → "24h"',
    ]);
  });
});
