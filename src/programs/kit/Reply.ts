import { Effect } from "effect";
import type { MessagePayload, ModalPayload } from "../../layers/discord/Interaction.js";

/** What a handler answers; the router sends it, in time and in the right form. */
export type Reply =
  /** Seen by the person alone. What is not known yet can be put in its place `later`. */
  | {
      readonly _tag: "Private";
      readonly payload: MessagePayload;
      readonly later: Effect.Effect<MessagePayload> | null;
    }
  /** Redraws the message whose button was pressed. */
  | { readonly _tag: "Update"; readonly payload: MessagePayload; readonly delivered: Effect.Effect<void> }
  | { readonly _tag: "Modal"; readonly modal: ModalPayload };

export const Private = (
  payload: MessagePayload | string,
  later: Effect.Effect<MessagePayload> | null = null,
): Reply => ({
  _tag: "Private",
  payload: typeof payload === "string" ? { content: payload } : payload,
  later,
});

/** `delivered` runs once Discord has taken the answer. */
export const Update = (payload: MessagePayload, delivered: Effect.Effect<void> = Effect.void): Reply => ({
  _tag: "Update",
  payload,
  delivered,
});

export const Modal = (modal: ModalPayload): Reply => ({ _tag: "Modal", modal });
