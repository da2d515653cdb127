/** Interactions as nobody sends them by hand: forged, torn, of other versions and other servers, too much and too little. */
import { ApplicationCommandOptionType as Type } from "discord.js";
import { FastCheck as fc, Redacted } from "effect";
import { InteractionId, snowflakeAt } from "../../src/domain/Ids.js";
import type { Interaction, OptionValue } from "../../src/layers/discord/Interaction.js";
import { fieldOf } from "../../src/programs/views/Apply.js";
import { RESTORE_WORD } from "../../src/programs/views/Database.js";
import { CONFIRM_FIELD, PASSWORD_FIELD } from "../../src/programs/views/PasswordForm.js";
import { ANSWERS, GUILD, member, MEMBER_ROLE, NOW, OTHER_GUILD, press, REVIEW_CHANNEL } from "./fixtures.js";
import { hostileText } from "./fixtures-text.js";
import { backupName } from "./fuzz-backups.js";
import { leaf, options, SETUP_OPTIONS, sound } from "./fuzz-commands.js";
import { customId, restoring } from "./fuzz-custom-ids.js";
import { fields } from "./fuzz-fields.js";
import { type Aim, NOBODY, PASSWORD, people, rights, type Standing } from "./fuzz-people.js";
import { junk } from "./fuzz-text.js";

/** How high those stand at most who send something together. */
export type Highest = Exclude<Standing, "owner">;

/** What is drawn before it is known which applications there are. */
interface Draft {
  readonly standing: Standing;
  readonly twice: boolean;
  readonly make: (aims: ReadonlyArray<Aim>, id: InteractionId) => Interaction;
}

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

const restoringForm = fc
  .tuple(
    restoring,
    fc.oneof(
      fields,
      fc.constant([
        [CONFIRM_FIELD, RESTORE_WORD],
        [PASSWORD_FIELD, PASSWORD],
      ] as const),
    ),
  )
  .map(([customId, typed]): Body => (_aim, common) => ({
    ...common,
    _tag: "Modal",
    customId,
    fields: new Map(typed),
    messageId: null,
  }));
/** What somebody sends who may go back to a backup, and means it. */
const ofDatabase: fc.Arbitrary<Body> = fc.oneof(
  fc.constantFrom("check", "recover").map(
    (sub): Body =>
      (aim, common) =>
        command("database", sub, [], aim, common),
  ),
  backupName.map(
    (name): Body =>
      (aim, common) =>
        command("database", "recover", [["backup", { type: Type.String, value: name }]], aim, common),
  ),
  restoringForm,
  restoringForm,
);

/** Who is among those that stand no higher; owners come with admins. */
const standings: Readonly<Record<Highest, ReadonlyArray<Standing>>> = {
  stranger: ["stranger"],
  moderator: ["stranger", "moderator"],
  admin: ["stranger", "stranger", "moderator", "moderator", "moderator", "admin", "owner"],
};

/** One interaction of somebody who stands no higher than `highest`. */
export const anyInteraction = (highest: Highest): fc.Arbitrary<Draft> =>
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
      ofDatabase,
      meansIt: fc.boolean(),
    })
    .map(({ standing, person, place, odd, name, joinedAt, aim, twice, meansIt, ...drawn }) => ({
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
        const body = standing === "owner" && meansIt ? drawn.ofDatabase : drawn.body;
        return body(near, base(actor, id, place));
      },
    }));

let made = 0;
export const freshInteractionId = (): InteractionId =>
  InteractionId.make(`${BigInt(snowflakeAt(NOW)) + BigInt((made += 1))}`);
