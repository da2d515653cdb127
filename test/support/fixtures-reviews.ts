/** What moderators do with Robin's application, and what is left of it in rows. */
import { assert } from "@effect/vitest";
import { Effect } from "effect";
import type { DecisionKind } from "../../src/domain/Application.js";
import type { UserId } from "../../src/domain/Ids.js";
import type { Moderator } from "../../src/domain/Moderator.js";
import { Applications, type Reference } from "../../src/services/Applications.js";
import { Reviews } from "../../src/services/Reviews.js";
import { GUILD, ROBIN } from "./fixtures.js";
import { apply, rowsOf, setUp } from "./layers.js";

export const ROBINS: Reference = { _tag: "Person", userId: ROBIN };
const moderator = (id: UserId, admin: boolean): Moderator => ({ id, admin, via: "command" });

export const claim = (by: UserId, reference: Reference = ROBINS) =>
  Effect.flatMap(Reviews, (reviews) => reviews.claim(GUILD, reference, moderator(by, false)));
export const unclaim = (by: UserId, admin = false) =>
  Effect.flatMap(Reviews, (reviews) => reviews.unclaim(GUILD, ROBINS, moderator(by, admin)));
/** As an admin: their rung must not make a difference. */
export const decide = (
  by: UserId,
  kind: DecisionKind = "approve",
  reason = kind === "approve" ? null : "Too few words",
) =>
  Effect.flatMap(Reviews, (reviews) => reviews.decide(GUILD, ROBINS, moderator(by, true), { kind, reason }));

/** The application that is open. */
export const openNow = Effect.map(
  Effect.flatMap(Applications, (applications) => applications.queue(GUILD, 10)),
  ([application]) => application ?? assert.fail("nothing is open"),
);
/** Who did what since the application was sent, oldest first. */
export const log = rowsOf("SELECT name, actor, reason FROM action_log WHERE seq > 2 ORDER BY seq");
export const logged = (name: string, actor: string, reason: string | null = null) => ({
  name,
  actor,
  reason,
});

export const applied = Effect.zipRight(setUp(), apply());
