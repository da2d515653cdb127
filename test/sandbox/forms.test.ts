import { assert, describe, it } from "vitest";
import { raw, town, withButton } from "./support.js";
import type { Town } from "./support.js";

/** What is wrong, by field: `content` to `BASE_TYPE_MAX_LENGTH`. */
function problems(body: unknown): Record<string, string> {
  const found: Record<string, string> = {};
  const walk = (node: unknown, path: string): void => {
    if (typeof node !== "object" || node === null) return;
    for (const [key, value] of Object.entries(node)) {
      if (key !== "_errors") walk(value, path === "" ? key : `${path}.${key}`);
      else if (Array.isArray(value)) found[path] = value.map(({ code }: { code: string }) => code).join(" ");
    }
  };
  if (typeof body === "object" && body !== null && "errors" in body) walk(body.errors, "");
  return found;
}

const post = (here: Town, body: unknown) =>
  raw(here, "POST", `/channels/${here.guild.channels.general}/messages`, body);

const row = (...components: object[]) => ({ type: 1, components });
const button = (id: string, more: object = {}) => ({
  type: 2,
  style: 1,
  label: "Press",
  custom_id: id,
  ...more,
});
const x = (count: number): string => "x".repeat(count);

const refusedMessages: readonly [string, object, Record<string, string>][] = [
  ["content over 2000", { content: x(2001) }, { content: "BASE_TYPE_MAX_LENGTH" }],
  ["eleven embeds", { embeds: Array(11).fill({ title: "x" }) }, { embeds: "BASE_TYPE_MAX_LENGTH" }],
  [
    "6000 characters over all embeds",
    { embeds: [{ description: x(4000) }, { description: x(2001) }] },
    { embeds: "MAX_EMBED_SIZE_EXCEEDED" },
  ],
  ["an embed title over 256", { embeds: [{ title: x(257) }] }, { "embeds.0.title": "BASE_TYPE_MAX_LENGTH" }],
  [
    "an embed description over 4096",
    { embeds: [{ description: x(4097) }] },
    { "embeds.0.description": "BASE_TYPE_MAX_LENGTH" },
  ],
  ["an empty embed", { embeds: [{}] }, { "embeds.0.description": "BASE_TYPE_REQUIRED" }],
  [
    "26 fields",
    { embeds: [{ fields: Array(26).fill({ name: "n", value: "v" }) }] },
    { "embeds.0.fields": "BASE_TYPE_MAX_LENGTH" },
  ],
  [
    "a field name over 256 and a value over 1024",
    { embeds: [{ fields: [{ name: x(257), value: x(1025) }] }] },
    { "embeds.0.fields.0.name": "BASE_TYPE_MAX_LENGTH", "embeds.0.fields.0.value": "BASE_TYPE_MAX_LENGTH" },
  ],
  [
    "an empty field",
    { embeds: [{ fields: [{ name: " ", value: "" }] }] },
    { "embeds.0.fields.0.name": "BASE_TYPE_REQUIRED", "embeds.0.fields.0.value": "BASE_TYPE_REQUIRED" },
  ],
  [
    "a footer over 2048",
    { embeds: [{ footer: { text: x(2049) } }] },
    { "embeds.0.footer.text": "BASE_TYPE_MAX_LENGTH" },
  ],
  [
    "an author over 256",
    { embeds: [{ author: { name: x(257) } }] },
    { "embeds.0.author.name": "BASE_TYPE_MAX_LENGTH" },
  ],
  [
    "a picture without a web address",
    { embeds: [{ image: { url: "nope" } }] },
    { "embeds.0.image.url": "URL_TYPE_INVALID_URL" },
  ],
  [
    "six rows",
    { content: "x", components: Array.from({ length: 6 }, (_, i) => row(button(`b${i}`))) },
    { components: "BASE_TYPE_MAX_LENGTH" },
  ],
  [
    "six buttons in a row",
    { content: "x", components: [row(...Array.from({ length: 6 }, (_, i) => button(`b${i}`)))] },
    { "components.0.components": "BASE_TYPE_BAD_LENGTH" },
  ],
  [
    "a custom id over 100",
    { content: "x", components: [row(button(x(101)))] },
    { "components.0.components.0.custom_id": "BASE_TYPE_BAD_LENGTH" },
  ],
  [
    "the same custom id twice",
    { content: "x", components: [row(button("a")), row(button("a"))] },
    { "components.1.components.0.custom_id": "COMPONENT_CUSTOM_ID_DUPLICATED" },
  ],
  [
    "a label over 80",
    { content: "x", components: [row(button("a", { label: x(81) }))] },
    { "components.0.components.0.label": "BASE_TYPE_MAX_LENGTH" },
  ],
  [
    "a button without a custom id",
    { content: "x", components: [row({ type: 2, style: 1, label: "x" })] },
    { "components.0.components.0.custom_id": "BASE_TYPE_REQUIRED" },
  ],
  [
    "a select menu without options",
    { content: "x", components: [row({ type: 3, custom_id: "s", options: [] })] },
    { "components.0.components.0.options": "BASE_TYPE_BAD_LENGTH" },
  ],
  [
    "26 options",
    {
      content: "x",
      components: [
        row({
          type: 3,
          custom_id: "s",
          options: Array.from({ length: 26 }, (_, i) => ({ label: "x", value: `v${i}` })),
        }),
      ],
    },
    { "components.0.components.0.options": "BASE_TYPE_BAD_LENGTH" },
  ],
  ["a nonce over 25", { content: "x", nonce: x(26) }, { nonce: "BASE_TYPE_MAX_LENGTH" }],
  ["content that is a number", { content: 7 }, { content: "STRING_TYPE_CONVERT" }],
  [
    "mentions both parsed and listed",
    { content: "x", allowed_mentions: { parse: ["users"], users: ["100000000000000000"] } },
    { allowed_mentions: "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE" },
  ],
];

