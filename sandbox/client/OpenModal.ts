import type { Modal } from "../contract/interactions.js";
import type { WireComponent } from "../contract/wire.js";
import type { ActOptions, Actor, Answered } from "./Actor.js";

/** A modal in front of one person: `modal.fill({ "Why?": "I like foxes" }).submit()`. */
export class OpenModal implements Modal {
  readonly id: string;
  readonly custom_id: string;
  readonly title: string;
  readonly components: WireComponent[];

  constructor(
    private readonly actor: Actor,
    modal: Modal,
    private readonly values: Readonly<Record<string, string>> = {},
  ) {
    this.id = modal.id;
    this.custom_id = modal.custom_id;
    this.title = modal.title;
    this.components = modal.components;
  }

  /** By custom id or label; what is not named keeps what stood there. */
  fill(values: Readonly<Record<string, string>>): OpenModal {
    return new OpenModal(this.actor, this, { ...this.values, ...values });
  }

  /** Rejects when the Discord client would not let them send it. */
  submit(options: ActOptions & { readonly force?: boolean } = {}): Promise<Answered> {
    return this.actor.submitModal(this, { ...this.values }, options);
  }
}
