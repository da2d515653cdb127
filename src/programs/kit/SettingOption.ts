import { ChannelType } from "discord.js";
import { Either, Option, Schema } from "effect";
import { RoleId } from "../../domain/Ids.js";
import type { SettingsPatch } from "../../domain/Settings.js";
import type { Setting, StaffRolesSetting } from "../../domain/SettingsTable.js";
import * as Options from "./Options.js";

/** A change that an option asks for, or what is wrong with what was typed. */
export type Wanted = Either.Either<SettingsPatch, string>;

const CHANNEL_TYPES = [ChannelType.GuildText, ChannelType.GuildAnnouncement] as const;
/** Ten mentions with something between them. */
const ROLES_TEXT_MAX = 400;

const asRole = Schema.decodeUnknownOption(RoleId);

/** Roles as `@mentions` (which Discord turns into ids) or ids, with spaces or commas between them. */
export const rolesOf = (
  typed: string,
  { label, max }: StaffRolesSetting,
): Either.Either<Array<RoleId>, string> => {
  const words = typed
    .replaceAll("><", "> <")
    .split(/[\s,;]+/)
    .filter((word) => word !== "");
  const roles = words.map((word) => asRole(/^<@&(\d+)>$/.exec(word)?.[1] ?? word));
  const found = [...new Set(roles.flatMap(Option.toArray))];
  if (found.length === 0 || roles.some(Option.isNone))
    return Either.left(`${label}: name roles as @mentions with a space between them.`);
  return found.length > max
    ? Either.left(`${label}: at most ${max}, and these are ${found.length}.`)
    : Either.right(found);
};

const map = <A, B>(option: Options.CommandOption<A>, f: (value: A) => B): Options.CommandOption<B> => ({
  ...option,
  read: (value, resolved) => Option.map(option.read(value, resolved), f),
});

/** The option of `/config set` for an entry of the table. */
export const settingOption = (setting: Setting): Options.CommandOption<Wanted> => {
  const description = setting.purpose;
  switch (setting.kind) {
    case "channel":
    case "optional_channel":
      return map(Options.channel({ description, types: CHANNEL_TYPES }), (id) =>
        Either.right(setting.write(id)),
      );
    case "role":
    case "pinged_role":
      return map(Options.role({ description }), (id) => Either.right(setting.write(id)));
    case "staff_roles":
      return map(Options.string({ description, maxLength: ROLES_TEXT_MAX }), (typed) =>
        Either.map(rolesOf(typed, setting), setting.write),
      );
    case "number":
    case "optional_number":
      return map(Options.integer({ description, min: setting.min, max: setting.max }), (value) =>
        Either.right(setting.write(value)),
      );
    case "switch":
      return map(Options.boolean({ description }), (value) => Either.right(setting.write(value)));
  }
};
