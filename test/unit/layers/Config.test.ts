import { readFileSync } from "node:fs";
import { assert, describe, it } from "@effect/vitest";
import { Effect, Either, Option, Redacted } from "effect";
import dotenv from "dotenv";
import {
  type AppConfigShape,
  type ConfigInvalid,
  decode,
  mergeEnvironment,
  variables,
} from "../../../src/layers/Config.js";

type Env = Readonly<Record<string, string>>;

const TOKEN = "MTQyNzQzNjYxNTAyMTYyOTU5MA.GabcdE.nNotARealTokenButLongEnough0123456789";
const PASSWORD = "correct horse battery 1!";
const required: Env = { DISCORD_TOKEN: TOKEN, CLIENT_ID: "1427436615021629590", RESET_PASSWORD: PASSWORD };
const dashboard: Env = {
  DISCORD_CLIENT_ID: "1427436615021629590",
  DISCORD_CLIENT_SECRET: "oauth-client-secret-0123456789",
  DASHBOARD_REDIRECT_URI: "https://pawtropolis.tech/auth/callback",
  ADMIN_ROLE_ID: "1402989891830153269",
  FASTIFY_SESSION_SECRET: "c2Vzc2lvbi1zZWNyZXQtb2YtdGhpcnR5LXR3by1jaGFycw==",
};

const outcome = (env: Env): Effect.Effect<Either.Either<AppConfigShape, ConfigInvalid>> =>
  Effect.either(decode(mergeEnvironment(env, "")));

const without = (env: Env, name: string): Env =>
  Object.fromEntries(Object.entries(env).filter(([key]) => key !== name));

interface Row {
  readonly name: string;
  /** What the other variables are; the required ones when not given. */
  readonly beside?: Env;
  readonly get: (config: AppConfigShape) => unknown;
  /** What holds when it is absent, or 'required'. */
  readonly absent: unknown;
  readonly good: ReadonlyArray<readonly [text: string, value: unknown]>;
  readonly bad: ReadonlyArray<readonly [text: string, problem: RegExp]>;
}

const REQUIRED = Symbol("required");
const TOGETHER = Symbol("together");

const unredact = (option: Option.Option<Redacted.Redacted>) => Option.map(option, Redacted.value);
const onDashboard =
  <A>(get: (values: Option.Option.Value<AppConfigShape["dashboard"]>) => A) =>
  (config: AppConfigShape) =>
    Option.getOrUndefined(Option.map(config.dashboard, get));

const idProblems = [
  ["abc", /is 'abc'; expected .* of 17 to 20 digits/],
  ["1234567890123456", /16 characters\); expected/],
  ["123456789012345678901", /21 characters\); expected/],
  ["-42743661502162959", /; expected/],
  ["'1427436615021629590'", /quotes around it/],
] as const;

const id = (
  name: string,
  get: Row["get"],
  options: Partial<Row> = {},
  wrap: (value: string) => unknown = Option.some,
): Row => ({
  name,
  get,
  absent: Option.none(),
  good: [
    ["12345678901234567", wrap("12345678901234567")],
    ["12345678901234567890", wrap("12345678901234567890")],
  ],
  bad: idProblems,
  ...options,
});

const idList = (name: string, get: Row["get"], options: Partial<Row> = {}): Row => ({
  name,
  get,
  absent: [],
  good: [
    ["1402989891830153269", ["1402989891830153269"]],
    [" 1402989891830153269 , 896070888594759740,", ["1402989891830153269", "896070888594759740"]],
    ["1402989891830153269,1402989891830153269", ["1402989891830153269"]],
  ],
  bad: [
    ["role1,role2,role3", /entry 1 is 'role1', entry 2 is 'role2', entry 3 is 'role3'; expected/],
    ["1402989891830153269,nobody", /entry 2 is 'nobody'/],
    ["1402989891830153269 896070888594759740", /entry 1 is not understood/],
    [",,", /only commas/],
    ['"1402989891830153269"', /quotes around it/],
  ],
  ...options,
});

const number = (name: string, get: Row["get"], fallback: number, min: number, max: number): Row => ({
  name,
  get,
  absent: fallback,
  good: [
    [String(min), min],
    [String(max), max],
  ],
  bad: [
    [String(min - 1), new RegExp(`below ${min}; expected a whole number from ${min} to ${max}`)],
    [String(max + 1), new RegExp(`above ${max}; expected a whole number`)],
    ["soon", /is 'soon'; expected a whole number/],
    ["12.5", /is '12.5'; expected a whole number/],
    ["1e3", /is '1e3'; expected a whole number/],
    ["0x10", /is '0x10'; expected a whole number/],
    ["Infinity", /; expected a whole number/],
    ["30 00", /is '30 00'; expected a whole number/],
  ],
});

