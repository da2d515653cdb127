import { assert, describe, it } from "@effect/vitest";
import { Effect } from "effect";
import type { DiscordEvent } from "../../../../src/layers/discord/Events.js";
import * as Event from "../../../../src/programs/kit/Event.js";
import { GUILD, userId } from "../../../support/fixtures.js";

type Joined = Extract<DiscordEvent, { readonly _tag: "MemberJoined" }>;
const joined = (n: number): Joined => ({
  _tag: "MemberJoined",
  guildId: GUILD,
  userId: userId(n),
  bot: false,
  joinedAt: null,
});
const run: Event.Run<Joined> = [joined(1), joined(2), joined(3)];
const ready: Event.Run = [{ _tag: "Ready" }];

describe("events of one kind that came in one go", () => {
  it.effect("are handled together where their handler says so, and else one after the other", () =>
    Effect.gen(function* () {
      const calls: Array<number> = [];
      const note = (count: number) => Effect.sync(() => void calls.push(count));
      yield* Event.together("MemberJoined", ({ length }) => note(length)).handles(run) ?? Effect.void;
      yield* Event.on("MemberJoined", () => note(1)).handles(run) ?? Effect.void;
      assert.deepStrictEqual(calls, [3, 1, 1, 1]);
    }),
  );

  it("are left to whom they are for", () => {
    assert.isNull(Event.together("MemberJoined", () => Effect.void).handles(ready));
    assert.isNull(Event.on("MemberJoined", () => Effect.void).handles(ready));
  });

  it.effect("do not suffer from one of them that cannot be handled", () =>
    Effect.gen(function* () {
      const handled: Array<string> = [];
      const handle = (some: Event.Run<Joined>) =>
        Effect.sync(() => {
          if (some.some((event) => event.userId === userId(2))) throw new Error("no room");
          handled.push(...some.map((event) => event.userId));
        });
      yield* Event.together("MemberJoined", handle).handles(run) ?? Effect.void;
      yield* Event.on("MemberJoined", (event) => handle([event])).handles(run) ?? Effect.void;
      assert.deepStrictEqual(handled, [userId(1), userId(3), userId(1), userId(3)]);
    }),
  );
});
