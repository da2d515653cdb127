/** Rights of the bot, as Discord's settings call them. */
export const PERMISSION_NAMES = {
  ViewChannel: "View Channel",
  SendMessages: "Send Messages",
  EmbedLinks: "Embed Links",
  AttachFiles: "Attach Files",
  ReadMessageHistory: "Read Message History",
  ManageMessages: "Manage Messages",
  PinMessages: "Pin Messages",
  CreatePrivateThreads: "Create Private Threads",
  SendMessagesInThreads: "Send Messages in Threads",
  ManageThreads: "Manage Threads",
  ManageRoles: "Manage Roles",
  KickMembers: "Kick Members",
  BanMembers: "Ban Members",
  ManageGuild: "Manage Server",
} as const;
export type PermissionName = keyof typeof PERMISSION_NAMES;