const flag = (name: string, get: Row["get"], fallback: boolean, meaning = (on: boolean) => on): Row => ({
  name,
  get,
  absent: fallback,
  good: [
    ["1", meaning(true)],
    ["0", meaning(false)],
    ["TRUE", meaning(true)],
    ["false", meaning(false)],
    ["on", meaning(true)],
    ["no", meaning(false)],
  ],
  bad: [
    ["2", /is '2'; expected 1 \(yes\) or 0 \(no\)/],
    ["maybe", /is 'maybe'; expected 1/],
  ],
});

const base = (name: string, get: Row["get"]): Row => ({
  name,
  get,
  absent: Option.none(),
  good: [
    ["http://127.0.0.1:4000/api", Option.some("http://127.0.0.1:4000/api")],
    ["http://127.0.0.1:4000/api/", Option.some("http://127.0.0.1:4000/api")],
    ["http://127.0.0.1:4000", Option.some("http://127.0.0.1:4000")],
  ],
  bad: [
    ["127.0.0.1:4000", /URL; expected a URL such as/],
    ["ftp://example.org", /another kind/],
    ["http://127.0.0.1:4000/?a=1", /query/],
    ["http://user:word@127.0.0.1:4000/", /user name or password/],
  ],
});

const table: ReadonlyArray<Row> = [
  {
    name: "NODE_ENV",
    get: (config) => config.nodeEnv,
    absent: "development",
    good: [
      ["production", "production"],
      ["Development", "development"],
      ["test", "test"],
    ],
    bad: [["staging", /is 'staging'; expected one of development, production, test/]],
  },
  {
    name: "DISCORD_TOKEN",
    get: (config) => Redacted.value(config.discord.token),
    absent: REQUIRED,
    good: [[TOKEN, TOKEN]],
    bad: [
      ["your-bot-token-here", /still the value of \.env\.example; expected the bot token/],
      [`Bot ${TOKEN}`, /contains a space/],
      [`"${TOKEN}"`, /quotes around it/],
    ],
  },
  id(
    "CLIENT_ID",
    (config) => config.discord.clientId,
    { absent: REQUIRED },
    (value) => value,
  ),
  id("GUILD_ID", (config) => config.discord.guildId),
  {
    name: "DB_PATH",
    get: (config) => config.databasePath,
    absent: "data/data.db",
    good: [
      ["./data/data.db", "./data/data.db"],
      [":memory:", ":memory:"],
    ],
    bad: [
      ["data/", /slash/],
      ["data\n.db", /line break/],
    ],
  },
  {
    name: "RESET_PASSWORD",
    get: (config) => Redacted.value(config.resetPassword),
    absent: REQUIRED,
    good: [
      [PASSWORD, PASSWORD],
      ["short", "short"],
    ],
    bad: [["two\nlines", /line break/]],
  },
  id(
    "DISCORD_CLIENT_ID",
    onDashboard((values) => values.clientId),
    { beside: { ...required, ...dashboard }, absent: TOGETHER },
    (value) => value,
  ),
  {
    name: "DISCORD_CLIENT_SECRET",
    beside: { ...required, ...dashboard },
    get: onDashboard((values) => Redacted.value(values.clientSecret)),
    absent: TOGETHER,
    good: [["abcDEF-123_456", "abcDEF-123_456"]],
    bad: [["two words", /contains a space/]],
  },
  {
    name: "DASHBOARD_REDIRECT_URI",
    beside: { ...required, ...dashboard },
    get: onDashboard((values) => values.redirectUri),
    absent: TOGETHER,
    good: [["http://localhost:3000/auth/callback", "http://localhost:3000/auth/callback"]],
    bad: [
      ["localhost:3000/auth/callback", /another kind; expected a URL such as/],
      ["/auth/callback", /is not a URL/],
      ["https://pawtropolis.tech/auth/callback#here", /'#…' part/],
      ["https://me:word@pawtropolis.tech/auth/callback", /user name or password/],
    ],
  },
  idList(
    "ADMIN_ROLE_ID",
    onDashboard((values) => values.adminRoleIds),
    { beside: { ...required, ...dashboard }, absent: TOGETHER },
  ),
  {
    name: "FASTIFY_SESSION_SECRET",
    beside: { ...required, ...dashboard },
    get: onDashboard((values) => Redacted.value(values.sessionSecret)),
    absent: TOGETHER,
    good: [["x".repeat(32), "x".repeat(32)]],
    bad: [["two\nlines", /line break/]],
  },
  number("DASHBOARD_PORT", (config) => config.http.port, 3000, 0, 65_535),
  flag("TRUST_PROXY", (config) => config.http.trustProxy, false),
  {
    name: "CORS_ORIGIN",
    get: (config) => config.http.corsOrigin,
    absent: Option.none(),
    good: [
      ["https://pawtropolis.tech", Option.some("https://pawtropolis.tech")],
      ["https://pawtropolis.tech/", Option.some("https://pawtropolis.tech")],
      ["http://localhost:5173", Option.some("http://localhost:5173")],
    ],
    bad: [
      ["*", /'\*'/],
      ["pawtropolis.tech", /is not a URL/],
      ["https://pawtropolis.tech/dashboard", /more than scheme, host and port/],
    ],
  },
  number("WEB_REQUESTS_PER_MINUTE", (config) => config.http.requestsPerMinute, 100, 1, 10_000_000),
  id("LOGGING_CHANNEL", (config) => config.logging.channelId),
  {
    name: "SENTRY_DSN",
    get: (config) => unredact(Option.map(config.sentry, ({ dsn }) => dsn)),
    absent: Option.none(),
    good: [["https://key@sentry.io/1", Option.some("https://key@sentry.io/1")]],
    bad: [["sentry.io/1", /is not a URL; expected a Sentry DSN/]],
  },
  {
    name: "SENTRY_ENVIRONMENT",
    beside: { ...required, SENTRY_DSN: "https://key@sentry.io/1" },
    get: (config) => Option.getOrThrow(config.sentry).environment,
    absent: "production",
    good: [["staging", "staging"]],
    bad: [["two words", /is 'two words'; expected a name/]],
  },
  {
    name: "SENTRY_TRACES_SAMPLE_RATE",
    beside: { ...required, SENTRY_DSN: "https://key@sentry.io/1" },
    get: (config) => Option.getOrThrow(config.sentry).tracesSampleRate,
    absent: 0.1,
    good: [
      ["0", 0],
      ["1.0", 1],
      [".25", 0.25],
    ],
    bad: [
      ["1.1", /above 1; expected a number from 0\.0 to 1\.0/],
      ["-0.1", /below 0/],
      ["half", /is 'half'/],
      ["10%", /is '10%'/],
    ],
  },
  {
    name: "LOG_LEVEL",
    get: (config) => config.logging.level,
    absent: "debug",
    good: (["trace", "debug", "info", "warn", "error", "fatal"] as const).map((level) => [level, level]),
    bad: [
      ["verbose", /is 'verbose'; expected one of trace, debug, info, warn, error, fatal/],
      ["30", /is '30'/],
    ],
  },
  flag("GATE_SHOW_AVATAR_RISK", (config) => config.gate.showAvatarRisk, false),
  idList("SEND_ALLOWED_ROLE_IDS", (config) => config.sendAllowedRoleIds),
  idList("OWNER_IDS", (config) => config.ownerIds),
  id("FLAGGED_REPORT_CHANNEL_ID", (config) => config.flags.channelId),
  idList("GATE_ADMIN_ROLE_IDS", (config) => config.gateAdminRoleIds),
  number("MOD_METRICS_INTERVAL_MS", (config) => config.metrics.refreshIntervalMs, 900_000, 1_000, 86_400_000),
  number("METRICS_CACHE_TTL_MS", (config) => config.metrics.cacheTtlMs, 300_000, 0, 86_400_000),
  number("SILENT_FIRST_MSG_DAYS", (config) => config.flags.silentFirstMessageDays, 90, 7, 365),
  {
    name: "GOOGLE_VISION_API_KEY",
    get: (config) => unredact(config.vision.apiKey),
    absent: Option.none(),
    good: [["AIzaSyExampleKey", Option.some("AIzaSyExampleKey")]],
    bad: [["not a key", /contains a space/]],
  },
  {
    name: "GOOGLE_APPLICATION_CREDENTIALS",
    get: (config) => config.vision.credentialsFile,
    absent: Option.none(),
    good: [["/etc/pawtropolis/google.json", Option.some("/etc/pawtropolis/google.json")]],
    bad: [["/etc/pawtropolis/", /slash/]],
  },
  base("VISION_API_ENDPOINT", (config) => config.vision.apiEndpoint),
  {
    name: "DB_BACKUPS_DIR",
    get: (config) => config.backupsDir,
    absent: "data/backups",
    good: [["/var/backups/paw/", "/var/backups/paw/"]],
    bad: [["'/var/backups'", /quotes around it/]],
  },
  {
    name: "PM2_PROCESS_NAME",
    get: (config) => config.pm2ProcessName,
    absent: "pawtropolis",
    good: [["paw-2", "paw-2"]],
    bad: [["paw; rm", /is 'paw; rm'; expected a name/]],
  },
  {
    name: "HEALTH_ALERT_WEBHOOK",
    get: (config) => unredact(config.alerts.webhook),
    absent: Option.none(),
    good: [["https://hooks.example.org/abc", Option.some("https://hooks.example.org/abc")]],
    bad: [["hooks.example.org", /is not a URL; expected the URL of a webhook/]],
  },
  number("HEALTH_CHECK_INTERVAL_SECONDS", (config) => config.alerts.checkIntervalSeconds, 60, 5, 86_400),
  number("QUEUE_BACKLOG_ALERT", (config) => config.alerts.queueBacklog, 200, 1, 1_000_000),
  number("P95_RESPONSE_MS_ALERT", (config) => config.alerts.p95ResponseMs, 2_000, 1, 86_400_000),
  number("WS_PING_MS_ALERT", (config) => config.alerts.gatewayPingMs, 500, 1, 86_400_000),
  flag(
    "DISABLE_SCHEDULERS",
    (config) => config.schedulersEnabled,
    true,
    (disabled) => !disabled,
  ),
  base("DISCORD_API_BASE", (config) => config.discord.apiBase),
  number("DISCORD_REQUESTS_PER_SECOND", (config) => config.discord.requestsPerSecond, 50, 1, 100_000),
  id("TEST_GUILD_ID", (config) => config.testing.guildId),
  id("TEST_REVIEWER_ROLE_ID", (config) => config.testing.reviewerRoleId),
];

