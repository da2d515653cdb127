import { OpenApi } from "@effect/platform";
import { assert, describe, it } from "@effect/vitest";
import { Effect, FastCheck as fc, Layer, Redacted } from "effect";
import { Api } from "../../../src/http/api/index.js";
import { DiscordFake } from "../../../src/layers/Discord.js";
import { AuditChain } from "../../../src/services/AuditChain.js";
import {
  GUILD,
  MAYA,
  MEMBER_ROLE,
  NOAH,
  OTHER_GUILD,
  REVIEW_CHANNEL,
  ROBIN,
  userId,
} from "../../support/fixtures.js";
import { type Aims, anyRequest, type FuzzedRequest, readDocument } from "../../support/fuzz-openapi.js";
import { apply, rowsOf, setUp } from "../../support/layers.js";
import { type Line, logTo } from "../../support/layers-router.js";
import { admin, signedIn, stranger, web } from "../../support/layers-web.js";
import { snapshot, unlogged } from "../../support/ledger.js";

/** Each stands for a run of its own; a failing test names the one it failed with. */
const SEEDS = [5, 31, 77, 104];
const PER_SEED = 2_500;
const IN_A_WAVE = 50;
const PASSWORD = "open sesame, please";
const STRANGER = userId(55);

/** Who asks: an admin of this guild, one of another, one whose page was made by somebody else, and nobody. */
const WHO = ["admin", "admin", "elsewhere", "forged", "nobody"] as const;

/** It never ends; its own tests read it. */
const SPARED = new Set(["get /api/events"]);
/** What anybody may see. */
const PUBLIC = /^\/(health|ready|metrics|auth(\/login|\/callback)?|api\/banner)$/;
/** Words of ours that nobody outside should read. */
const INTERNAL = /SQLITE_|SqlError|node_modules|\bat [\w.<>]+ \(|\.ts:\d|\/src\/|ParseError/;

const document = readDocument(JSON.parse(JSON.stringify(OpenApi.fromApi(Api))));

const aims = Effect.map(
  rowsOf(`SELECT id, code FROM application WHERE guild_id = '${GUILD}' ORDER BY created_at DESC LIMIT 10`),
  (rows): Aims => ({
    guild: [GUILD, GUILD, GUILD, OTHER_GUILD, "100000000000000007"],
    id: rows.map(({ id }) => String(id)),
    code: rows.map(({ code }) => String(code)),
    password: [PASSWORD, PASSWORD, "wrong"],
    confirm: ["RESET", "reset"],
    userId: [ROBIN, NOAH],
    roleId: [MEMBER_ROLE],
    channelId: [REVIEW_CHANNEL],
  }),
);

const world = (lines: Array<Line>) =>
  Effect.provide(
    Layer.provideMerge(
      web({ resetPassword: Redacted.make(PASSWORD), http: { requestsPerMinute: 1_000_000 } }),
      logTo(lines),
    ),
  );

describe("ten thousand requests that nobody sends by hand", () => {
  it.effect.each(SEEDS)(
    "never meet a fault of ours, tell nothing of the inside, change nothing that the person may not, and each change has its row: seed %d",
    (seed) => {
      const lines: Array<Line> = [];
      return Effect.gen(function* () {
        const fake = yield* DiscordFake;
        yield* rowsOf("PRAGMA synchronous = OFF");
        yield* setUp();
        yield* apply();
        yield* fake.putGuild({ id: OTHER_GUILD, name: "Elsewhere", members: [STRANGER] });
        const reached = new Set<string>();
        const succeeded = new Set<string>();
        for (let wave = 0; wave < PER_SEED / IN_A_WAVE; wave += 1) {
          const who = WHO[wave % WHO.length] ?? "nobody";
          const browser =
            who === "nobody"
              ? yield* stranger
              : yield* signedIn(
                  admin(who === "elsewhere" ? STRANGER : MAYA),
                  who === "elsewhere" ? OTHER_GUILD : GUILD,
                );
          if (who === "forged") browser.client.csrfToken = "forged";
          const { client } = browser;
          const requests = fc.sample(anyRequest(document, yield* aims, SPARED), {
            seed: seed * 1_000 + wave,
            numRuns: IN_A_WAVE,
          });
          const before = yield* snapshot;
          const send = ({ method, path, headers, body }: FuzzedRequest) =>
            Effect.promise(async () => {
              const response = await client.fetch(path, {
                method,
                headers: { ...headers, "x-csrf-token": client.csrfToken },
                ...(body !== undefined && { body }),
              });
              return { response, text: await response.text() };
            });
          const problems: Array<string> = [];
          for (const request of requests) {
            const { response, text } = yield* send(request);
            const { status, headers } = response;
            reached.add(`${request.method} ${request.route}`);
            const said = `${who}: ${status} to ${JSON.stringify(request).slice(0, 400)}: ${text.slice(0, 300)}`;
            if (status >= 500 && !(status === 503 && PUBLIC.test(request.route)))
              problems.push(`A fault: ${said}`);
            if (INTERNAL.test(text) && !request.route.endsWith("/metrics"))
              problems.push(`Of the inside: ${said}`);
            if (headers.get("x-trace-id") === null) problems.push(`Without a trace: ${said}`);
            if (headers.get("content-type")?.startsWith("application/json") === true) JSON.parse(text);
            if (status < 300) {
              succeeded.add(`${request.method} ${request.route}`);
              if (who === "nobody" && !PUBLIC.test(request.route))
                problems.push(`Not asked who it is: ${said}`);
              if (who === "forged" && request.method !== "GET")
                problems.push(`Changed by a forged page: ${said}`);
              if (who === "elsewhere" && request.path.includes(GUILD))
                problems.push(`Seen from elsewhere: ${said}`);
            }
          }
          problems.push(
            ...lines.filter(({ level }) => level === "Error" || level === "Fatal").map(({ text }) => text),
          );
          lines.length = 0;
          const after = yield* snapshot;
          problems.push(...unlogged(before, after));
          const { log: _, ...then } = before;
          const { log: __, ...now } = after;
          if (who !== "admin" && JSON.stringify(then) !== JSON.stringify(now))
            problems.push(`${who} changed something`);
          if (problems.length > 0)
            assert.fail(`seed ${seed}, wave ${wave}:\n${problems.slice(0, 5).join("\n")}`);
        }
        const chain = yield* AuditChain;
        for (const guild of yield* chain.guilds) {
          assert.deepStrictEqual((yield* chain.verify(guild)).problems, []);
        }
        assert.isAbove(succeeded.size, reached.size / 3, "it proves little: nearly nothing was let through");
      }).pipe(world(lines));
    },
    300_000,
  );
});
