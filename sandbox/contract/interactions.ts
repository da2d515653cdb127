/** What a person does in the Discord client, and what came of it. */
import { z } from "zod";
import { WireComponent, WireMessage } from "./wire.js";

export const OptionValue = z.union([z.string(), z.number(), z.boolean()]);
/** Values by option name; users, channels and roles by their id. */
export const OptionValues = z.record(z.string(), OptionValue);
export type OptionValues = z.infer<typeof OptionValues>;

const who = { userId: z.string(), guildId: z.string().optional() };
const command = {
  channelId: z.string(),
  command: z.string(),
  options: OptionValues.optional(),
  subcommand: z.string().optional(),
  group: z.string().optional(),
};

/** One act of one person. `force` skips what the Discord client itself would refuse. */
export const Action = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("slash"), ...who, ...command, force: z.boolean().optional() }),
  z.object({ kind: z.literal("autocomplete"), ...who, ...command, focused: z.string() }),
  z.object({
    kind: z.literal("contextMenu"),
    ...who,
    channelId: z.string(),
    command: z.string(),
    targetId: z.string(),
  }),
  z.object({
    kind: z.literal("press"),
    ...who,
    channelId: z.string(),
    messageId: z.string(),
    /** A custom id or a label. */
    component: z.string(),
    /** For select menus. */
    values: z.array(z.string()).optional(),
  }),
  z.object({
    kind: z.literal("submit"),
    ...who,
    /** The interaction that was answered with the modal. */
    modalId: z.string(),
    /** By custom id or label; what is missing keeps its preset value. */
    values: z.record(z.string(), z.string()),
    force: z.boolean().optional(),
  }),
  z.object({
    kind: z.literal("forge"),
    ...who,
    channelId: z.string(),
    type: z.enum(["component", "modal"]),
    customId: z.string(),
    /** The message the forged press pretends to come from. */
    messageId: z.string().optional(),
    componentType: z.number().optional(),
    selected: z.array(z.string()).optional(),
    values: z.record(z.string(), z.string()).optional(),
  }),
]);
export type Action = z.infer<typeof Action>;

export const Modal = z.object({
  /** The id of the interaction that was answered with it. */
  id: z.string(),
  custom_id: z.string(),
  title: z.string(),
  components: z.array(WireComponent),
});
export type Modal = z.infer<typeof Modal>;

export const AckType = z.enum(["reply", "defer", "deferUpdate", "update", "modal", "choices"]);
export type AckType = z.infer<typeof AckType>;

export const Choice = z.object({ name: z.string(), value: z.union([z.string(), z.number()]) });
export type Choice = z.infer<typeof Choice>;

export const Outcome = z.object({
  interactionId: z.string(),
  /** Null while unanswered. */
  ackType: AckType.nullable(),
  /** From the gateway dispatch to the arrival of the callback, measured inside the sandbox. */
  ackMs: z.number().nullable(),
  /** From the gateway dispatch until the final answer stood (for a deferred one: its edit). */
  settledMs: z.number().nullable(),
  settled: z.boolean(),
  ephemeral: z.boolean(),
  /** The reply as it is now, or for an update the message that was updated. */
  reply: WireMessage.optional(),
  followUps: z.array(WireMessage),
  modal: Modal.optional(),
  choices: z.array(Choice).optional(),
  /** 'no answer within 3 s' or what else the person would see as a failed interaction. */
  failed: z.string().optional(),
});
export type Outcome = z.infer<typeof Outcome>;

export const Until = z.enum(["acknowledged", "settled"]);
export type Until = z.infer<typeof Until>;

/** A file of a person's message; `size` alone makes zeros of that length. */
export const Upload = z.object({
  filename: z.string(),
  contentType: z.string().optional(),
  base64: z.string().optional(),
  size: z.number().optional(),
});
export type Upload = z.infer<typeof Upload>;