const expectConfig = (env: Env) =>
  Effect.map(outcome(env), (result) =>
    Either.getOrThrowWith(result, (invalid) => new Error(`expected a configuration\n${invalid.message}`)),
  );

const expectProblems = (env: Env) =>
  Effect.map(outcome(env), (result) =>
    Either.match(result, {
      onLeft: ({ problems }) => problems,
      onRight: () => assert.fail("expected problems, and there were none"),
    }),
  );

describe("every variable", () => {
  it("has a row in this table, and a line in .env.example", () => {
    assert.deepStrictEqual(
      table.map(({ name }) => name),
      variables.map(({ name }) => name),
    );
    const example = readFileSync(new URL("../../../.env.example", import.meta.url), "utf8");
    for (const { name } of variables) assert.match(example, new RegExp(`^#?${name}=`, "m"));
    const uncommented = Object.keys(dotenv.parse(example.replace(/^#(?=[A-Z_0-9]+=)/gm, "")));
    assert.sameMembers(
      uncommented,
      variables.map(({ name }) => name),
    );
  });

  for (const row of table) {
    const beside = without(row.beside ?? required, row.name);
    describe(row.name, () => {
      it.effect.each(row.good)("reads %j", ([text, value]) =>
        Effect.gen(function* () {
          const config = yield* expectConfig({ ...beside, [row.name]: text });
          assert.deepStrictEqual(row.get(config), value);
        }),
      );

      it.effect("ignores space around it and a line end after it", () =>
        Effect.gen(function* () {
          for (const [text, value] of row.good) {
            const config = yield* expectConfig({ ...beside, [row.name]: ` \t${text}\r\n` });
            assert.deepStrictEqual(row.get(config), value);
          }
        }),
      );

      it.effect.each([undefined, "", "   ", "\n"])("treats %j as absent", (text) =>
        Effect.gen(function* () {
          const env = text === undefined ? beside : { ...beside, [row.name]: text };
          if (row.absent === REQUIRED || row.absent === TOGETHER) {
            const problems = yield* expectProblems(env);
            assert.deepStrictEqual(
              problems.map(({ name }) => name),
              [row.name],
            );
            assert.match(problems[0]?.problem ?? "", /^missing.*; expected /);
          } else {
            assert.deepStrictEqual(row.get(yield* expectConfig(env)), row.absent);
          }
        }),
      );

      it.effect.each(row.bad)("refuses %j", ([text, problem]) =>
        Effect.gen(function* () {
          const problems = yield* expectProblems({ ...beside, [row.name]: text });
          assert.deepStrictEqual(
            problems.map(({ name }) => name),
            [row.name],
          );
          assert.match(problems[0]?.problem ?? "", problem);
          assert.match(problems[0]?.problem ?? "", /; expected ./);
        }),
      );
    });
  }
});
