import { Schema } from "effect";
import { Action, Details } from "../../domain/Action.js";

const { id, seq, name, actor, target, applicationId, reason, at } = Action.fields;

/** One row of the action log, as pages and streams show it. */
export const LogRow = Schema.Struct({
  id,
  seq,
  name,
  actor,
  target,
  applicationId,
  reason,
  details: Schema.NullOr(Details),
  at,
}).annotations({
  identifier: "LogRow",
  description: "One row of the action log; `seq` counts without a gap.",
});
export type LogRow = typeof LogRow.Type;
