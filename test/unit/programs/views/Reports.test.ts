import { assert, describe, expect, it } from "@effect/vitest";
import { FastCheck as fc } from "effect";
import { DECISION_KINDS } from "../../../../src/domain/SideEffect.js";
import { handlers } from "../../../../src/programs/effects/index.js";
import { gateStatus } from "../../../../src/programs/views/GateReports.js";
import type { Finding } from "../../../../src/domain/Finding.js";
import { healthReport } from "../../../../src/programs/views/HealthReport.js";
import { outcome } from "../../../../src/programs/views/Outcome.js";
import { setupDone, setupRefused } from "../../../../src/programs/views/SetupReport.js";
import { application, GATE_CHANNEL, GUILD, MEMBER_ROLE, NOW, sideEffect } from "../../../support/fixtures.js";
import { anyApplication, anySideEffect, name } from "../../../support/fixtures-arbitrary.js";
import { textUpTo } from "../../../support/fixtures-text.js";
import { messageProblems } from "../../../support/limits.js";

const gate = sideEffect({
  applicationId: null,
  kind: "GateMessage",
  payload: { _tag: "GateMessage", channelId: GATE_CHANNEL },
  lane: `post:${GUILD}`,
});
const FINDINGS: ReadonlyArray<Finding> = [
  {
    about: "gate_channel",
    label: "Gate channel",
    target: { kind: "channel", id: GATE_CHANNEL },
    problem: null,
  },
  {
    about: "accepted_role",
    label: "Accepted role",
    target: { kind: "role" as const, id: MEMBER_ROLE },
    problem: "does not exist. Choose another role.",
  },
];

describe("the report of a set-up", () => {
  it("marks each finding as fine or says what to mend", () => {
    expect(setupRefused(FINDINGS).content).toMatchInlineSnapshot(`
      "**Not set up yet.** Mend what is marked, then run \`/gate setup\` again:
      ✅ Gate channel <#1171418775552000002>
      ❌ Accepted role <@&1171418775552000011>: does not exist. Choose another role."
    `);
  });

  it.each([
    ["is on its way", null],
    ["is posted and pinned", sideEffect({ ...gate, state: "done" })],
    [
      "could not be posted. The bot lacks **Pin Messages**.",
      sideEffect({ ...gate, state: "failed", lastError: "The bot lacks **Pin Messages**." }),
    ],
  ])("says that the gate message %s", (words, settled) => {
    assert.include(setupDone(FINDINGS, settled).content, words);
  });

  /** As the preflight writes them: eight findings, with role names as long as Discord allows. */
  const finding = fc.record({
    about: fc.constant("unverified_channel" as const),
    label: fc.constant("Unverified channel"),
    target: fc.constant({ kind: "channel" as const, id: GATE_CHANNEL }),
    problem: fc.oneof(
      fc.constant(null),
      fc.constant(
        "the bot lacks View Channel, Send Messages, Embed Links, Read Message History, Pin Messages there. Grant it in the channel's settings.",
      ),
    ),
  });
  const role = fc.tuple(name(100), name(100)).map(([accepted, own]) => ({
    about: "accepted_role" as const,
    label: "Accepted role",
    target: { kind: "role" as const, id: MEMBER_ROLE },
    problem: `**${accepted}** stands above the bot's role **${own}**. Move the bot's role above it.`,
  }));
  const lastError = fc.option(
    textUpTo(400).map((text) => text.replace(/\p{Surrogate}/gu, "")),
    { nil: null },
  );
  it.prop(
    "stays inside Discord's limit",
    [fc.array(finding, { minLength: 7, maxLength: 7 }), role, lastError],
    ([channels, accepted, error]) => {
      const findings = [...channels, accepted];
      assert.deepStrictEqual(messageProblems(setupRefused(findings)), []);
      const failed = sideEffect({ ...gate, state: "failed", lastError: error });
      for (const settled of [null, failed, sideEffect({ ...gate, state: "done" })]) {
        assert.deepStrictEqual(messageProblems(setupDone(findings, settled)), []);
      }
    },
  );
});

describe("the outcome of a command", () => {
  it("says the state, and how each consequence fares", () => {
    const effects = [
      sideEffect({ state: "done" }),
      sideEffect({ kind: "DecisionMessage", state: "done", outcome: "dm_closed" }),
      sideEffect({ kind: "WelcomePost", state: "waiting", lastError: "Discord answered 500." }),
      sideEffect({ kind: "KickMember", state: "failed", lastError: "The bot lacks **Kick Members**." }),
      sideEffect({ kind: "DrawCard", state: "waiting" }),
    ];
    expect(outcome(application({ status: "approved" }), effects).content).toMatchInlineSnapshot(`
      "**#a1b2c3** of <@1316373921792000001> is approved.
      ✅ Role: done
      ➖ Direct message: not delivered: takes no direct messages
      ⏳ Welcome post: trying again. Discord answered 500.
      ❌ Kick: failed. The bot lacks **Kick Members**."
    `);
  });

  it("stays inside Discord's limit when everything failed at length", () => {
    const failed = sideEffect({ state: "failed", lastError: "x".repeat(500) });
    const all = (["GrantRole", "KickMember", "DecisionMessage", "WelcomePost"] as const).map((kind) =>
      sideEffect({ ...failed, kind }),
    );
    assert.deepStrictEqual(messageProblems(outcome(application({ status: "approved" }), all)), []);
  });

  it.prop(
    "stays inside Discord's limit",
    [anyApplication, fc.array(anySideEffect, { maxLength: 4 })],
    ([applied, effects]) => {
      assert.deepStrictEqual(messageProblems(outcome(applied, effects)), []);
    },
  );
});

