/** How SQLite finds the rows of every statement that something executes, and which of them cost more as tables grow. */
import * as SqlClient from "@effect/sql/SqlClient";
import * as Statement from "@effect/sql/Statement";
import { Effect } from "effect";

/** Tables of which a guild has one row, or one an administrator at work, or a kind of alert. Every other table grows. */
const SETTINGS_TABLES = [
  "guild_settings",
  "chain_end",
  "panic",
  "join_wave",
  "ops_alert",
  "log_notice",
  "joins_known",
  "template_draft",
  "question_draft",
  "effect_sql_migrations",
];
/** Partial indexes over what is still to be done: they shrink as work is done, however much is stored. */
const OPEN_WORK = [
  "application_queue",
  "application_one_open",
  "application_claims",
  "side_effect_open",
  "side_effect_due",
  "side_effect_lane",
  "side_effect_parked",
  "side_effect_failed_card",
  "side_effect_digest",
  "flag_one_open",
];

/**
 * Statements, by a piece of each, that sort a handful of rows: the two ends of a chain, the log posts of one message, what a
 * transaction has added to a chain.
 */
const SORT_A_FEW = [") AS ends ", "WHERE batch = ?", "guild_id = ? AND seq > ? AND seq <= ?"];

type Compiled = ReturnType<Statement.Statement<unknown>["compile"]>;

export interface Plan {
  readonly text: string;
  readonly steps: ReadonlyArray<string>;
}

/** Everything that is executed meanwhile, by whatever fiber; each text once. */
export const statementsOf = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const seen = new Map<string, Compiled>();
    const result = yield* Statement.withTransformer(effect, (statement) =>
      Effect.sync(() => {
        const compiled = statement.compile();
        seen.set(compiled[0], compiled);
        return statement;
      }),
    );
    return { result, statements: [...seen.values()] };
  });

let asked = 0;

/** The plans as they are now: a text that was explained before would be answered from before an index was dropped. */
export const plansOf = (statements: ReadonlyArray<Compiled>) =>
  Effect.flatMap(SqlClient.SqlClient, (sql) =>
    Effect.forEach(statements, ([text, params]) =>
      Effect.map(
        sql.unsafe<{ readonly detail: string }>(`EXPLAIN QUERY PLAN ${text} -- ${(asked += 1)}`, params),
        (steps): Plan => ({ text, steps: steps.map(({ detail }) => detail) }),
      ),
    ),
  );

const isSmall = (table: string) => SETTINGS_TABLES.includes(table);
const bounded = (index: string | undefined) => index !== undefined && OPEN_WORK.includes(index);

/** Why a step costs more as its table grows; none for one that does not. */
const costOf = (step: string, { text, steps }: Plan): string | null => {
  if (step.includes("AUTOMATIC")) return "builds an index for one statement";
  const scan = /^SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?/.exec(step);
  const table = scan?.[1] ?? "";
  if (scan !== null && new RegExp(`\\b(?:FROM|JOIN|UPDATE) ${table}\\b`, "i").test(text)) {
    return isSmall(table) || bounded(scan[2]) ? null : "reads a whole table";
  }
  const search = /^SEARCH (\w+) USING (?:COVERING )?INDEX (\w+) \(guild_id=\?\)$/.exec(step);
  if (search !== null && !isSmall(search[1] ?? "") && !bounded(search[2]) && !/\bLIMIT\b/.test(text)) {
    return "reads all rows of a guild";
  }
  if (step.startsWith("USE TEMP B-TREE")) {
    const sources = steps.flatMap((each) => /^(?:SCAN|SEARCH) .*INDEX (\w+)/.exec(each)?.[1] ?? []);
    if (SORT_A_FEW.some((piece) => text.includes(piece))) return null;
    const claimed = (index: string) => index === "application_status" && text.includes("status = 'claimed'");
    return sources.length > 0 && sources.every((index) => bounded(index) || claimed(index))
      ? null
      : "sorts what it found";
  }
  return null;
};

/** What a growing table makes slower, in words. */
export const slowing = (plans: ReadonlyArray<Plan>): ReadonlyArray<string> =>
  plans.flatMap((plan) =>
    plan.steps.flatMap((step) => {
      const cost = costOf(step, plan);
      return cost === null ? [] : [`${cost}: ${step}: ${plan.text.replace(/\s+/g, " ")}`];
    }),
  );
