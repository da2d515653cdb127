import { ChannelType } from "discord.js";
import { Effect, Option } from "effect";
import { Preflight } from "../../services/Preflight.js";
import { Settings } from "../../services/Settings.js";
import { Settlement } from "../../services/Settlement.js";
import * as Command from "../kit/Command.js";
import * as Options from "../kit/Options.js";
import { Private } from "../kit/Reply.js";
import { setupDone, setupRefused } from "../views/SetupReport.js";

const textChannel = (description: string) =>
  Options.channel({ description, types: [ChannelType.GuildText, ChannelType.GuildAnnouncement] });

/** How long an admin is kept waiting for the gate message. */
const PATIENCE_MILLIS = 10_000;

/** Looks at everything first and stores nothing while anything is wrong. */
export const gateSetup = Command.subcommand({
  name: "setup",
  description: "Choose channels and role, and post the gate message",
  rung: "admin",
  options: {
    review_channel: textChannel("Where moderators see applications"),
    gate_channel: textChannel("Where new members find the Verify button"),
    general_channel: textChannel("Where accepted members are welcomed"),
    accepted_role: Options.role({ description: "The role that accepted members get" }),
    unverified_channel: Options.optional(textChannel("Where unverified members can be pinged")),
    reviewer_role: Options.optional(Options.role({ description: "Who may review; without it admins only" })),
    modmail_channel: Options.optional(textChannel("Where modmail threads are opened")),
    logging_channel: Options.optional(textChannel("Where every action is logged")),
  },
  handler: ({ guildId, actor, options }) =>
    Effect.gen(function* () {
      const preflight = yield* Preflight;
      const settings = yield* Settings;
      const settlement = yield* Settlement;
      const setup = {
        reviewChannelId: options.review_channel,
        gateChannelId: options.gate_channel,
        generalChannelId: options.general_channel,
        acceptedRoleId: options.accepted_role,
        unverifiedChannelId: Option.getOrNull(options.unverified_channel),
        reviewerRoleId: Option.getOrNull(options.reviewer_role),
        modmailChannelId: Option.getOrNull(options.modmail_channel),
        loggingChannelId: Option.getOrNull(options.logging_channel),
      };
      const { reviewerRoleId, ...places } = setup;
      const findings = yield* preflight.check(guildId, {
        ...places,
        ...(reviewerRoleId === null ? {} : { reviewerRoleIds: [reviewerRoleId] }),
      });
      if (findings.some(({ problem }) => problem !== null)) return Private(setupRefused(findings));
      const gateMessage = yield* settings.setUp(guildId, actor.id, setup);
      const later = Effect.map(settlement.await(gateMessage, PATIENCE_MILLIS), (settled) =>
        setupDone(findings, Option.getOrNull(settled)),
      );
      return Private(setupDone(findings, null), later);
    }),
});
