import { assert, describe, it } from "@effect/vitest";
import { Cause, Effect, Either, Inspectable, Layer, Option, Redacted } from "effect";
import {
  AppConfig,
  type AppConfigShape,
  type ConfigInvalid,
  decode,
  layerTest,
  mergeEnvironment,
  variables,
} from "../../../src/layers/Config.js";

type Env = Readonly<Record<string, string>>;

const required: Env = {
  DISCORD_TOKEN: "MTQyNzQzNjYxNTAyMTYyOTU5MA.GabcdE.nNotARealTokenButLongEnough0123456789",
  CLIENT_ID: "1427436615021629590",
  RESET_PASSWORD: "correct horse battery 1!",
};
const dashboard: Env = {
  DISCORD_CLIENT_ID: "1427436615021629590",
  DISCORD_CLIENT_SECRET: "oauth-client-secret-0123456789",
  DASHBOARD_REDIRECT_URI: "https://pawtropolis.tech/auth/callback",
  ADMIN_ROLE_ID: "1402989891830153269",
  FASTIFY_SESSION_SECRET: "c2Vzc2lvbi1zZWNyZXQtb2YtdGhpcnR5LXR3by1jaGFycw==",
};
const production: Env = { ...required, NODE_ENV: "production" };

const outcome = (env: Env, dotenvText = ""): Effect.Effect<Either.Either<AppConfigShape, ConfigInvalid>> =>
  Effect.either(decode(mergeEnvironment(env, dotenvText)));

const config = (env: Env, dotenvText = "") =>
  Effect.map(outcome(env, dotenvText), (result) =>
    Either.getOrThrowWith(result, (invalid) => new Error(invalid.message)),
  );

const failure = (env: Env) =>
  Effect.map(outcome(env), (result) =>
    Either.match(result, { onLeft: (invalid) => invalid, onRight: () => assert.fail("expected problems") }),
  );

const names = (invalid: ConfigInvalid) => invalid.problems.map(({ name }) => name);

describe("all problems in one pass", () => {
  it.effect("prints a heading and one line each", () =>
    Effect.gen(function* () {
      const invalid = yield* failure({ CLIENT_ID: "abc", DASHBOARD_PORT: "99999", OWNER_IDS: "user1" });
      assert.strictEqual(
        invalid.message,
        [
          "Environment validation failed:",
          "- DISCORD_TOKEN: missing; expected the bot token from https://discord.com/developers/applications",
          "- CLIENT_ID: is 'abc'; expected the application id from https://discord.com/developers/applications, of 17 to 20 digits",
          "- RESET_PASSWORD: missing; expected 16 characters or more, for example from: openssl rand -base64 24",
          "- DASHBOARD_PORT: is '99999', above 65535; expected a whole number from 0 to 65535",
          "- OWNER_IDS: entry 1 is 'user1'; expected user ids of 17 to 20 digits, separated by commas",
        ].join("\n"),
      );
    }),
  );

  it.effect("finds what is missing, malformed, weak and incomplete together", () =>
    Effect.gen(function* () {
      const invalid = yield* failure({
        NODE_ENV: "production",
        CLIENT_ID: "1427436615021629590",
        RESET_PASSWORD: "weak",
        DISCORD_CLIENT_ID: "not-an-id",
        DASHBOARD_REDIRECT_URI: "http://pawtropolis.tech/auth/callback",
        LOG_LEVEL: "loud",
      });
      assert.sameMembers(names(invalid), [
        "DISCORD_TOKEN",
        "RESET_PASSWORD",
        "DISCORD_CLIENT_ID",
        "DISCORD_CLIENT_SECRET",
        "DASHBOARD_REDIRECT_URI",
        "ADMIN_ROLE_ID",
        "FASTIFY_SESSION_SECRET",
        "LOG_LEVEL",
      ]);
    }),
  );

  it.effect("names a wrong NODE_ENV once, though other rules read it too", () =>
    Effect.gen(function* () {
      const invalid = yield* failure({ ...required, ...dashboard, NODE_ENV: "prod" });
      assert.deepStrictEqual(names(invalid), ["NODE_ENV"]);
    }),
  );
});

