import type { AckType, Choice, Modal } from "../contract/interactions.js";
import type { Draft } from "./Messages.js";
import type { Channel, Guild, InteractionMeta, Message, User } from "./state.js";

export const InteractionType = { command: 2, component: 3, autocomplete: 4, modal: 5 } as const;

export interface NewInteraction {
  readonly type: number;
  readonly user: User;
  readonly guild: Guild | null;
  readonly channel: Channel;
  readonly data: object;
  /** For a component its message, for a modal the message of the component that opened it. */
  readonly source: Message | null;
  /** For a modal, the interaction that was answered with it. */
  readonly opener: Interaction | null;
}

export interface Interaction extends NewInteraction {
  readonly id: string;
  readonly token: string;
  readonly meta: InteractionMeta;
  readonly createdAt: number;
  readonly sentAt: number;
  ackType: AckType | null;
  ackMs: number | null;
  settledMs: number | null;
  ephemeral: boolean;
  /** What `@original` means: the reply, or the updated message of a component. */
  original: Message | null;
  readonly followUps: Message[];
  modal: Modal | null;
  choices: Choice[] | null;
  failed: string | null;
  /** Called once, at the next change. */
  readonly waiting: Set<() => void>;
  timer: NodeJS.Timeout | null;
}

export type Reply = Omit<Draft, "author" | "webhookId" | "interaction" | "ephemeralFor">;

export function newInteraction(
  fresh: NewInteraction,
  id: string,
  number: number,
  createdAt: number,
): Interaction {
  return {
    ...fresh,
    id,
    token: Buffer.from(`interaction:${id}:${number.toString(36)}`).toString("base64url"),
    meta: {
      id,
      type: fresh.type,
      user: fresh.user,
      sourceMessageId: fresh.source?.id ?? null,
      trigger: fresh.opener?.meta ?? null,
    },
    createdAt,
    sentAt: performance.now(),
    ackType: null,
    ackMs: null,
    settledMs: null,
    ephemeral: false,
    original: null,
    followUps: [],
    modal: null,
    choices: null,
    failed: null,
    waiting: new Set(),
    timer: null,
  };
}
