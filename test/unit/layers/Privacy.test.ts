import { assert, describe, it } from "@effect/vitest";
import { Redacted } from "effect";
import * as Fields from "../../../src/layers/telemetry/Fields.js";
import * as Privacy from "../../../src/layers/telemetry/Privacy.js";

const fields = Fields.make([Redacted.make("swordfish-swordfish")]);
const nowhere = () => Promise.resolve(<P>(place: P): P => place);

describe("the words of an error", () => {
  it.each([
    ['Expected string, actual ["I am Robin"]', "Expected string, actual …"],
    [
      `Unexpected token 'h', "hello my name" is not valid JSON`,
      `Unexpected token 'h', "…" is not valid JSON`,
    ],
    [
      "Cannot read properties of undefined (reading 'map')",
      "Cannot read properties of undefined (reading 'map')",
    ],
    ["UNIQUE constraint failed: application.code", "UNIQUE constraint failed: application.code"],
    ["refused swordfish-swordfish", "refused <redacted>"],
  ])("%s", (text, sent) => {
    assert.strictEqual(Privacy.words(text, fields), sent);
  });
});

describe("a report", () => {
  it("keeps ids and places, and loses names, addresses, headers and variables", async () => {
    const sent = await Privacy.ofError(
      {
        type: undefined,
        user: { id: "42", username: "robin", email: "robin@example.org", ip_address: "203.0.113.7" },
        request: { url: "https://x/?code=secret", headers: { cookie: "session" } },
        extra: { answer: "I like otters" },
        breadcrumbs: [{ message: "I like otters" }],
        contexts: { runtime: { name: "node" }, person: { name: "robin" } },
        exception: {
          values: [
            {
              type: "Error",
              value: 'cannot store "I like otters"',
              stacktrace: {
                frames: [{ filename: "src/a.ts", lineno: 3, colno: 1, vars: { answer: "I like otters" } }],
              },
            },
          ],
        },
      },
      fields,
      nowhere,
    );
    assert.notMatch(JSON.stringify(sent), /robin|otters|203\.0|cookie|code=/);
    assert.deepStrictEqual(sent.user, { id: "42" });
    assert.deepStrictEqual(sent.contexts, { runtime: { name: "node" } });
    assert.deepStrictEqual(sent.exception?.values?.[0]?.stacktrace?.frames, [
      { filename: "src/a.ts", lineno: 3, colno: 1, in_app: true },
    ]);
  });

  it("of a trace keeps of its spans what the list names", () => {
    const sent = Privacy.ofTransaction(
      {
        type: "transaction",
        transaction: "interaction button verify",
        user: { ip_address: "203.0.113.7" },
        request: { headers: { cookie: "session" } },
        spans: [
          {
            span_id: "a",
            trace_id: "b",
            start_timestamp: 1,
            status: "ok",
            data: {
              "db.query.text": "SELECT 1",
              "url.full": "https://x/?code=secret",
              "client.address": "203.0.113.7",
            },
          },
        ],
      },
      fields,
    );
    assert.deepStrictEqual(sent.spans?.[0]?.data, { "db.query.text": "SELECT 1" });
    assert.notMatch(JSON.stringify(sent), /203\.0|cookie|code=/);
  });
});
