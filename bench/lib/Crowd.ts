/** People and moderators of a crash run, and what they can do next; read from what the sandbox shows them. */
import type { Action, Outcome, WireMessage } from "../../sandbox/client.js";
import {
  buttonIdsOf,
  confirmedCode,
  type Door,
  embedText,
  eventually,
  filled,
  gateMessages,
  modalOf,
} from "../../test/support/frontDoor.js";
import type { Confirmed, StepKind } from "./crashAudit.js";

export type Random = () => number;

/** mulberry32: small, and the same everywhere. */
export const randomFrom = (seed: number): Random => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

export const pick = <A>(random: Random, from: readonly [A, ...ReadonlyArray<A>]): A =>
  from[Math.floor(random() * from.length)] ?? from[0];

export const DECISIONS = ["accept", "reject", "kick"] as const;

/** A person's step, ready to be fired. */
export interface Step {
  readonly kind: StepKind;
  readonly userId: string;
  readonly by: string;
  /** Of a submission it is known once it is confirmed. */
  readonly code: string | undefined;
  readonly action: Action;
}

/** A review card as its buttons show it. */
interface Card {
  readonly messageId: string;
  readonly code: string;
  readonly userId: string;
  /** Custom ids by label. */
  readonly buttons: ReadonlyMap<string, string>;
  readonly claimedBy: string | undefined;
  readonly state: "pending" | "claimed" | "decided";
}

const cardOf = (message: WireMessage): Card | undefined => {
  const [embed] = message.embeds;
  const code = /^Application #([0-9a-f]{6})$/.exec(embed?.title ?? "")?.[1];
  const userId = /<@(\d+)> · /.exec(embed?.description ?? "")?.[1];
  if (code === undefined || userId === undefined) return undefined;
  const buttons = buttonIdsOf(message);
  return {
    messageId: message.id,
    code,
    userId,
    buttons,
    claimedBy: /\*\*Claimed\*\* by <@(\d+)>/.exec(embedText(message))?.[1],
    state: buttons.has("Claim") ? "pending" : buttons.has("Accept") ? "claimed" : "decided",
  };
};

export class Crowd {
  private next = 0;

  constructor(
    private readonly door: Door,
    private readonly random: Random,
  ) {}

  /** A submission each of `count` people who have not applied, with the form open. */
  async submissions(count: number): Promise<ReadonlyArray<Step>> {
    const { guild } = this.door;
    const people = guild.applicantIds.slice(this.next, this.next + count);
    if (people.length < count) throw new Error("Everybody has applied");
    this.next += count;
    const [gate] = await gateMessages(this.door);
    if (gate === undefined) throw new Error("There is no gate message");
    const forms = await this.doAll(
      people.map((userId) => ({
        kind: "press",
        userId,
        guildId: guild.guildId,
        channelId: guild.channels.gate,
        messageId: gate.id,
        component: "Verify",
      })),
    );
    return forms.map((outcome, index) => {
      const userId = people[index] ?? "";
      const modal = modalOf(outcome);
      return {
        kind: "submit",
        userId,
        by: userId,
        code: undefined,
        action: {
          kind: "submit",
          userId,
          guildId: guild.guildId,
          modalId: modal.id,
          values: filled(modal),
        },
      };
    });
  }

  /** Claims of `count` waiting applications. */
  async claims(count: number): Promise<ReadonlyArray<Step>> {
    const missing = count - (await this.cards("pending")).length;
    if (missing > 0) {
      await this.doAll((await this.submissions(missing)).map(({ action }) => action));
      await this.have("pending", count);
    }
    return this.pick(await this.cards("pending"), count).map((card) => {
      const by = this.door.guild.moderatorIds[this.random() < 0.5 ? 0 : 1];
      return {
        kind: "claim",
        userId: card.userId,
        by,
        code: card.code,
        action: this.press(card, by, "Claim"),
      };
    });
  }

  /** Decisions about `count` claimed applications; where they ask for a reason, its form is open. */
  async decisions(kind: (typeof DECISIONS)[number], count: number): Promise<ReadonlyArray<Step>> {
    const missing = count - (await this.cards("claimed")).length;
    if (missing > 0) {
      await this.doAll((await this.claims(missing)).map(({ action }) => action));
      await this.have("claimed", count);
    }
    const chosen = this.pick(await this.cards("claimed"), count).map((card) => ({
      card,
      by: card.claimedBy ?? "",
    }));
    const label = { accept: "Accept", reject: "Reject", kick: "Kick" }[kind];
    const presses = chosen.map(({ card, by }) => this.press(card, by, label));
    if (kind === "accept") {
      return chosen.map(({ card, by }, index) => step(kind, card, by, presses[index]));
    }
    const forms = await this.doAll(presses);
    return chosen.flatMap(({ card, by }, index) => {
      const modal = forms[index]?.modal;
      // A card from before a crash may be older than its application: it is refused, and left for later.
      if (modal === undefined) return [];
      return [
        step(kind, card, by, {
          kind: "submit",
          userId: by,
          guildId: this.door.guild.guildId,
          modalId: modal.id,
          values: filled(modal, `Decided in round ${this.next}.`),
        }),
      ];
    });
  }

  /** A press on the button as it was seen: the card may have been redrawn since, as it may be for anybody. */
  private press(card: Card, userId: string, label: string): Action {
    const { guild } = this.door;
    return {
      kind: "forge",
      type: "component",
      userId,
      guildId: guild.guildId,
      channelId: guild.channels.review,
      messageId: card.messageId,
      customId: card.buttons.get(label) ?? "",
    };
  }

  private async doAll(actions: ReadonlyArray<Action>): Promise<ReadonlyArray<Outcome>> {
    const { client } = this.door;
    return client.outcomes(await client.fire(actions), { until: "settled" });
  }

  private async cards(state: Card["state"]): Promise<ReadonlyArray<Card>> {
    const { client, guild } = this.door;
    return (await client.messages(guild.channels.review)).flatMap((message) => {
      const card = cardOf(message);
      return card?.state === state ? [card] : [];
    });
  }

  /** Waits for cards, but not for ever: one that is older than its application refuses what it offers. */
  private async have(state: Card["state"], count: number): Promise<void> {
    await eventually(
      () => this.cards(state),
      (found) => found.length >= count,
      4_000,
    );
  }

  private pick<A>(from: ReadonlyArray<A>, count: number): ReadonlyArray<A> {
    const left = [...from];
    const chosen: Array<A> = [];
    while (chosen.length < count && left.length > 0) {
      chosen.push(...left.splice(Math.floor(this.random() * left.length), 1));
    }
    return chosen;
  }
}

const step = (kind: StepKind, card: Card, by: string, action: Action | undefined): Step => {
  if (action === undefined) throw new Error("There is nothing to do");
  return { kind, userId: card.userId, by, code: card.code, action };
};

/** What a person was told is done; a private answer to a press on a card is a refusal. */
export const confirmation = (
  { kind, userId, by, code }: Step,
  outcome: Outcome,
): ReadonlyArray<Confirmed> => {
  if (kind === "submit") {
    const told = confirmedCode(outcome);
    return told === undefined ? [] : [{ kind, userId, by, code: told }];
  }
  const shown =
    outcome.ackType === "update" ||
    (outcome.ackType === "deferUpdate" && outcome.settled && outcome.followUps.length === 0);
  return shown && code !== undefined ? [{ kind, userId, by, code }] : [];
};
