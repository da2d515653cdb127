/** Interactions as nobody sends them by hand: forged, torn, of other versions and other servers, too much and too little. */
import { ApplicationCommandOptionType as Type } from "discord.js";
import { FastCheck as fc, Redacted } from "effect";
import type { Application } from "../../src/domain/Application.js";
import { ApplicationId, InteractionId, ShortCode, snowflakeAt, type UserId } from "../../src/domain/Ids.js";
import type { Interaction, OptionValue } from "../../src/layers/discord/Interaction.js";
import { commands } from "../../src/programs/commands/index.js";
import { components } from "../../src/programs/components/index.js";
import { fieldOf } from "../../src/programs/views/Apply.js";
import { CONFIRM_FIELD, PASSWORD_FIELD } from "../../src/programs/views/PasswordForm.js";
import { REASON_FIELD } from "../../src/programs/views/ReasonForm.js";
import { RESET_WORD } from "../../src/programs/views/GateReset.js";
import { TEMPLATE_FIELD } from "../../src/programs/views/Templates.js";
import {
  ANSWERS,
  GATE_CHANNEL,
  GENERAL_CHANNEL,
  GUILD,
  LOG_CHANNEL,
  MAYA,
  member,
  MEMBER_ROLE,
  NOAH,
  NOW,
  OTHER_GUILD,
  press,
  REVIEW_CHANNEL,
  REVIEWER_ROLE,
  userId,
} from "./fixtures.js";
import { hostileText } from "./fixtures-text.js";

export const PASSWORD = "open sesame";
const ADMINISTRATOR = 1n << 3n;

/** How much somebody may: nothing, review, or everything. */
export type Standing = "stranger" | "moderator" | "admin";
const people: Readonly<Record<Standing, ReadonlyArray<UserId>>> = {
  stranger: Array.from({ length: 40 }, (_, n) => userId(100 + n)),
  moderator: [MAYA, NOAH],
  admin: [userId(90), userId(91)],
};
const rights: Readonly<
  Record<Standing, { readonly roles: ReadonlyArray<typeof MEMBER_ROLE>; readonly permissions: bigint }>
> = {
  stranger: { roles: [], permissions: 0n },
  moderator: { roles: [REVIEWER_ROLE], permissions: 0n },
  admin: { roles: [], permissions: ADMINISTRATOR },
};

/** An application to aim at, as much as a forged custom id needs of it. */
export type Aim = Pick<Application, "id" | "code" | "userId">;
const NOBODY: Aim = {
  id: ApplicationId.make("0".repeat(26)),
  code: ShortCode.make("abcdef"),
  userId: userId(7),
};

/** What is drawn before it is known which applications there are. */
interface Draft {
  readonly standing: Standing;
  readonly twice: boolean;
  readonly make: (aims: ReadonlyArray<Aim>, id: InteractionId) => Interaction;
}

const junk = fc.oneof(
  hostileText,
  fc.constantFrom(
    "",
    "__proto__",
    "constructor",
    "0",
    "-1",
    "null",
    "v1:",
    "%",
    "%E0%A4%A",
    "a".repeat(6_000),
  ),
);
const calm = fc.constant("A friend of mine told me about this server.");
const snowflake = fc.constantFrom<string>(
  REVIEW_CHANNEL,
  GATE_CHANNEL,
  GENERAL_CHANNEL,
  LOG_CHANNEL,
  MEMBER_ROLE,
  REVIEWER_ROLE,
  MAYA,
  OTHER_GUILD,
  "0",
  "9".repeat(30),
);

type Fill = (aim: Aim) => string;
const constant = (arbitrary: fc.Arbitrary<string>): fc.Arbitrary<Fill> => arbitrary.map((text) => () => text);
const ofAim: fc.Arbitrary<Fill> = fc.constantFrom<Fill>(
  ({ id }) => id,
  ({ code }) => code,
  ({ userId }) => userId,
  ({ code }) => `#${code}`,
);