describe("the dashboard's variables", () => {
  it.effect("may all be absent", () =>
    Effect.gen(function* () {
      const { dashboard: none, warnings } = yield* config(required);
      assert.deepStrictEqual(none, Option.none());
      assert.deepStrictEqual(warnings, []);
    }),
  );

  it.effect.each(Object.keys(dashboard).filter((name) => name !== "FASTIFY_SESSION_SECRET"))(
    "are refused with only %s set, naming each that is missing",
    (name) =>
      Effect.gen(function* () {
        const invalid = yield* failure({ ...required, [name]: dashboard[name] ?? "" });
        assert.sameMembers(
          names(invalid),
          Object.keys(dashboard).filter((other) => other !== name),
        );
        for (const { problem } of invalid.problems) assert.include(problem, `missing while ${name} is set`);
      }),
  );

  it.effect("stay off with a warning when only the session secret was made so far", () =>
    Effect.gen(function* () {
      const { dashboard: none, warnings } = yield* config({
        ...production,
        FASTIFY_SESSION_SECRET: dashboard["FASTIFY_SESSION_SECRET"] ?? "",
      });
      assert.deepStrictEqual(none, Option.none());
      assert.match(warnings.join("\n"), /FASTIFY_SESSION_SECRET: set, but the dashboard stays off/);
    }),
  );

  it.effect("are all there in production", () =>
    Effect.gen(function* () {
      const { dashboard: values } = yield* config({ ...production, ...dashboard });
      assert.isTrue(Option.isSome(values));
    }),
  );
});

describe("what production insists on", () => {
  const cases: ReadonlyArray<readonly [name: string, text: string, warns: boolean]> = [
    ["RESET_PASSWORD", "fifteen-letters", true],
    ["RESET_PASSWORD", "choose-a-strong-password", true],
    ["FASTIFY_SESSION_SECRET", "x".repeat(31), true],
    ["FASTIFY_SESSION_SECRET", "your-32-char-secret-here", true],
    ["DISCORD_CLIENT_SECRET", "your-client-secret", true],
    ["DASHBOARD_REDIRECT_URI", "http://localhost:3000/auth/callback", false],
    ["DISCORD_API_BASE", "http://discord.example.org/api", false],
    ["VISION_API_ENDPOINT", "http://vision.example.org", false],
  ];

  it.effect.each(cases)("%s=%s is refused there, and elsewhere let pass", ([name, text, warns]) =>
    Effect.gen(function* () {
      const env = { ...required, ...dashboard, [name]: text };
      const invalid = yield* failure({ ...env, NODE_ENV: "production" });
      assert.deepStrictEqual(names(invalid), [name]);
      assert.match(invalid.message, /which production refuses; expected /);
      for (const NODE_ENV of ["development", "test"]) {
        const { warnings } = yield* config({ ...env, NODE_ENV });
        assert.strictEqual(warnings.length, warns ? 1 : 0);
        if (warns) assert.match(warnings[0] ?? "", new RegExp(`^${name}: .*which production refuses`));
      }
    }),
  );

  it.effect("counts characters as a person does, and takes exactly enough of them", () =>
    Effect.gen(function* () {
      yield* config({ ...production, RESET_PASSWORD: "x".repeat(16) });
      assert.deepStrictEqual(names(yield* failure({ ...production, RESET_PASSWORD: "🐾".repeat(15) })), [
        "RESET_PASSWORD",
      ]);
      yield* config({ ...production, RESET_PASSWORD: "🐾".repeat(16) });
    }),
  );

  it.effect.each([
    "http://127.0.0.1:4000/api",
    "http://localhost:4000",
    "http://[::1]:4000",
    "https://discord.com/api",
  ])("lets the bot talk to %s", (DISCORD_API_BASE) => config({ ...production, DISCORD_API_BASE }));

  it.effect("logs from info on, from debug on elsewhere", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* config(production)).logging.level, "info");
      assert.strictEqual((yield* config(required)).logging.level, "debug");
      assert.strictEqual((yield* config({ ...production, LOG_LEVEL: "trace" })).logging.level, "trace");
    }),
  );
});

