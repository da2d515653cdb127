import type { Outcome, Until } from "../contract/interactions.js";
import type { Interaction } from "../world/interactionState.js";
import type { World } from "../world/World.js";

const WAIT_MS = 20_000;

/** What has come of an interaction so far. */
export function outcomeOf(world: World, interaction: Interaction): Outcome {
  const { original } = interaction;
  return {
    interactionId: interaction.id,
    ackType: interaction.ackType,
    ackMs: interaction.ackMs,
    settledMs: interaction.settledMs,
    settled: interaction.settledMs !== null || interaction.failed !== null,
    ephemeral: interaction.ephemeral,
    ...(original !== null && { reply: world.messages.wire(original) }),
    followUps: interaction.followUps.map((message) => world.messages.wire(message)),
    ...(interaction.modal !== null && { modal: interaction.modal }),
    ...(interaction.choices !== null && { choices: interaction.choices }),
    ...(interaction.failed !== null && { failed: interaction.failed }),
  };
}

/** Waits until it is acknowledged or settled, or has failed, but not longer than asked. */
export function whenReached(interaction: Interaction, until: Until, timeoutMs = WAIT_MS): Promise<void> {
  const reached = (): boolean =>
    interaction.failed !== null ||
    (until === "acknowledged" ? interaction.ackType !== null : interaction.settledMs !== null);
  if (reached()) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      interaction.waiting.delete(look);
      resolve();
    };
    const look = (): void => {
      if (reached()) done();
    };
    const timer = setTimeout(() => {
      if (until === "settled" && interaction.ackType !== null)
        interaction.failed ??= `not settled within ${timeoutMs} ms`;
      done();
    }, timeoutMs);
    interaction.waiting.add(look);
  });
}
