import { assert, describe, expect, it } from "@effect/vitest";
import { ALERT_KINDS, type AlertKind, type OpsAlert } from "../../../../src/domain/OpsAlert.js";
import { opsAlerts } from "../../../../src/programs/views/OpsAlert.js";
import { at } from "../../../support/fixtures.js";
import { messageProblems } from "../../../support/limits.js";

const MB = 1_048_576;
const MEASURED: Record<AlertKind, Pick<OpsAlert, "value" | "limit">> = {
  backlog: { value: 240, limit: 200 },
  slow_answers: { value: 2_400.4, limit: 2_000 },
  slow_gateway: { value: 730, limit: 500 },
  fallback_file: { value: 12 * MB, limit: 10 * MB },
  failed_effects: { value: 1, limit: 0 },
  disk: { value: 300 * MB, limit: 512 * MB },
};
const alert = (kind: AlertKind, phase: OpsAlert["phase"]): OpsAlert => ({
  kind,
  phase,
  since: at(0),
  ...MEASURED[kind],
});
const text = (phase: OpsAlert["phase"]): string =>
  (opsAlerts(ALERT_KINDS.map((kind) => alert(kind, phase))).embeds ?? [])
    .map(({ title, description }) => `${title}\n${description}`)
    .join("\n\n");

describe("what operators are told", () => {
  it("when trouble begins: what it is, since when, and what to do", () => {
    expect(text("begins")).toMatchInlineSnapshot(`
      "Many side effects wait
      **240** side effects wait (limit 200). Decisions are kept; roles, messages and cards come late.
      Since <t:1768478400:R>.
      **Do:** Look for errors of Discord in the log, and at \`/health\`.

      Answers are slow
      19 of 20 answers come within **2400 ms** (limit 2000 ms).
      Since <t:1768478400:R>.
      **Do:** Look at the load of the machine, its disk, and Discord's status page.

      The connection to Discord is slow
      The gateway's heartbeat takes **730 ms** (limit 500 ms).
      Since <t:1768478400:R>.
      **Do:** Look at the network and the load of the machine, and at Discord's status page.

      The log cannot be posted
      The fallback file holds **12.0 MB** (limit 10.0 MB). Nothing is lost; its entries go out when their channel works.
      Since <t:1768478400:R>.
      **Do:** See which channel it is in the log, and mend it or set another one.

      Side effects have failed
      **1** side effect has failed for good.
      Since <t:1768478400:R>.
      **Do:** See which in \`/gate status\` of each server: it says what to do about each kind.

      The disk is nearly full
      **300.0 MB** are free; 512.0 MB are needed. On a full disk nothing can be saved.
      Since <t:1768478400:R>.
      **Do:** Delete what is not needed, old logs and backups first, or enlarge the disk."
    `);
  });

  it("when it is over: how it is now, and since when it had been so", () => {
    expect(text("is over")).toMatchInlineSnapshot(`
      "Over: Many side effects wait
      **240** side effects wait now. It began <t:1768478400:R>.

      Over: Answers are slow
      19 of 20 answers come within 2400 ms now. It began <t:1768478400:R>.

      Over: The connection to Discord is slow
      The gateway's heartbeat takes 730 ms now. It began <t:1768478400:R>.

      Over: The log cannot be posted
      The fallback file holds 12.0 MB now. It began <t:1768478400:R>.

      Over: Side effects have failed
      No side effect is failed any more. It began <t:1768478400:R>.

      Over: The disk is nearly full
      300.0 MB are free now. It began <t:1768478400:R>."
    `);
  });

  it("names the document, and is one message within Discord's limits whatever comes together", () => {
    for (const phase of ["begins", "goes on", "is over"] as const) {
      const message = opsAlerts(ALERT_KINDS.map((kind) => alert(kind, phase)));
      assert.deepStrictEqual(messageProblems(message), []);
      for (const { footer } of message.embeds ?? []) {
        assert.include(footer?.text, "docs/operations/monitoring.md");
      }
    }
  });
});
