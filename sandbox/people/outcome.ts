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

/** The outcome once it is acknowledged or settled, or has failed; or as it is when the time is over. */
export function outcomeWhen(
  world: World,
  interaction: Interaction,
  until: Until,
  timeoutMs = WAIT_MS,
): Promise<Outcome> {
  const reached = (): boolean =>
    interaction.failed !== null ||
    (until === "acknowledged" ? interaction.ackType !== null : interaction.settledMs !== null);
  if (reached()) return Promise.resolve(outcomeOf(world, interaction));
  return new Promise((resolve) => {
    const done = (late: { failed?: string } = {}): void => {
      clearTimeout(timer);
      interaction.waiting.delete(look);
      resolve({ ...outcomeOf(world, interaction), ...late });
    };
    const look = (): void => {
      if (reached()) done();
    };
    const timer = setTimeout(() => done({ failed: `not ${until} within ${timeoutMs} ms` }), timeoutMs);
    interaction.waiting.add(look);
  });
}
