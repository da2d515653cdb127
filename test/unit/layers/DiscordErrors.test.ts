import { assert, describe, it } from "@effect/vitest";
import { DiscordAPIError } from "discord.js";
import { fromDiscord } from "../../../src/layers/discord/Errors.js";

const answered = (status: number, code: number | undefined) => {
  const request = { files: undefined, body: undefined };
  // What stands in front of Discord sends no code, whatever the declaration of discord.js says.
  const raw = { code: code ?? 0, message: "Something" };
  const error = new DiscordAPIError(raw, raw.code, status, "POST", "https://discord.example", request);
  if (code === undefined) Reflect.set(error, "code", undefined);
  return fromDiscord(error, "Send Messages");
};

describe("what Discord answers", () => {
  it("is a refusal for good only where Discord itself gives its reason", () => {
    assert.strictEqual(answered(400, 50035)._tag, "DiscordRefused");
    assert.strictEqual(answered(403, 50013)._tag, "MissingPermission");
    assert.strictEqual(answered(413, undefined)._tag, "DiscordRefused");
  });

  it("is worth another try where something in front of Discord answered", () => {
    for (const status of [400, 403, 404, 408]) {
      assert.strictEqual(answered(status, undefined)._tag, "DiscordUnavailable");
    }
    assert.strictEqual(answered(429, undefined)._tag, "RateLimited");
  });

  it("waits for a valid token where Discord does not accept this one any more", () => {
    assert.strictEqual(answered(401, 0)._tag, "DiscordUnavailable");
  });
});
