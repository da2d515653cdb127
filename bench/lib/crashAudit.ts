/** Compares what people were told, what the database holds and what the sandbox shows after crashes. */
import type { WireMessage, WorldEvent } from "../../sandbox/client.js";
import { type Door, embedText } from "../../test/support/frontDoor.js";
import type { Ledger, StoredApplication } from "./Ledger.js";

export const STEP_KINDS = ["submit", "claim", "accept", "reject", "kick"] as const;
export type StepKind = (typeof STEP_KINDS)[number];

/** Something a person was told is done. */
export interface Confirmed {
  readonly kind: StepKind;
  /** The applicant. */
  readonly userId: string;
  /** Who did it. */
  readonly by: string;
  readonly code: string;
}

export interface Problem {
  readonly kind: "lostSubmission" | "missing" | "doubled";
  readonly what: string;
}

/** What the sandbox shows, read once. */
export interface Seen {
  readonly review: ReadonlyArray<WireMessage>;
  readonly logs: ReadonlyArray<WireMessage>;
  readonly general: ReadonlyArray<WireMessage>;
  readonly dms: ReadonlyMap<string, ReadonlyArray<WireMessage>>;
  /** Roles of those who are in the guild. */
  readonly members: ReadonlyMap<string, ReadonlyArray<string>>;
  readonly rolesAdded: ReadonlyArray<WorldEvent>;
  readonly kicks: ReadonlyArray<WorldEvent>;
}

export const look = async ({ client, guild }: Door, people: ReadonlyArray<string>): Promise<Seen> => {
  const { channels, guildId } = guild;
  const dms = new Map<string, ReadonlyArray<WireMessage>>();
  const members = new Map<string, ReadonlyArray<string>>();
  for (const userId of people) {
    dms.set(userId, await client.dmsOf(userId));
    const member = await client.member(guildId, userId);
    if (member !== null) members.set(userId, member.roles);
  }
  return {
    review: await client.messages(channels.review),
    logs: await client.messages(channels.logs),
    general: await client.messages(channels.general),
    dms,
    members,
    rolesAdded: await client.events({ event: "role_added", roleId: guild.roles.member }),
    kicks: await client.events({ event: "member_kicked" }),
  };
};

const STATUS_SHOWN = {
  draft: null,
  pending: "**Waiting**",
  claimed: "**Claimed**",
  approved: "**Approved**",
  rejected: "**Rejected**",
  perm_rejected: "**Permanently rejected**",
  kicked: "**Kicked**",
  withdrawn: "**Withdrawn**",
} as const satisfies Record<StoredApplication["status"], string | null>;

const DECISION_OF = { approved: "approve", rejected: "reject", kicked: "kick" } as const;
const ACTION_OF = {
  submit: "app_submitted",
  claim: "claim",
  accept: "approve",
  reject: "reject",
  kick: "kick",
} as const satisfies Record<StepKind, string>;

const footersOf = (messages: ReadonlyArray<WireMessage>): ReadonlyArray<string> =>
  messages.flatMap(({ embeds }) => embeds.map(({ footer }) => footer?.text ?? ""));