describe("the status of the gate", () => {
  const status = (kinds: ReadonlyArray<string>) =>
    gateStatus({
      counts: [],
      oldest: null,
      failed: kinds.map((kind) => ({ kind, count: 123_456, newest: NOW })),
      findings: FINDINGS,
    });
  const lineOf = (kind: string) =>
    (status([kind]).embeds?.[0]?.description ?? "").split("\n").find((line) => line.includes("Failed")) ?? "";
  const kinds = Object.keys(handlers);

  it("says of each kind of step that failed when it did last, and what is left to do", () => {
    expect(
      Object.fromEntries(kinds.map((kind) => [kind, lineOf(kind).replace(/^.*, the last <t:\d+:R>\. /, "")])),
    ).toMatchInlineSnapshot(`
      {
        "BulkBan": "\`/panic status\` says who was not removed and why; \`/panic purge\` tries those again.",
        "DecisionMessage": "Mend the cause, then press **Try again** on the card.",
        "DeleteMessage": "Delete what is left of the bot's old messages by hand.",
        "DrawCard": "Mend the cause, then run \`/gate setup\` again: it draws them.",
        "DrawDigest": "\`/panic status\` shows the same; the next application draws it again.",
        "FlagPost": "The flags stand all the same. Mend the cause for the next one.",
        "GateMessage": "Mend the cause, then run \`/gate setup\` again: it posts it.",
        "GrantRole": "Mend the cause, then press **Try again** on the card.",
        "JoinWaveAlert": "They come too late now. Mend the cause for the next one.",
        "KickMember": "Mend the cause, then press **Try again** on the card.",
        "LogNotice": "\`/config get logging\` says how the log is now.",
        "LogPost": "They are kept; \`npm run replay:logs\` on the server posts them.",
        "PingPost": "Mend the cause, then press **Ping in Unverified** again.",
        "ReceivedMessage": "The applications are in; nothing is left to do.",
        "ReleasedMessage": "The claims are back in the queue; nothing is left to do.",
        "ResetMessage": "The people can apply again; nothing is left to do.",
        "WelcomePost": "Mend the cause, then press **Try again** on the card.",
      }
    `);
  });

  it("offers the button Try again for those kinds alone for which the card has it", () => {
    assert.sameMembers(
      kinds.filter((kind) => lineOf(kind).includes("**Try again**")),
      DECISION_KINDS.slice(),
    );
  });

  it("shows all of it, however much failed", () => {
    const all = status(kinds);
    assert.deepStrictEqual(messageProblems(all), []);
    assert.include(all.embeds?.[0]?.description ?? "", "does not exist. Choose another role.");
  });
});

describe("the report of health", () => {
  const well = {
    ok: true,
    database: { answers: true, millis: 2, bytes: 5_242_880 },
    gateway: {
      connected: true,
      pingMillis: 42,
      lastEvent: { name: "GUILD_MEMBER_ADD", at: 1_700_000_000_000 },
    },
    uptimeSeconds: 93_784,
    effects: { waiting: 1, oldestAt: 1_700_000_000_000, failed: 3 },
  };
  it("is one glance", () => {
    const { embeds } = healthReport(well, "1.2.3");
    assert.deepStrictEqual(embeds?.[0]?.fields?.map(({ value }) => value).slice(0, 5), [
      "connected, 42 ms",
      "answers in 2 ms, 5.0 MB",
      "1 d 2 h",
      "1 waiting, the oldest <t:1700000000:R> · 3 failed",
      "guild member add <t:1700000000:R>",
    ]);
    assert.strictEqual(embeds?.[0]?.title, "All is well");
  });

  it("says nothing of a heartbeat that was not measured yet", () => {
    const fresh = { ...well, gateway: { ...well.gateway, pingMillis: null } };
    assert.strictEqual(healthReport(fresh, "1.2.3").embeds?.[0]?.fields?.[0]?.value, "connected");
  });

  it("says what is wrong", () => {
    const ill = {
      ...well,
      ok: false,
      gateway: { connected: false, pingMillis: null, lastEvent: null },
      database: { ...well.database, answers: false },
      uptimeSeconds: 61,
    };
    const [embed] = healthReport(ill, "1.2.3").embeds ?? [];
    assert.strictEqual(embed?.title, "Something is wrong");
    assert.deepStrictEqual(embed?.fields?.map(({ value }) => value).slice(0, 3), [
      "not connected",
      "does not answer",
      "1 min 1 s",
    ]);
    assert.deepStrictEqual(messageProblems(healthReport(ill, "1.2.3")), []);
  });
});
