import { Schema } from "effect";
import { ChannelId, RoleId } from "./Ids.js";
import { SettingName } from "./SettingsTable.js";

/** One thing that was looked at, so as to know whether accepting somebody would work right now (features.md F4). */
export const Finding = Schema.Struct({
  about: Schema.Union(SettingName, Schema.Literal("server")).annotations({
    description: "The setting it is about; `server` for what no setting can mend.",
  }),
  label: Schema.String,
  target: Schema.NullOr(
    Schema.Union(
      Schema.Struct({ kind: Schema.Literal("channel"), id: ChannelId }),
      Schema.Struct({ kind: Schema.Literal("role"), id: RoleId }),
    ),
  ),
  problem: Schema.NullOr(Schema.String).annotations({
    description: "What is wrong and what to do, in Discord's markdown; `null` when all is well.",
  }),
});
export type Finding = typeof Finding.Type;

/** What was looked at, as Discord shows it. */
export const subjectOf = ({ label, target }: Pick<Finding, "label" | "target">): string => {
  if (target === null) return label;
  return `${label} ${target.kind === "channel" ? `<#${target.id}>` : `<@&${target.id}>`}`;
};

/** Channels or roles that the bot could not use, so that nothing was saved. */
export class SettingsRefused extends Schema.TaggedError<SettingsRefused>()("SettingsRefused", {
  findings: Schema.Array(Finding),
}) {}