const names = components.map(({ name }) => name);
const about: Fill = ({ id }) => id;
/** Custom ids as the views make them, so that much of the fuzz gets behind the first door. */
const well: fc.Arbitrary<Fill> = fc.oneof(
  {
    arbitrary: fc
      .constantFrom("claim", "unclaim", "accept", "retry", "copy-uid", "avatar", "ping", "answers")
      .map(
        (name): Fill =>
          (aim) =>
            `v1:${name}:${about(aim)}`,
      ),
    weight: 6,
  },
  {
    arbitrary: fc
      .tuple(fc.constantFrom("refuse", "reason"), fc.constantFrom("reject", "perm_reject", "kick"))
      .map(
        ([name, kind]): Fill =>
          (aim) =>
            `v1:${name}:${kind}:${about(aim)}`,
      ),
    weight: 4,
  },
  {
    arbitrary: fc.constantFrom("withdraw", "withdraw-yes").map(
      (name): Fill =>
        ({ code }) =>
          `v1:${name}:${code}`,
    ),
    weight: 2,
  },
  {
    arbitrary: constant(
      fc.constantFrom(
        "v1:verify",
        "v1:apply:0",
        "v1:apply-page:0",
        "v1:gate-reset:1",
        "v1:gate-reset:2",
        "v1:questions-edit:now",
        "v1:questions-edit:draft",
        "v1:open:all:next:1:00000000000000000000000001",
      ),
    ),
    weight: 5,
  },
  {
    arbitrary: fc
      .tuple(
        fc.constantFrom("template", "template-edit", "template-save"),
        fc.constantFrom("gate", "welcome", "approval", "x"),
      )
      .map(
        ([name, which]): Fill =>
          () =>
            `v1:${name}:${which}`,
      ),
    weight: 1,
  },
);
const forged: fc.Arbitrary<Fill> = fc
  .tuple(
    fc.constantFrom("v1", "v1", "v1", "v0", "v2", "", "V1"),
    fc.oneof(fc.constantFrom(...names), junk),
    fc.array(fc.oneof(ofAim, constant(junk)), { maxLength: 5 }),
  )
  .map(
    ([version, name, fields]): Fill =>
      (aim) =>
        [version, name, ...fields.map((field) => field(aim))].join(":"),
  );
const torn = fc.tuple(well, fc.nat(60)).map(
  ([id, length]): Fill =>
    (aim) =>
      id(aim).slice(0, length),
);
const customId = fc.oneof(
  { arbitrary: well, weight: 6 },
  { arbitrary: forged, weight: 2 },
  { arbitrary: torn, weight: 1 },
  { arbitrary: constant(junk), weight: 1 },
);

const fieldIds = [
  ...ANSWERS.map(({ question }) => fieldOf(question)),
  REASON_FIELD,
  PASSWORD_FIELD,
  CONFIRM_FIELD,
  TEMPLATE_FIELD,
];
const typed = fc.oneof({ arbitrary: calm, weight: 4 }, { arbitrary: junk, weight: 1 });
const fields = fc.oneof(
  fc.constant(
    fieldIds.map((id): [string, string] => [
      id,
      id === PASSWORD_FIELD
        ? PASSWORD
        : id === CONFIRM_FIELD
          ? RESET_WORD
          : "A friend of mine told me about this server.",
    ]),
  ),
  fc.tuple(...ANSWERS.map(({ question }) => fc.tuple(fc.constant(fieldOf(question)), typed))),
  fc.array(fc.tuple(fc.oneof(fc.constantFrom(...fieldIds), junk), typed), { maxLength: 12 }),
);

