/** One person of the world, with the hands and eyes a Discord client gives them. */
import type { Action, Modal, OptionValues, Outcome, Upload } from "../contract/interactions.js";
import type { WireMessage } from "../contract/wire.js";
import type { Control } from "./control.js";
import { Expectation } from "./Expectation.js";
import { OpenModal } from "./OpenModal.js";
import { Seat } from "./Seat.js";

/** An outcome whose modal can be filled and sent. */
export type Answered = Omit<Outcome, "modal"> & { modal?: OpenModal };

export interface ActOptions {
  /** `settled` waits until a deferred answer has been edited in; by default the acknowledgement is enough. */
  readonly until?: "acknowledged" | "settled";
  /** How long to wait for that; 20 s by default. */
  readonly timeoutMs?: number;
}

export interface SlashOptions extends ActOptions {
  readonly subcommand?: string;
  readonly group?: string;
  /** Skips what the Discord client refuses by itself (required options, ranges, choices). */
  readonly force?: boolean;
}

export class Actor {
  constructor(
    private readonly control: Control,
    readonly userId: string,
    readonly guildId?: string,
  ) {}

  /** Presses a button (or chooses `values` of a select menu) that is really there and not disabled. */
  press(
    channelId: string,
    messageId: string,
    component: string,
    options: ActOptions & { readonly values?: readonly string[] } = {},
  ): Promise<Answered> {
    const { values, ...wait } = options;
    return this.act(
      {
        kind: "press",
        ...this.who(),
        channelId,
        messageId,
        component,
        ...(values && { values: [...values] }),
      },
      wait,
    );
  }

  /** Fills a modal, by custom id or label, and sends it. Rejects when the Discord client would not let them send it. */
  submitModal(
    modal: Pick<Modal, "id">,
    values: Record<string, string>,
    options: ActOptions & { readonly force?: boolean } = {},
  ): Promise<Answered> {
    const { force = false, ...wait } = options;
    return this.act({ kind: "submit", ...this.who(), modalId: modal.id, values, force }, wait);
  }

  slash(
    channelId: string,
    command: string,
    values: OptionValues = {},
    options: SlashOptions = {},
  ): Promise<Answered> {
    const { subcommand, group, force = false, ...wait } = options;
    return this.act(
      {
        kind: "slash",
        ...this.who(),
        channelId,
        command,
        options: values,
        force,
        ...(subcommand !== undefined && { subcommand }),
        ...(group !== undefined && { group }),
      },
      wait,
    );
  }

  /** Types into the option `focused` and resolves with the choices offered. */
  autocomplete(
    channelId: string,
    command: string,
    focused: string,
    values: OptionValues,
    options: ActOptions & { readonly subcommand?: string; readonly group?: string } = {},
  ): Promise<Answered> {
    const { subcommand, group, ...wait } = options;
    return this.act(
      {
        kind: "autocomplete",
        ...this.who(),
        channelId,
        command,
        options: values,
        focused,
        ...(subcommand !== undefined && { subcommand }),
        ...(group !== undefined && { group }),
      },
      wait,
    );
  }

  /** A command of the Apps menu on a message or a person. */
  contextMenu(
    channelId: string,
    command: string,
    targetId: string,
    options: ActOptions = {},
  ): Promise<Answered> {
    return this.act({ kind: "contextMenu", ...this.who(), channelId, command, targetId }, options);
  }

  /** A hostile interaction that no Discord client would send: any custom id, from any message. */
  forge(
    channelId: string,
    forged: {
      readonly customId: string;
      readonly type?: "component" | "modal";
      readonly messageId?: string;
      readonly componentType?: number;
      readonly selected?: readonly string[];
      readonly values?: Record<string, string>;
    },
    options: ActOptions = {},
  ): Promise<Answered> {
    const { type = "component", selected, ...rest } = forged;
    return this.act(
      {
        kind: "forge",
        ...this.who(),
        channelId,
        type,
        ...rest,
        ...(selected && { selected: [...selected] }),
      },
      options,
    );
  }

  async act(action: Action, options: ActOptions = {}): Promise<Answered> {
    const { modal, ...outcome } = await this.control.call("act", { action, ...options });
    return { ...outcome, ...(modal !== undefined && { modal: new OpenModal(this, modal) }) };
  }

  /** In one channel, where things are found by what is written on them. */
  in(channelId: string): Seat {
    return new Seat(this, channelId);
  }

  /** What a channel should come to show to this person, ephemeral answers included. */
  expect(channelId: string): Expectation {
    return new Expectation(this.control, "what they see", channelId, () => this.messages(channelId));
  }

  /** A direct message to the bot. */
  dm(
    content: string,
    options: { readonly replyTo?: string; readonly uploads?: readonly Upload[] } = {},
  ): Promise<WireMessage> {
    const { uploads, ...rest } = options;
    return this.control.call("say", {
      userId: this.userId,
      content,
      ...rest,
      ...(uploads && { uploads: [...uploads] }),
    });
  }

  say(
    channelId: string,
    content: string,
    options: { readonly replyTo?: string; readonly uploads?: readonly Upload[] } = {},
  ): Promise<WireMessage> {
    const { uploads, ...rest } = options;
    return this.control.call("say", {
      userId: this.userId,
      channelId,
      content,
      ...rest,
      ...(uploads && { uploads: [...uploads] }),
    });
  }

  edit(channelId: string, messageId: string, content: string): Promise<WireMessage> {
    return this.control.call("editMessage", { userId: this.userId, channelId, messageId, content });
  }

  delete(channelId: string, messageId: string): Promise<null> {
    return this.control.call("deleteOwnMessage", { userId: this.userId, channelId, messageId });
  }

  react(channelId: string, messageId: string, emoji: string): Promise<null> {
    return this.control.call("react", { userId: this.userId, channelId, messageId, emoji });
  }

  unreact(channelId: string, messageId: string, emoji: string): Promise<null> {
    return this.control.call("react", { userId: this.userId, channelId, messageId, emoji, remove: true });
  }

  /** Starts typing: in a channel, or without one to the bot. */
  type(channelId?: string): Promise<null> {
    return this.control.call("type", {
      userId: this.userId,
      ...(channelId !== undefined && { channelId }),
    });
  }

  /** The channel as this person sees it, with the ephemeral answers to them; rejects where they cannot look. */
  messages(channelId: string): Promise<WireMessage[]> {
    return this.control.call("seenBy", { channelId, userId: this.userId });
  }

  /** Opens the application's authorize address and agrees; gives the address the browser is sent back to. */
  async authorize(url: string): Promise<URL> {
    const body = new URLSearchParams({ user_id: this.userId });
    const response = await fetch(url, { method: "POST", body, redirect: "manual" });
    const back = response.headers.get("location");
    if (back === null) throw new Error(`${response.status}: ${await response.text()}`);
    return new URL(back);
  }

  /** Their direct messages with the bot. */
  dms(): Promise<WireMessage[]> {
    return this.control.call("dmsOf", { userId: this.userId });
  }

  private who(): { userId: string; guildId?: string } {
    return this.guildId === undefined
      ? { userId: this.userId }
      : { userId: this.userId, guildId: this.guildId };
  }
}