describe("names that are nearly right", () => {
  const typos: ReadonlyArray<readonly [name: string, meant: string]> = [
    ["DISCORD_TOKN", "DISCORD_TOKEN"],
    ["DISCORD_TKN", "DISCORD_TOKEN"],
    ["OWNER_ID", "OWNER_IDS"],
    ["ADMIN_ROLE_IDS", "ADMIN_ROLE_ID"],
    ["GATE_ADMIN_ROLE_ID", "GATE_ADMIN_ROLE_IDS"],
    ["DASHBOARD_PROT", "DASHBOARD_PORT"],
    ["guild_id", "GUILD_ID"],
    ["LOGLEVEL", "LOG_LEVEL"],
  ];

  it.effect.each(typos)("%s: was %s meant?", ([name, meant]) =>
    Effect.gen(function* () {
      const { warnings } = yield* config({ ...required, [name]: "1" });
      assert.deepStrictEqual(warnings, [`${name}: means nothing; was ${meant} meant?`]);
    }),
  );

  it.effect("is said beside the variable that is missing", () =>
    Effect.gen(function* () {
      const invalid = yield* failure({
        CLIENT_ID: "1427436615021629590",
        RESET_PASSWORD: "x".repeat(16),
        DISCORD_TOKE: "x",
      });
      assert.match(
        invalid.message,
        /DISCORD_TOKEN: missing \(DISCORD_TOKE is set: was DISCORD_TOKEN meant\?\); expected/,
      );
    }),
  );

  it.effect("is looked for more eagerly in .env, which holds nothing else", () =>
    Effect.gen(function* () {
      const warned = yield* config(required, "BUILD_ID=7\nGIULD_ID=1\nDISCORD_TN=x\n");
      assert.deepStrictEqual(warned.warnings, [
        "BUILD_ID: means nothing; was GUILD_ID meant?",
        "GIULD_ID: means nothing; was GUILD_ID meant?",
      ]);
    }),
  );

  it.effect("leaves alone what else lives in an environment", () =>
    Effect.gen(function* () {
      const { warnings } = yield* config({
        ...required,
        PATH: "/bin",
        HOME: "/root",
        PWD: "/",
        LANG: "C",
        NODE_OPTIONS: "",
        NODE_PATH: "x",
        npm_config_cache: "x",
        pm_id: "0",
        NODE_APP_INSTANCE: "0",
        HOSTNAME: "x",
        TEST: "1",
        LOGNAME: "root",
        PORT: "1",
        CLIENT_SECRET: "x",
        BUILD_ID: "7",
      });
      assert.deepStrictEqual(warnings, []);
    }),
  );
});

describe(".env and the process environment", () => {
  const file =
    'CLIENT_ID=200000000000000002\nGUILD_ID="300000000000000003" # quoted\nexport DB_PATH=file.db\r\n';

  it.effect("the file wins on a server and in development", () =>
    Effect.gen(function* () {
      for (const NODE_ENV of ["production", "development"]) {
        const { discord, databasePath } = yield* config({ ...required, DB_PATH: "real.db", NODE_ENV }, file);
        assert.strictEqual(discord.clientId, "200000000000000002");
        assert.strictEqual(databasePath, "file.db");
      }
    }),
  );

  it.effect("the process environment wins in tests", () =>
    Effect.gen(function* () {
      const { discord, databasePath } = yield* config({ ...required, NODE_ENV: "test" }, file);
      assert.strictEqual(discord.clientId, "1427436615021629590");
      assert.deepStrictEqual(Option.getOrNull(discord.guildId), "300000000000000003");
      assert.strictEqual(databasePath, "file.db");
    }),
  );

  it.effect("an empty line in the one hides nothing in the other", () =>
    Effect.gen(function* () {
      const { discord } = yield* config(required, "CLIENT_ID=\nDISCORD_TOKEN=   \n");
      assert.strictEqual(discord.clientId, "1427436615021629590");
    }),
  );

  it.effect("reads a file that begins with a byte order mark", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* config(required, "\uFEFFDB_PATH=bom.db")).databasePath, "bom.db");
    }),
  );
});

