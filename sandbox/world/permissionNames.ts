/** Discord's permission names in the order of their bits; null where Discord has no permission. */
const BITS = [
  "CreateInstantInvite", "KickMembers", "BanMembers", "Administrator", "ManageChannels", "ManageGuild",
  "AddReactions", "ViewAuditLog", "PrioritySpeaker", "Stream", "ViewChannel", "SendMessages", "SendTTSMessages",
  "ManageMessages", "EmbedLinks", "AttachFiles", "ReadMessageHistory", "MentionEveryone", "UseExternalEmojis",
  "ViewGuildInsights", "Connect", "Speak", "MuteMembers", "DeafenMembers", "MoveMembers", "UseVAD", "ChangeNickname",
  "ManageNicknames", "ManageRoles", "ManageWebhooks", "ManageGuildExpressions", "UseApplicationCommands",
  "RequestToSpeak", "ManageEvents", "ManageThreads", "CreatePublicThreads", "CreatePrivateThreads",
  "UseExternalStickers", "SendMessagesInThreads", "UseEmbeddedActivities", "ModerateMembers",
  "ViewCreatorMonetizationAnalytics", "UseSoundboard", "CreateGuildExpressions", "CreateEvents",
  "UseExternalSounds", "SendVoiceMessages", null, null, "SendPolls", "UseExternalApps", "PinMessages",
  "BypassSlowmode",
] as const;

export type KnownPermission = Exclude<(typeof BITS)[number], null>;

export const PERMISSION_NAMES = BITS.filter((name): name is KnownPermission => name !== null);

export const BIT: ReadonlyMap<KnownPermission, bigint> = new Map(
  BITS.flatMap((name, bit) => (name === null ? [] : [[name, 1n << BigInt(bit)] as const])),
);