const value: fc.Arbitrary<(aim: Aim) => OptionValue["value"]> = fc.oneof(
  ofAim,
  constant(snowflake),
  constant(junk),
  constant(fc.constantFrom("mine", "all", "welcome", "gate", "A reason.")),
  fc.oneof(fc.integer(), fc.double(), fc.boolean()).map((plain) => () => plain),
);
/** `/database` works on files of the machine: it has tests of its own. */
const known = commands.filter(({ definition }) => definition.name !== "database");
const leaf = fc.oneof(
  {
    arbitrary: fc.constantFrom(
      ...known.flatMap(({ definition, leaves }) =>
        [...leaves.keys()].map((sub) => [definition.name, sub] as const),
      ),
    ),
    weight: 8,
  },
  { arbitrary: fc.tuple(junk, fc.option(junk, { nil: null })), weight: 1 },
);
const optionNames = [
  "app",
  "user",
  "reason",
  "note",
  "scope",
  "which",
  "text",
  "q1",
  "q5",
  "remove",
  "review_channel",
  "gate_channel",
  "general_channel",
  "accepted_role",
  "reviewer_role",
  "logging_channel",
  "setting",
  "value",
  "role",
  "info",
  "rules",
];
const options = fc.array(
  fc.tuple(
    fc.oneof({ arbitrary: fc.constantFrom(...optionNames), weight: 9 }, { arbitrary: junk, weight: 1 }),
    fc.constantFrom(Type.String, Type.Integer, Type.Boolean, Type.User, Type.Channel, Type.Role, Type.Number),
    value,
  ),
  { maxLength: 8 },
);
/** What a moderator types who means it. */
const sound = fc.tuple(
  fc.constantFrom("accept", "reject", "kick", "unclaim", "unblock", "listopen"),
  fc.boolean(),
);
const SETUP_OPTIONS: ReadonlyArray<readonly [string, string]> = [
  ["review_channel", REVIEW_CHANNEL],
  ["gate_channel", GATE_CHANNEL],
  ["general_channel", GENERAL_CHANNEL],
  ["accepted_role", MEMBER_ROLE],
  ["reviewer_role", REVIEWER_ROLE],
  ["logging_channel", LOG_CHANNEL],
];

const base = (actor: ReturnType<typeof member>, id: InteractionId, guild: typeof GUILD | null) => ({
  id,
  token: Redacted.make("a token"),
  guildId: guild,
  channelId: guild === null ? null : REVIEW_CHANNEL,
  actor,
});

