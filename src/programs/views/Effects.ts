import { DECISION_KINDS, type SideEffect } from "../../domain/SideEffect.js";
import { cut } from "../../domain/Text.js";

const EFFECT_WORDS = {
  GrantRole: "Role",
  KickMember: "Kick",
  DecisionMessage: "Direct message",
  WelcomePost: "Welcome post",
} as const satisfies Record<(typeof DECISION_KINDS)[number], string>;

const OUTCOME_WORDS: Readonly<Record<string, string>> = {
  dm_closed: "not delivered: takes no direct messages",
  left: "not possible: left the server",
};

const line = (label: string, effect: SideEffect, stuck: boolean): string => {
  switch (effect.state) {
    case "done":
      return effect.outcome === null
        ? `✅ ${label}: done`
        : `➖ ${label}: ${OUTCOME_WORDS[effect.outcome] ?? effect.outcome}`;
    case "failed":
      return `❌ ${label}: failed. ${cut(effect.lastError ?? "", 250)}`;
    case "waiting":
      if (stuck && effect.blockedBy > 0) return `⏸️ ${label}: waits for what failed`;
      return effect.lastError === null
        ? `⏳ ${label}: waiting`
        : `⏳ ${label}: trying again. ${cut(effect.lastError, 150)}`;
  }
};

export const anyFailed = (effects: ReadonlyArray<SideEffect>): boolean =>
  effects.some(
    ({ state, kind }) => state === "failed" && DECISION_KINDS.some((candidate) => candidate === kind),
  );

/** How the consequences of a decision fare, a line each (features.md F6). */
export const effectLines = (effects: ReadonlyArray<SideEffect>): ReadonlyArray<string> => {
  const stuck = anyFailed(effects);
  return effects.flatMap((effect) => {
    const kind = DECISION_KINDS.find((candidate) => candidate === effect.kind);
    return kind === undefined ? [] : [line(EFFECT_WORDS[kind], effect, stuck)];
  });
};
