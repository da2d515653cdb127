/** What there is to try, on the first screen of the page. */
import { z } from "zod";

export const Tip = z.object({
  text: z.string(),
  /** Whom to be for it, and where; the channel `dm` is that of direct messages. */
  userId: z.string().optional(),
  channelId: z.string().optional(),
});
export type Tip = z.infer<typeof Tip>;

export const Guide = z.object({
  title: z.string(),
  tips: z.array(Tip).max(20),
  /** The bot's own page, where one signs in with this Discord. */
  dashboardUrl: z.url({ protocol: /^https?$/ }).optional(),
});
export type Guide = z.infer<typeof Guide>;
