/** What people type into forms at its worst, against the real bot over real sockets. */
import { describe, expect, test } from "vitest";
import { as, person, privately, startHouse } from "../../support/badInput.js";
import {
  cardOf,
  cardsOf,
  confirmedCode,
  embedText,
  filled,
  inputsOf,
  logEmbeds,
  modalOf,
  pressVerify,
  sleep,
  told,
} from "../../support/frontDoor.js";

const { ledgerOf, open, allIsWell } = startHouse();

const OLD = /from an older version of the bot/;

describe("forms", () => {
  test("another person's draft page opens one's own form, and nobody's answers leak or are lost", async () => {
    const door = await open();
    const [anna, ben] = [person(door, 0), person(door, 1)];
    const secret = "Anna's secret plan for a surprise party";
    const mine = modalOf(await pressVerify(door, anna));
    const [first = "", ...rest] = inputsOf(mine).map(({ custom_id }) => custom_id);
    const kept = await as(door, anna).submitModal(
      mine,
      { [first]: secret, ...Object.fromEntries(rest.map((id) => [id, " ".repeat(20)])) },
      { until: "settled" },
    );
    expect(privately(kept)).toContain("Almost there");
    for (const page of ["0", "1", "-1", "7", "1e9", "1.5", "0x0", "NaN", "Infinity", "%00", ""]) {
      const outcome = await as(door, ben).forge(door.guild.channels.gate, {
        customId: `v1:apply-page:${page}`,
      });
      if (outcome.modal === undefined) expect(privately(outcome), page).toMatch(OLD);
      else expect(JSON.stringify(outcome.modal), page).not.toContain(secret);
    }
    // Ben sends Anna's form: it counts as his own.
    const stolen = await as(door, ben).submitModal(mine, filled(mine), { until: "settled", force: true });
    const code = confirmedCode(stolen) ?? "";
    expect(embedText(await cardOf(door, code))).toContain(ben);
    const reopened = modalOf(await pressVerify(door, anna));
    expect(inputsOf(reopened)[0]?.value).toBe(secret);
    expect(ledgerOf(door).applications.map(({ userId, status }) => [userId, status])).toEqual([
      [anna, "draft"],
      [ben, "pending"],
    ]);
  });

  test.each([
    ["spaces", " ".repeat(40)],
    ["line ends and tabs", "\n\t \r\n".repeat(10)],
    ["zero-width characters", "\u200B\u200C\u200D\u2060\uFEFF".repeat(8)],
    ["control characters", "\u0000\u0001\u0007\u001B\u007F\u0085".repeat(8)],
    ["direction overrides", "\u202E\u202D\u2066\u2069\u200F".repeat(8)],
    ["blank letters", "\u3164\u2800\u115F\uFFA0\u00A0".repeat(8)],
    ["tag characters", "\u{E0041}\u{E007F}".repeat(10)],
    ["variation selectors", "\uFE0F\uFE0E\u{E0100}\u{E01EF}\u180B".repeat(8)],
  ])("an answer of only %s is asked for again, and the others are kept", async (_, nothing) => {
    const door = await open(1);
    const applicant = person(door);
    const form = modalOf(await pressVerify(door, applicant));
    const values = filled(form);
    const [asked = ""] = Object.keys(values);
    const outcome = await as(door, applicant).submitModal(
      form,
      { ...values, [asked]: nothing },
      { until: "settled" },
    );
    const words = privately(outcome);
    expect(words).toContain("How did you find this community?");
    expect(words).toContain("please answer this one");
    expect(words.split("\n")).toHaveLength(2);
    expect(ledgerOf(door).applications.map(({ status }) => status)).toEqual(["draft"]);

    const again = modalOf(
      await as(door, applicant).press(door.guild.channels.gate, outcome.reply?.id ?? "", "Go on writing"),
    );
    expect(
      inputsOf(again)
        .slice(1)
        .map(({ value }) => value),
    ).toEqual(Object.values(values).slice(1));
    const sent = await as(door, applicant).submitModal(again, { [asked]: "A friend of mine told me." });
    expect(confirmedCode(sent)).toMatch(/^[0-9a-f]{6}$/);
  });

  test("1000 emoji are kept, cut to what Discord takes, and can be mended", async () => {
    const door = await open(1);
    const applicant = person(door);
    const form = modalOf(await pressVerify(door, applicant));
    const values = filled(form);
    const [asked = ""] = Object.keys(values);
    const outcome = await as(door, applicant).submitModal(
      form,
      { ...values, [asked]: `x${"😀".repeat(1_000)}` },
      { until: "settled", force: true },
    );
    expect(privately(outcome)).toContain("please keep it under 1000 characters");
    const again = modalOf(
      await as(door, applicant).press(door.guild.channels.gate, outcome.reply?.id ?? "", "Go on writing"),
    );
    const offered = inputsOf(again)[0]?.value ?? "";
    // Discord counts an emoji of one code point as one.
    expect([...offered].length).toBeGreaterThan(490);
    expect([...offered].length).toBeLessThanOrEqual(1_000);
    expect(offered, "no half emoji").not.toMatch(/\p{Surrogate}/u);
    const sent = await as(door, applicant).submitModal(again, {}, { until: "settled", force: true });
    const code = confirmedCode(sent) ?? "";
    expect(embedText(await cardOf(door, code))).toContain("😀".repeat(100));
  });

  const HOSTILE: ReadonlyArray<readonly [name: string, text: string]> = [
    ["1000 emoji", "😀".repeat(1_000)],
    ["emoji made of many", "👨‍👩‍👧‍👦".repeat(90)],
    ["mention spam", "@everyone @here ".repeat(60)],
    ["code fences", "```js\n".repeat(150)],
    ["one open fence", "```ansi\n\u001B[31mred"],
    [
      "markdown",
      "# big\n> quote\n- list\n||spoiler|| **bold** [click](https://evil.example) ~~no~~ __u__ -# small",
    ],
    ["backslashes", "\\".repeat(1_000)],
    ["stars", "*".repeat(1_000)],
    ["mixed directions", "abc \u202Egnp.exe \u2067שלום\u2069 \u200Fdef and more"],
    ["control characters", "a\u0000b\u0007c\u001B[31md\u0085e and some more"],
    ["zero-width between letters", "p\u200Be\u200Bo\u200Bp\u200Bl\u200Be\u2060 of the sea"],
    ["combining marks", `Z${"\u0301".repeat(600)}algo is here`],
    ["line ends", "a\n".repeat(400)],
    ["Discord's own markup", "<t:1:R> </kick:1> <#1> <id:home> <:a:1234567890123456789> `x` ~~~"],
    ["custom ids and JSON", '{"custom_id":"v1:claim:x"} "; DROP TABLE application; --'],
  ];

  test.each(HOSTILE)("an answer of %s is taken and shown harmlessly", async (_, text) => {
    const door = await open(1);
    const { guild, client } = door;
    const applicant = person(door);
    const mentions = `${text.slice(0, 930)} <@${guild.adminId}> <@&${guild.roles.moderator}>`;
    const since = (await client.stats()).lastRequest;
    const form = modalOf(await pressVerify(door, applicant));
    const sent = await as(door, applicant).submitModal(
      form,
      filled(form, [text, mentions, text, text, text]),
      // Past the client's own count, which takes an emoji for two characters where Discord's takes it for one.
      { until: "settled", force: true },
    );
    const code = confirmedCode(sent) ?? "";
    expect(told(sent)).toContain("is in");
    const card = await cardOf(door, code);
    const fields = (card.embeds[0]?.fields ?? []).filter(({ name }) => /^\d\. /.test(name));
    expect(fields).toHaveLength(5);
    for (const { value } of fields) {
      expect(value.length).toBeLessThanOrEqual(1_024);
      expect(value).not.toBe("");
      expect(value, "nothing hidden").not.toMatch(
        // eslint-disable-next-line no-control-regex
        /[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u200B\u200E\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/,
      );
      // Whatever formats is behind a backslash of its own.
      const bare = value.replace(/\\[\s\S]/g, "");
      expect(bare, "no formatting").not.toMatch(/[*_~`|<>[\]]/);
      expect(bare, "no heading, quote or list").not.toMatch(/^\s*(#{1,3}|-#|>|[-+]|\d+\.)\s/m);
    }
    expect(card.mentions).toEqual([]);
    expect(card.mention_roles).toEqual([]);
    expect(card.mention_everyone).toBe(false);
    expect(embedText(card)).toContain("Application sent by");
    const refused = (await client.requests({ since })).filter(({ status }) => status >= 400);
    expect(refused).toEqual([]);
  });

  test("sending a form twice in the same moment makes one application", async () => {
    const door = await open(1);
    const applicant = person(door);
    const form = modalOf(await pressVerify(door, applicant));
    const submit = {
      kind: "submit",
      userId: applicant,
      guildId: door.guild.guildId,
      modalId: form.id,
      values: filled(form),
    } as const;
    const outcomes = await door.client.outcomes(await door.client.fire([submit, submit]), {
      until: "settled",
    });
    const words = outcomes.map(privately);
    expect(words.filter((text) => text.startsWith("Thank you!"))).toHaveLength(1);
    expect(words.filter((text) => /Your application \*\*#\w+\*\* is in and waiting/.test(text))).toHaveLength(
      1,
    );
    const [application] = ledgerOf(door).applications;
    await cardOf(door, application?.code ?? "");
    await sleep(300);
    expect(ledgerOf(door).applications).toHaveLength(1);
    expect(await cardsOf(door, application?.code ?? "")).toHaveLength(1);
    expect(await logEmbeds(door, "app_submitted")).toHaveLength(1);
  });
});

allIsWell(40);