describe("a message is refused with 50035 and the path of the field", () => {
  it.each(refusedMessages)("for %s", async (_name, body, expected) => {
    const here = await town();
    const answer = await post(here, body);
    assert.equal(answer.status, 400);
    assert.include(answer.body, { code: 50035, message: "Invalid Form Body" });
    assert.deepEqual(problems(answer.body), expected);
    assert.deepEqual(await here.driver.messages(here.guild.channels.general), []);
  });

  it("but not at the limits themselves, counted in characters", async () => {
    const here = await town();
    const full = {
      content: "🦊".repeat(2000),
      embeds: [{ title: x(256), description: x(4096), footer: { text: x(2048 - 400) } }],
      components: Array.from({ length: 5 }, (_, i) =>
        row(...Array.from({ length: 5 }, (__, j) => button(`${i}${j}`.padEnd(100, ".")))),
      ),
    };
    assert.equal((await post(here, full)).status, 200);
  });

  it("in Discord's own shape", async () => {
    const here = await town();
    assert.deepEqual((await post(here, { content: x(2001) })).body, {
      message: "Invalid Form Body",
      code: 50035,
      errors: {
        content: { _errors: [{ code: "BASE_TYPE_MAX_LENGTH", message: "Must be 2000 or fewer in length." }] },
      },
    });
  });

  it("and with 50006 when it is empty", async () => {
    const here = await town();
    assert.include((await post(here, { content: "  " })).body, { code: 50006 });
    assert.include((await post(here, {})).body, { code: 50006 });
  });
});

const label = (more: object = {}, input: object = {}) => ({
  type: 18,
  label: "Why?",
  component: { type: 4, custom_id: "why", style: 1, ...input },
  ...more,
});

const refusedModals: readonly [string, object, Record<string, string>][] = [
  ["a title over 45", { title: x(46) }, { "data.title": "BASE_TYPE_BAD_LENGTH" }],
  ["no components", { components: [] }, { "data.components": "BASE_TYPE_BAD_LENGTH" }],
  [
    "six components",
    { components: Array.from({ length: 6 }, (_, i) => label({}, { custom_id: `c${i}` })) },
    { "data.components": "BASE_TYPE_BAD_LENGTH" },
  ],
  [
    "a label over 45",
    { components: [label({ label: x(46) })] },
    { "data.components.0.label": "BASE_TYPE_BAD_LENGTH" },
  ],
  [
    "a description over 100",
    { components: [label({ description: x(101) })] },
    { "data.components.0.description": "BASE_TYPE_MAX_LENGTH" },
  ],
  [
    "a placeholder over 100",
    { components: [label({}, { placeholder: x(101) })] },
    { "data.components.0.component.placeholder": "BASE_TYPE_MAX_LENGTH" },
  ],
  [
    "a value over 4000",
    { components: [label({}, { value: x(4001) })] },
    { "data.components.0.component.value": "BASE_TYPE_MAX_LENGTH" },
  ],
  [
    "the same custom id twice",
    { components: [label(), label()] },
    { "data.components.1.component.custom_id": "COMPONENT_CUSTOM_ID_DUPLICATED" },
  ],
  [
    "a button in it",
    { components: [row(button("b"))] },
    { "data.components.0.components.0.type": "BASE_TYPE_CHOICES" },
  ],
];

describe("a modal is refused", () => {
  it.each(refusedModals)("for %s", async (_name, change, expected) => {
    const here = await town();
    const { channelId, messageId, interactions } = await withButton(here);
    const userId = here.guild.applicantIds[0] ?? "";
    await here.driver.fire([{ kind: "press", userId, channelId, messageId, component: "verify" }]);
    const { id, token } = await interactions();
    const data = { custom_id: "apply", title: "Apply", components: [label()], ...change };
    const answer = await raw(here, "POST", `/interactions/${id}/${token}/callback`, { type: 9, data });
    assert.include(answer.body, { code: 50035 });
    assert.deepEqual(problems(answer.body), expected);
  });
});