/** Every way in which the three disagree. */
export const audit = (
  ledger: Ledger,
  seen: Seen,
  confirmed: ReadonlyArray<Confirmed>,
  memberRole: string,
): ReadonlyArray<Problem> => {
  const problems: Array<Problem> = [];
  const problem = (kind: Problem["kind"], what: string): void => {
    problems.push({ kind, what });
  };
  /** `expected` of them, no fewer and no more. */
  const exactly = (expected: number, found: number, what: string): void => {
    if (found < expected) problem("missing", `${what}: ${found} instead of ${expected}`);
    if (found > expected) problem("doubled", `${what}: ${found} instead of ${expected}`);
  };
  const byCode = new Map(ledger.applications.map((application) => [application.code, application]));
  const logged = footersOf(seen.logs);
  const actionsOf = ({ id }: StoredApplication, name: string) =>
    ledger.actions.filter((action) => action.applicationId === id && action.name === name);

  for (const { kind, userId, by, code } of confirmed) {
    const application = byCode.get(code);
    if (application === undefined) {
      problem(
        kind === "submit" ? "lostSubmission" : "missing",
        `${kind} of #${code} was confirmed, but is not stored`,
      );
      continue;
    }
    const actor = kind === "submit" ? userId : by;
    if (!actionsOf(application, ACTION_OF[kind]).some((action) => action.actor === actor)) {
      problem(
        kind === "submit" ? "lostSubmission" : "missing",
        `${kind} of #${code} was confirmed, but the log has no such action`,
      );
    }
    if (kind !== "submit" && application.status === "pending") {
      problem("missing", `${kind} of #${code} was confirmed, but it is pending`);
    }
  }

  const applicants = ledger.applications.map(({ userId }) => userId);
  exactly(new Set(applicants).size, applicants.length, "applications, one a person");

  for (const application of ledger.applications) {
    const { code, userId, status } = application;
    if (status === "draft") continue;
    const name = `#${code} (${status})`;
    const cards = seen.review.filter(({ embeds }) =>
      embeds.some(({ title }) => title === `Application #${code}`),
    );
    exactly(1, cards.length, `cards of ${name}`);
    const card = cards[0] === undefined ? "" : embedText(cards[0]);
    const shown = STATUS_SHOWN[status];
    if (cards[0] !== undefined && shown !== null && !card.includes(shown)) {
      problem("missing", `the card of ${name} does not show its state: ${card.split("\n")[2] ?? ""}`);
    }
    if (card.includes("⏳")) problem("missing", `the card of ${name} still shows something as waiting`);

    const dms = footersOf(seen.dms.get(userId) ?? []);
    const about = (topic: string) => dms.filter((footer) => footer.endsWith(`#${code} · ${topic}`)).length;
    exactly(1, about("received"), `confirming messages of ${name}`);
    for (const [state, action] of Object.entries(DECISION_OF)) {
      const expected = state === status ? 1 : 0;
      exactly(expected, about(state), `messages '${state}' of ${name}`);
      exactly(expected, actionsOf(application, action).length, `actions '${action}' of ${name}`);
    }
    exactly(1, actionsOf(application, "app_submitted").length, `actions 'app_submitted' of ${name}`);
    exactly(
      status === "pending" ? 0 : 1,
      actionsOf(application, "claim").length,
      `actions 'claim' of ${name}`,
    );
    const approved = status === "approved" ? 1 : 0;
    exactly(approved, actionsOf(application, "role_granted").length, `actions 'role_granted' of ${name}`);
    exactly(
      approved,
      seen.general.filter(({ content }) => content.includes(`<@${userId}>`)).length,
      `welcome posts of ${name}`,
    );
    exactly(
      approved,
      seen.rolesAdded.filter((event) => event.userId === userId).length,
      `roles given to ${name}`,
    );
    const roles = seen.members.get(userId);
    if (approved === 1 && roles?.includes(memberRole) !== true)
      problem("missing", `${name} does not have the role`);
    const kicked = status === "kicked" ? 1 : 0;
    exactly(kicked, seen.kicks.filter((event) => event.userId === userId).length, `kicks of ${name}`);
    if (kicked === 1 && roles !== undefined) problem("missing", `${name} is still in the server`);
  }

  for (const { id, name } of ledger.actions) {
    exactly(
      1,
      logged.filter((footer) => footer.startsWith(`${name} · ${id} · `)).length,
      `log embeds of action ${name} ${id}`,
    );
  }
  exactly(ledger.actions.length, logged.length, "log embeds in all");
  ledger.actions.forEach(({ seq, prevHash }, index) => {
    const before = ledger.actions[index - 1];
    if (seq !== index + 1 || (before !== undefined && before.hash !== prevHash)) {
      problem("missing", `the log's chain is broken at ${seq}`);
    }
  });

  for (const { embeds } of seen.review) {
    const code = /^Application #([0-9a-f]{6})$/.exec(embeds[0]?.title ?? "")?.[1];
    if (code !== undefined && !byCode.has(code))
      problem("lostSubmission", `a card of #${code}, which is not stored`);
  }
  for (const { kind, state, lastError } of ledger.effects) {
    if (state !== "done") problem("missing", `${kind} is ${state}: ${lastError ?? "no reason"}`);
  }
  return problems;
};
