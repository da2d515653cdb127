import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "@effect/platform";
import { Schema } from "effect";
import { Panic } from "../../domain/Raid.js";
import { ChosenChannelHealth } from "../../domain/ChosenChannel.js";
import { Finding } from "../../domain/Finding.js";
import { GuildId, Millis, UserId } from "../../domain/Ids.js";
import { GuildAdmin, InGuild } from "./Guards.js";

/** A guild at a glance: what it is, and whether the bot can do its work in it. */
export class Guild extends Schema.Class<Guild>("Guild")({
  id: GuildId,
  name: Schema.String,
  iconUrl: Schema.NullOr(Schema.String),
  bannerUrl: Schema.NullOr(Schema.String),
  memberCount: Schema.Int,
  ownerId: UserId,
  available: Schema.Boolean.annotations({
    description: "`false` while Discord has an outage: the guild is there, but says nothing.",
  }),
  setUp: Schema.Boolean.annotations({ description: "Whether `/gate setup` has been run." }),
  rung: Schema.Literal("admin", "owner").annotations({ description: "What you may do here." }),
  preflight: Schema.Struct({
    wouldWork: Schema.Boolean.annotations({
      description: "Whether accepting somebody would work right now.",
    }),
    findings: Schema.Array(Finding),
  }),
  panic: Schema.NullOr(
    Schema.Struct({ isOn: Schema.Boolean, since: Millis, by: Panic.fields.actor }),
  ).annotations({
    description:
      "Panic mode; `null` where it was never on. `by` is `system` where a wave of joins turned it on.",
  }),
  logging: Schema.Struct({
    channel: Schema.NullOr(ChosenChannelHealth),
    problem: Schema.NullOr(Schema.String),
    parked: Schema.Int.annotations({ description: "Entries of the log that wait until they can be posted." }),
  }),
}) {}

export const GuildGroup = HttpApiGroup.make("guild").add(
  HttpApiEndpoint.get("guild", "/api/guild")
    .setUrlParams(Schema.Struct(InGuild))
    .addSuccess(Guild)
    .middleware(GuildAdmin)
    .annotate(
      OpenApi.Description,
      "The guild, every check of whether accepting somebody would work right now, panic mode, and how its log is doing.",
    ),
);
