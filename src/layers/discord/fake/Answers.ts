import { Effect } from "effect";
import type { InteractionId } from "../../../domain/Ids.js";
import type { DiscordShape } from "../../Discord.js";
import { InteractionGone, UnknownTarget } from "../Errors.js";
import type { Interaction } from "../Interaction.js";
import type { Calls } from "./Calls.js";

type Operations = Pick<DiscordShape, "respond" | "editResponse" | "followUp">;

/** Answers to interactions: a first one comes once, and everything else after it. */
export const makeAnswers = ({ perform }: Calls): Operations => {
  const answered = new Set<InteractionId>();

  const first = ({ id }: Interaction) =>
    Effect.suspend(() => {
      if (answered.has(id)) return Effect.fail(new InteractionGone({ code: 40060 }));
      answered.add(id);
      return Effect.void;
    });
  const later = ({ id }: Interaction) =>
    Effect.suspend(() =>
      answered.has(id) ? Effect.void : Effect.fail(new UnknownTarget({ target: "webhook" })),
    );

  return {
    respond: (interaction, callback) =>
      perform({ _tag: "respond", interaction, callback }, first(interaction)),
    editResponse: (interaction, payload) =>
      perform({ _tag: "editResponse", interaction, payload }, later(interaction)),
    followUp: (interaction, payload) =>
      perform({ _tag: "followUp", interaction, payload }, later(interaction)),
  };
};