describe("secrets", () => {
  const marker = "S3cretMarker";
  const secret = variables.filter((variable) => variable.secret).map(({ name }) => name);

  it("are these", () => {
    assert.sameMembers(secret, [
      "DISCORD_TOKEN",
      "RESET_PASSWORD",
      "DISCORD_CLIENT_SECRET",
      "FASTIFY_SESSION_SECRET",
      "SENTRY_DSN",
      "GOOGLE_VISION_API_KEY",
      "HEALTH_ALERT_WEBHOOK",
    ]);
  });

  it.effect("are never in the text of a problem, whatever is wrong with them", () =>
    Effect.gen(function* () {
      for (const spoil of [
        (value: string) => value,
        (value: string) => `${value} two`,
        (value: string) => `${value}\ntwo`,
        (value: string) => `"${value}"`,
        (value: string) => `${value}\u0007`,
        (value: string) => value.slice(0, 12),
      ]) {
        const env = Object.fromEntries(secret.map((name) => [name, spoil(`${marker}${name}`)]));
        const invalid = yield* failure({ ...env, NODE_ENV: "production" });
        const shown = [
          invalid.message,
          JSON.stringify(invalid),
          Inspectable.toStringUnknown(invalid),
          Cause.pretty(Cause.fail(invalid)),
          String(invalid.stack),
        ];
        for (const text of shown) assert.notInclude(text, marker);
      }
    }),
  );

  it.effect("pasted into another variable's line are not shown either", () =>
    Effect.gen(function* () {
      const env = Object.fromEntries(variables.map(({ name }) => [name, `${marker}.and.more.of.it`]));
      const invalid = yield* failure(env);
      assert.isAbove(invalid.problems.length, 20);
      assert.notInclude(invalid.message, marker);
    }),
  );

  it.effect("are redacted in the configuration", () =>
    Effect.gen(function* () {
      const values = yield* config({
        ...required,
        ...dashboard,
        DISCORD_TOKEN: `${marker}.token`,
        RESET_PASSWORD: `${marker}-password`,
        DISCORD_CLIENT_SECRET: marker,
        FASTIFY_SESSION_SECRET: `${marker}-and-a-long-tail-of-more-characters`,
        SENTRY_DSN: `https://${marker}@sentry.io/1`,
        GOOGLE_VISION_API_KEY: marker,
        HEALTH_ALERT_WEBHOOK: `https://example.org/${marker}`,
      });
      assert.notInclude(JSON.stringify(values), marker);
      assert.notInclude(Inspectable.toStringUnknown(values), marker);
      assert.strictEqual(Redacted.value(values.discord.token), `${marker}.token`);
    }),
  );
});

describe("layerTest", () => {
  it.effect("changes what the test names and keeps the rest of a group", () =>
    Effect.gen(function* () {
      const { http, nodeEnv, ownerIds } = yield* AppConfig;
      assert.deepStrictEqual(http, {
        port: 0,
        trustProxy: true,
        corsOrigin: Option.none(),
        requestsPerMinute: 100,
      });
      assert.strictEqual(nodeEnv, "test");
      assert.deepStrictEqual(ownerIds, []);
    }).pipe(Effect.provide(Layer.fresh(layerTest({ http: { trustProxy: true } })))),
  );
});