type Body = (aim: Aim, common: ReturnType<typeof base>) => Interaction;
const command = (
  name: string,
  subcommand: string | null,
  given: ReadonlyArray<readonly [string, OptionValue]>,
  { userId }: Aim,
  common: ReturnType<typeof base>,
): Interaction => ({
  ...common,
  _tag: "Command",
  name,
  subcommand,
  options: new Map(given),
  resolved: { users: new Map([[userId, member(userId)]]), channels: new Map(), roles: new Map() },
});
/** What somebody sends who means it, so that there is something to aim at. */
const application: Body = (_aim, common) => ({
  ...common,
  _tag: "Modal",
  customId: "v1:apply:0",
  fields: new Map(ANSWERS.map(({ question, text }) => [fieldOf(question), text])),
  messageId: null,
});
const takenBack: Body = ({ code, userId }, common) => ({
  ...press(`v1:withdraw-yes:${code}`, { ...common.actor, id: userId }),
  id: common.id,
  guildId: common.guildId,
});
const body: fc.Arbitrary<Body> = fc.oneof(
  { arbitrary: fc.constant(application), weight: 4 },
  { arbitrary: fc.constant(takenBack), weight: 1 },
  {
    arbitrary: customId.map((id): Body => (aim, common) => ({
      ...press("", common.actor),
      ...common,
      customId: id(aim),
    })),
    weight: 6,
  },
  {
    arbitrary: fc.tuple(customId, fields).map(([id, typed]): Body => (aim, common) => ({
      ...common,
      _tag: "Modal",
      customId: id(aim),
      fields: new Map(typed),
      messageId: null,
    })),
    weight: 6,
  },
  {
    arbitrary: fc.tuple(leaf, options).map(
      ([[name, sub], given]): Body =>
        (aim, common) =>
          command(
            name,
            sub,
            given.map(([option, type, read]) => [option, { type, value: read(aim) }] as const),
            aim,
            common,
          ),
    ),
    weight: 3,
  },
  {
    arbitrary: sound.map(
      ([name, byCode]): Body =>
        (aim, common) =>
          command(
            name,
            null,
            [
              byCode && name !== "unblock"
                ? ["app", { type: Type.String, value: aim.code }]
                : ["user", { type: Type.User, value: aim.userId }],
              ["reason", { type: Type.String, value: "A reason." }],
            ],
            aim,
            common,
          ),
    ),
    weight: 3,
  },
  {
    arbitrary: fc
      .constantFrom<readonly [string, string]>(
        ["gate", "setup"],
        ["panic", "on"],
        ["panic", "off"],
        ["panic", "off"],
      )
      .map(
        ([name, sub]): Body =>
          (aim, common) =>
            command(
              name,
              sub,
              SETUP_OPTIONS.map(([option, id]) => [option, { type: Type.Channel, value: id }] as const),
              aim,
              common,
            ),
      ),
    weight: 1,
  },
  {
    arbitrary: fc
      .tuple(leaf, fc.oneof(fc.constantFrom("app", "user", "setting"), junk), junk)
      .map(([[name, subcommand], option, text]): Body => (_aim, common) => ({
        ...common,
        _tag: "Autocomplete",
        name,
        subcommand,
        focused: { name: option, typed: text },
      })),
    weight: 2,
  },
);

const standings: Readonly<Record<Standing, ReadonlyArray<Standing>>> = {
  stranger: ["stranger"],
  moderator: ["stranger", "moderator"],
  admin: ["stranger", "stranger", "moderator", "moderator", "moderator", "admin"],
};

/** One interaction of somebody who stands no higher than `highest`. */
export const anyInteraction = (highest: Standing): fc.Arbitrary<Draft> =>
  fc
    .record({
      standing: fc.constantFrom(...standings[highest]),
      person: fc.nat(1_000),
      place: fc.constantFrom(GUILD, GUILD, GUILD, GUILD, GUILD, GUILD, OTHER_GUILD, null),
      joinedAt: fc.constantFrom<"long ago" | "now" | "unknown">(
        "long ago",
        "long ago",
        "long ago",
        "now",
        "unknown",
      ),
      odd: fc.constantFrom("none", "none", "none", "accepted", "many"),
      name: fc.oneof(
        fc.constant("robin"),
        hostileText.map((text) => text.slice(0, 32)),
      ),
      aim: fc.nat(1_000),
      twice: fc.constantFrom(false, false, false, false, true),
      body,
    })
    .map(({ standing, person, place, odd, name, joinedAt, aim, twice, body }) => ({
      standing,
      twice,
      make: (aims, id) => {
        const ids = people[standing];
        const extra =
          odd === "accepted"
            ? [MEMBER_ROLE]
            : odd === "many"
              ? Array<typeof MEMBER_ROLE>(300).fill(MEMBER_ROLE)
              : [];
        const actor = member(ids[person % ids.length], {
          username: name,
          displayName: name,
          roles: place === null ? [] : [...rights[standing].roles, ...extra],
          permissions: place === null ? 0n : rights[standing].permissions,
          ...(joinedAt === "long ago" ? {} : { joinedAt: null }),
        });
        const near = aims.length === 0 ? NOBODY : (aims[aim % aims.length] ?? NOBODY);
        return body(near, base(actor, id, place));
      },
    }));

let made = 0;
export const freshInteractionId = (): InteractionId =>
  InteractionId.make(`${BigInt(snowflakeAt(NOW)) + BigInt((made += 1))}`);
