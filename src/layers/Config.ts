import { ConfigProvider, Context, Effect, Layer, Option, Redacted } from "effect";
import { ConfigInvalid, problemsIn } from "./config/ConfigInvalid.js";
import { type Environment, read } from "./config/Environment.js";
import { type Settings, settings, weaknesses } from "./config/Settings.js";
import * as Typos from "./config/Typos.js";
import * as Variables from "./config/Variables.js";

export { ConfigInvalid } from "./config/ConfigInvalid.js";
export {
  type Environment,
  merge as mergeEnvironment,
  read as readEnvironment,
} from "./config/Environment.js";
export type { DashboardSettings, LogLevelName, NodeEnv, SentrySettings } from "./config/Settings.js";

export interface AppConfigShape extends Settings {
  /** What an operator should know although the bot starts: weak secrets, names that look mistyped. */
  readonly warnings: ReadonlyArray<string>;
}

/** The environment, read once at start. Secrets stay `Redacted` until the call that needs them. */
export class AppConfig extends Context.Tag("app/Config")<AppConfig, AppConfigShape>() {}

/** What there is to configure, in the order in which it is shown. */
export const variables = Variables.all;

const NAMES = variables.map(({ name }) => name);
const EXPECTED = new Map(variables.map(({ name, expected }) => [name, expected]));

/** Decodes an environment, or finds everything that is wrong with it. */
export const decode = (environment: Environment): Effect.Effect<AppConfigShape, ConfigInvalid> => {
  const provider = ConfigProvider.fromMap(new Map([...environment].map(([name, { text }]) => [name, text])));
  const typos = Typos.find(environment, NAMES);
  const describeMissing = (name: string): string => {
    const typo = typos.find(({ meant }) => meant === name);
    const hint = typo === undefined ? "" : ` (${typo.name} is set: was ${name} meant?)`;
    return `missing${hint}; expected ${EXPECTED.get(name) ?? "a value"}`;
  };
  return provider.load(settings).pipe(
    Effect.mapError((error) => new ConfigInvalid({ problems: problemsIn(error, describeMissing) })),
    Effect.map((config) => ({
      ...config,
      warnings: [
        ...weaknesses(config),
        ...(Option.isNone(config.dashboard) && environment.has("FASTIFY_SESSION_SECRET")
          ? [
              "FASTIFY_SESSION_SECRET: set, but the dashboard stays off until its other four variables are set too",
            ]
          : []),
        ...typos.map(({ name, meant }) => `${name}: means nothing; was ${meant} meant?`),
      ],
    })),
  );
};

/** Reads `.env` and the process environment; fails with every problem at once, before anything connects. */
export const layer: Layer.Layer<AppConfig, ConfigInvalid> = Layer.effect(
  AppConfig,
  Effect.flatMap(read, decode),
);

type Overrides = {
  readonly [K in keyof AppConfigShape]?: K extends
    "discord" | "http" | "logging" | "gate" | "flags" | "vision" | "metrics" | "alerts" | "testing"
    ? Partial<AppConfigShape[K]>
    : AppConfigShape[K];
};

const testDefaults: AppConfigShape = {
  nodeEnv: "test",
  discord: {
    token: Redacted.make("token-for-tests"),
    clientId: "100000000000000001",
    guildId: Option.none(),
    apiBase: Option.none(),
    requestsPerSecond: 50,
  },
  databasePath: ":memory:",
  backupsDir: "data/backups",
  resetPassword: Redacted.make("password-for-tests"),
  dashboard: Option.none(),
  http: { port: 0, trustProxy: false, corsOrigin: Option.none(), requestsPerMinute: 100 },
  logging: { level: "debug", channelId: Option.none() },
  sentry: Option.none(),
  ownerIds: [],
  gateAdminRoleIds: [],
  sendAllowedRoleIds: [],
  gate: { showAvatarRisk: false },
  flags: { channelId: Option.none(), silentFirstMessageDays: 90 },
  vision: { apiKey: Option.none(), credentialsFile: Option.none(), apiEndpoint: Option.none() },
  metrics: { refreshIntervalMs: 900_000, cacheTtlMs: 300_000 },
  alerts: {
    webhook: Option.none(),
    checkIntervalSeconds: 60,
    queueBacklog: 200,
    p95ResponseMs: 2_000,
    gatewayPingMs: 500,
  },
  schedulersEnabled: true,
  pm2ProcessName: "pawtropolis",
  testing: { guildId: Option.none(), reviewerRoleId: Option.none() },
  warnings: [],
};

/** A configuration for tests: the defaults, an in-memory database, a free port, and what the test changes. */
export const layerTest = (overrides: Overrides = {}): Layer.Layer<AppConfig> =>
  Layer.succeed(AppConfig, {
    ...testDefaults,
    ...overrides,
    discord: { ...testDefaults.discord, ...overrides.discord },
    http: { ...testDefaults.http, ...overrides.http },
    logging: { ...testDefaults.logging, ...overrides.logging },
    gate: { ...testDefaults.gate, ...overrides.gate },
    flags: { ...testDefaults.flags, ...overrides.flags },
    vision: { ...testDefaults.vision, ...overrides.vision },
    metrics: { ...testDefaults.metrics, ...overrides.metrics },
    alerts: { ...testDefaults.alerts, ...overrides.alerts },
    testing: { ...testDefaults.testing, ...overrides.testing },
  });
