import { Record, Schema } from "effect";
import { PERMISSION_NAMES } from "./DiscordPermission.js";
import { ChannelId, RoleId } from "./Ids.js";
import { SETTINGS_DEFAULTS, type SettingsPatch } from "./Settings.js";
import { ALL_SETTINGS, cleared, GROUPS, type Setting, SettingName, SETTINGS } from "./SettingsTable.js";

/** What values of one kind look like outside, and what change one of them is. */
const entry = <A, I>(value: Schema.Schema<A, I>, write: (value: A) => SettingsPatch, purpose: string) => {
  const is = Schema.is(value);
  return {
    value: value.annotations({ description: purpose }),
    patch: (given: unknown): SettingsPatch => (is(given) ? write(given) : {}),
  };
};

const entryOf = (setting: Setting) => {
  const { purpose } = setting;
  switch (setting.kind) {
    case "channel":
      return entry(ChannelId, setting.write, purpose);
    case "optional_channel":
      return entry(Schema.NullOr(ChannelId), setting.write, purpose);
    case "role":
      return entry(RoleId, setting.write, purpose);
    case "pinged_role":
      return entry(Schema.NullOr(RoleId), setting.write, purpose);
    case "staff_roles":
      return entry(
        Schema.Array(RoleId).pipe(Schema.maxItems(setting.max)),
        (roles) => setting.write([...new Set(roles)]),
        purpose,
      );
    case "number":
      return entry(Schema.Int.pipe(Schema.between(setting.min, setting.max)), setting.write, purpose);
    case "optional_number":
      return entry(
        Schema.NullOr(Schema.Int.pipe(Schema.between(setting.min, setting.max))),
        setting.write,
        purpose,
      );
    case "switch":
      return entry(Schema.Boolean, setting.write, purpose);
  }
};
const ENTRIES = Record.map(SETTINGS, (setting: Setting) => entryOf(setting));

/** New values by the names of their settings; what is not named stays. Nothing else is taken. */
export const SettingValues = Schema.Struct(
  Record.map(ENTRIES, ({ value }) => Schema.optional(value)),
).annotations({
  identifier: "SettingValues",
  parseOptions: { onExcessProperty: "error" },
});
export type SettingValues = typeof SettingValues.Type;

/** The change that these values are. */
export const patchOf = (values: SettingValues): SettingsPatch =>
  ALL_SETTINGS.reduce<SettingsPatch>((patch, [name]) => {
    const value = values[name];
    return value === undefined ? patch : { ...patch, ...ENTRIES[name].patch(value) };
  }, {});

const Value = Schema.NullOr(
  Schema.Union(Schema.String, Schema.Number, Schema.Boolean, Schema.Array(Schema.String)),
);

/** A setting as whoever changes it has to know it. */
export const DescribedSetting = Schema.Struct({
  name: SettingName,
  group: Schema.Literal(...GROUPS),
  label: Schema.String,
  purpose: Schema.String,
  kind: Schema.Literal(
    "channel",
    "optional_channel",
    "role",
    "pinged_role",
    "staff_roles",
    "number",
    "optional_number",
    "switch",
  ),
  value: Value.annotations({
    description: "An id, several, a number, or on and off; `null` where it is not set.",
  }),
  default: Value.annotations({
    description: "`null` for what is chosen when a guild is set up, and for none.",
  }),
  clearable: Schema.Boolean.annotations({ description: "Whether it may be left without a value." }),
  limits: Schema.NullOr(Schema.Struct({ min: Schema.Int, max: Schema.Int, unit: Schema.String })),
  most: Schema.NullOr(Schema.Int).annotations({ description: "How many roles at most." }),
  needs: Schema.Array(Schema.String).annotations({
    description: "Rights of the bot in a channel that is chosen.",
  }),
  otherwise: Schema.NullOr(Schema.String).annotations({
    description: "The environment variable that counts without a value.",
  }),
}).annotations({ identifier: "Setting" });
export type DescribedSetting = typeof DescribedSetting.Type;

/** Every setting of the table with its value, in the order of the table. */
export const describeSettings = (settings: SettingsPatch): ReadonlyArray<DescribedSetting> =>
  ALL_SETTINGS.map(([name, setting]) => ({
    name,
    group: setting.group,
    label: setting.label,
    purpose: setting.purpose,
    kind: setting.kind,
    value: setting.read(settings) ?? null,
    default: setting.read(SETTINGS_DEFAULTS) ?? null,
    clearable: cleared(setting) !== null,
    limits:
      setting.kind === "number" || setting.kind === "optional_number"
        ? { min: setting.min, max: setting.max, unit: setting.unit }
        : null,
    most: setting.kind === "staff_roles" ? setting.max : null,
    needs:
      setting.kind === "channel" || setting.kind === "optional_channel"
        ? setting.needs.map((need) => PERMISSION_NAMES[need])
        : [],
    otherwise: setting.kind === "optional_number" ? setting.otherwise : null,
  }));
