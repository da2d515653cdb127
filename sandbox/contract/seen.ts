/** What one person sees in the Discord client: guilds, channels, people, commands. */
import { z } from "zod";
import { Role, User } from "./world.js";

export const SeenChannel = z.object({
  id: z.string(),
  name: z.string(),
  /** Discord's channel type number: 0 text, 2 voice, 4 category, 5 announcement, 11 and 12 threads, 15 forum. */
  type: z.number(),
  topic: z.string().nullable(),
  /** The category, or for a thread its channel. */
  parentId: z.string().nullable(),
  position: z.number(),
  lastMessageId: z.string().nullable(),
  canWrite: z.boolean(),
  canReact: z.boolean(),
  canUseCommands: z.boolean(),
  /** Only threads have these. */
  archived: z.boolean().optional(),
  locked: z.boolean().optional(),
});
export type SeenChannel = z.infer<typeof SeenChannel>;

export const SeenGuild = z.object({
  id: z.string(),
  name: z.string(),
  iconUrl: z.string().nullable(),
  ownerId: z.string(),
  withBot: z.boolean(),
  /** Highest first. */
  roles: z.array(Role),
  /** Only those this person can look into. */
  channels: z.array(SeenChannel),
  threads: z.array(SeenChannel),
});
export type SeenGuild = z.infer<typeof SeenGuild>;

export const Sight = z.object({
  user: User,
  guilds: z.array(SeenGuild),
  /** Their direct channel with the bot, once one of the two has written. */
  directChannelId: z.string().nullable(),
});
export type Sight = z.infer<typeof Sight>;

export const Person = z.object({
  userId: z.string(),
  username: z.string(),
  /** The name to show: nickname, global name or username. */
  name: z.string(),
  avatarUrl: z.string(),
  bot: z.boolean(),
  dmsClosed: z.boolean(),
  /** Of the guild that was asked for; `null` for who is not a member. */
  member: z
    .object({
      roles: z.array(z.string()),
      joinedAt: z.number(),
      timeoutUntil: z.number().nullable(),
      owner: z.boolean(),
      admin: z.boolean(),
    })
    .nullable(),
});
export type Person = z.infer<typeof Person>;

export interface SeenOption {
  name: string;
  description: string;
  /** Discord's option type number. */
  type: number;
  required: boolean;
  autocomplete: boolean;
  choices: { name: string; value: string | number }[];
  channelTypes: number[];
  min?: number | undefined;
  max?: number | undefined;
  /** Of a subcommand or a group. */
  options: SeenOption[];
}
export const SeenOption: z.ZodType<SeenOption> = z.lazy(() =>
  z.object({
    name: z.string(),
    description: z.string(),
    type: z.number(),
    required: z.boolean(),
    autocomplete: z.boolean(),
    choices: z.array(z.object({ name: z.string(), value: z.union([z.string(), z.number()]) })),
    channelTypes: z.array(z.number()),
    min: z.number().optional(),
    max: z.number().optional(),
    options: z.array(SeenOption),
  }),
);

export const SeenCommand = z.object({
  id: z.string(),
  name: z.string(),
  /** 1 slash, 2 on a person, 3 on a message. */
  type: z.number(),
  description: z.string(),
  options: z.array(SeenOption),
});
export type SeenCommand = z.infer<typeof SeenCommand>;
