import { Array as Arr, Config, ConfigError, Either, Option, Redacted } from "effect";
import type { ChannelId, GuildId, RoleId, UserId } from "../../domain/Ids.js";
import * as Parser from "./Parser.js";
import { type Described, problemOf, type Variable } from "./Variable.js";
import * as Variables from "./Variables.js";

export type NodeEnv = "development" | "production" | "test";
export type LogLevelName = "trace" | "debug" | "info" | "warn" | "error" | "fatal";

export interface DashboardSettings {
  readonly clientId: string;
  readonly clientSecret: Redacted.Redacted;
  readonly redirectUri: string;
  readonly adminRoleIds: ReadonlyArray<RoleId>;
  readonly sessionSecret: Redacted.Redacted;
}

export interface SentrySettings {
  readonly dsn: Redacted.Redacted;
  readonly environment: string;
  /** From 0 to 1. */
  readonly tracesSampleRate: number;
}

/** The whole configuration, decoded. Times carry their unit in the name. */
export interface Settings {
  readonly nodeEnv: NodeEnv;
  readonly discord: {
    readonly token: Redacted.Redacted;
    readonly clientId: string;
    /** Where slash commands are registered; none: globally. */
    readonly guildId: Option.Option<GuildId>;
    /** Without a slash at the end; none: Discord's own. */
    readonly apiBase: Option.Option<string>;
    readonly requestsPerSecond: number;
  };
  readonly databasePath: string;
  readonly backupsDir: string;
  readonly resetPassword: Redacted.Redacted;
  /** None when no dashboard variable is set: the web server then only serves its health. */
  readonly dashboard: Option.Option<DashboardSettings>;
  readonly http: {
    /** 0: the system picks a free port. */
    readonly port: number;
    readonly trustProxy: boolean;
    readonly corsOrigin: Option.Option<string>;
    /** Of one client; stricter classes are parts of it. */
    readonly requestsPerMinute: number;
  };
  readonly logging: {
    readonly level: LogLevelName;
    readonly channelId: Option.Option<ChannelId>;
  };
  readonly sentry: Option.Option<SentrySettings>;
  readonly ownerIds: ReadonlyArray<UserId>;
  readonly gateAdminRoleIds: ReadonlyArray<RoleId>;
  readonly sendAllowedRoleIds: ReadonlyArray<RoleId>;
  readonly gate: { readonly showAvatarRisk: boolean };
  readonly flags: {
    readonly channelId: Option.Option<ChannelId>;
    readonly silentFirstMessageDays: number;
  };
  readonly vision: {
    readonly apiKey: Option.Option<Redacted.Redacted>;
    readonly credentialsFile: Option.Option<string>;
    readonly apiEndpoint: Option.Option<string>;
  };
  readonly metrics: { readonly refreshIntervalMs: number; readonly cacheTtlMs: number };
  readonly alerts: {
    readonly webhook: Option.Option<Redacted.Redacted>;
    readonly checkIntervalSeconds: number;
    readonly queueBacklog: number;
    readonly p95ResponseMs: number;
    readonly gatewayPingMs: number;
  };
  readonly schedulersEnabled: boolean;
  readonly pm2ProcessName: string;
  readonly testing: {
    readonly guildId: Option.Option<GuildId>;
    readonly reviewerRoleId: Option.Option<RoleId>;
  };
}

/** What is weak about a value, if anything. */
type Check<A> = (value: A) => Option.Option<string>;

const atLeast =
  (characters: number, placeholder: string): Check<Redacted.Redacted> =>
  (secret) => {
    const value = Redacted.value(secret);
    if (value === placeholder) return Option.some("is still the value of .env.example");
    const length = Array.from(value).length;
    return length < characters
      ? Option.some(`has ${length} characters, fewer than ${characters}`)
      : Option.none();
  };

const notPlaceholder: Check<Redacted.Redacted> = (secret) =>
  ["your-client-secret", "your-client-secret-here"].includes(Redacted.value(secret))
    ? Option.some("is still the value of .env.example")
    : Option.none();

const encrypted: Check<string> = (url) =>
  Parser.isHttps(url) ? Option.none() : Option.some("is http, which shows sign-ins to everybody on the way");

const encryptedOrLocal: Check<string> = (url) =>
  Parser.isHttps(url) || Parser.isLoopback(url)
    ? Option.none()
    : Option.some("is http to another machine, which shows the token to everybody on the way");

const inside =
  <A>(check: Check<A>): Check<Option.Option<A>> =>
  (value) =>
    Option.flatMap(value, check);

/** A check that production insists on, and that is only a warning elsewhere. */
const strict = <A>(variable: Variable<A>, check: Check<A>, expected: string = variable.expected) => {
  const problem = (value: A): Option.Option<string> =>
    Option.map(check(value), (wrong) => `${wrong}, which production refuses; expected ${expected}`);
  return {
    config: Config.all([variable.config, Variables.NODE_ENV.config]).pipe(
      Config.mapOrFail(([value, nodeEnv]) =>
        Option.match(nodeEnv === "production" ? problem(value) : Option.none(), {
          onNone: () => Either.right(value),
          onSome: (wrong) => Either.left(problemOf(variable, wrong)),
        }),
      ),
    ),
    warning: (value: A): ReadonlyArray<string> =>
      Option.toArray(Option.map(problem(value), (wrong) => `${variable.name}: ${wrong}`)),
  };
};

const HTTPS_REDIRECT = "an https URL such as https://example.org/auth/callback";

const resetPassword = strict(Variables.RESET_PASSWORD, atLeast(16, "choose-a-strong-password"));
const sessionSecret = strict(
  Variables.FASTIFY_SESSION_SECRET,
  inside(atLeast(32, "your-32-char-secret-here")),
);
const clientSecret = strict(Variables.DISCORD_CLIENT_SECRET, inside(notPlaceholder));
const redirectUri = strict(Variables.DASHBOARD_REDIRECT_URI, inside(encrypted), HTTPS_REDIRECT);
const apiBase = strict(
  Variables.DISCORD_API_BASE,
  inside(encryptedOrLocal),
  "https, or an address of this machine",
);
const visionEndpoint = strict(
  Variables.VISION_API_ENDPOINT,
  inside(encryptedOrLocal),
  "https, or an address of this machine",
);

const DASHBOARD: ReadonlyArray<Described> = [
  Variables.DISCORD_CLIENT_ID,
  Variables.DISCORD_CLIENT_SECRET,
  Variables.DASHBOARD_REDIRECT_URI,
  Variables.ADMIN_ROLE_ID,
  Variables.FASTIFY_SESSION_SECRET,
];

const SESSION_SECRET_ALONE = [Variables.FASTIFY_SESSION_SECRET.name];

/**
 * All or none. It looks only at which are set, so that it reports beside a variable that is also malformed. A session
 * secret alone is let pass: the customer's local set-up makes one before anything else, and it opens nothing.
 */
const dashboardComplete = Config.all(
  DASHBOARD.map(({ name }) => Config.option(Config.string(name)).pipe(Config.map(Option.isSome))),
).pipe(
  Config.mapOrFail((present) => {
    const set = DASHBOARD.filter((_, index) => present[index]).map(({ name }) => name);
    const missing = DASHBOARD.filter((_, index) => present[index] !== true);
    if (set.length === 0 || set.join() === SESSION_SECRET_ALONE.join()) return Either.right(undefined);
    const problems = missing.map((variable) =>
      problemOf(
        variable,
        `missing while ${set.join(", ")} ${set.length === 1 ? "is" : "are"} set (the dashboard needs all ` +
          `${DASHBOARD.length} of its variables, or none); expected ${variable.expected}`,
      ),
    );
    return Arr.match(problems, {
      onEmpty: () => Either.right(undefined),
      onNonEmpty: ([first, ...rest]) =>
        Either.left(rest.reduce((all, next) => ConfigError.And(all, next), first)),
    });
  }),
);

const dashboard = Config.all({
  complete: dashboardComplete,
  values: Config.all({
    clientId: Variables.DISCORD_CLIENT_ID.config,
    clientSecret: clientSecret.config,
    redirectUri: redirectUri.config,
    adminRoleIds: Variables.ADMIN_ROLE_ID.config,
    sessionSecret: sessionSecret.config,
  }),
}).pipe(Config.map(({ values }) => Option.all(values)));

const logLevel = Config.all([Variables.LOG_LEVEL.config, Variables.NODE_ENV.config]).pipe(
  Config.map(([level, nodeEnv]) =>
    Option.getOrElse(level, (): LogLevelName => (nodeEnv === "production" ? "info" : "debug")),
  ),
);

const sentry = Config.all({
  dsn: Variables.SENTRY_DSN.config,
  environment: Variables.SENTRY_ENVIRONMENT.config,
  tracesSampleRate: Variables.SENTRY_TRACES_SAMPLE_RATE.config,
}).pipe(Config.map(({ dsn, ...rest }) => Option.map(dsn, (value) => ({ dsn: value, ...rest }))));

/** The one description of the whole environment; loading it finds every problem in one pass. */
export const settings: Config.Config<Settings> = Config.all({
  nodeEnv: Variables.NODE_ENV.config,
  discord: Config.all({
    token: Variables.DISCORD_TOKEN.config,
    clientId: Variables.CLIENT_ID.config,
    guildId: Variables.GUILD_ID.config,
    apiBase: apiBase.config,
    requestsPerSecond: Variables.DISCORD_REQUESTS_PER_SECOND.config,
  }),
  databasePath: Variables.DB_PATH.config,
  backupsDir: Variables.DB_BACKUPS_DIR.config,
  resetPassword: resetPassword.config,
  dashboard,
  http: Config.all({
    port: Variables.DASHBOARD_PORT.config,
    trustProxy: Variables.TRUST_PROXY.config,
    corsOrigin: Variables.CORS_ORIGIN.config,
    requestsPerMinute: Variables.WEB_REQUESTS_PER_MINUTE.config,
  }),
  logging: Config.all({ level: logLevel, channelId: Variables.LOGGING_CHANNEL.config }),
  sentry,
  ownerIds: Variables.OWNER_IDS.config,
  gateAdminRoleIds: Variables.GATE_ADMIN_ROLE_IDS.config,
  sendAllowedRoleIds: Variables.SEND_ALLOWED_ROLE_IDS.config,
  gate: Config.all({ showAvatarRisk: Variables.GATE_SHOW_AVATAR_RISK.config }),
  flags: Config.all({
    channelId: Variables.FLAGGED_REPORT_CHANNEL_ID.config,
    silentFirstMessageDays: Variables.SILENT_FIRST_MSG_DAYS.config,
  }),
  vision: Config.all({
    apiKey: Variables.GOOGLE_VISION_API_KEY.config,
    credentialsFile: Variables.GOOGLE_APPLICATION_CREDENTIALS.config,
    apiEndpoint: visionEndpoint.config,
  }),
  metrics: Config.all({
    refreshIntervalMs: Variables.MOD_METRICS_INTERVAL_MS.config,
    cacheTtlMs: Variables.METRICS_CACHE_TTL_MS.config,
  }),
  alerts: Config.all({
    webhook: Variables.HEALTH_ALERT_WEBHOOK.config,
    checkIntervalSeconds: Variables.HEALTH_CHECK_INTERVAL_SECONDS.config,
    queueBacklog: Variables.QUEUE_BACKLOG_ALERT.config,
    p95ResponseMs: Variables.P95_RESPONSE_MS_ALERT.config,
    gatewayPingMs: Variables.WS_PING_MS_ALERT.config,
  }),
  schedulersEnabled: Config.map(Variables.DISABLE_SCHEDULERS.config, (disabled) => !disabled),
  pm2ProcessName: Variables.PM2_PROCESS_NAME.config,
  testing: Config.all({
    guildId: Variables.TEST_GUILD_ID.config,
    reviewerRoleId: Variables.TEST_REVIEWER_ROLE_ID.config,
  }),
});

/** What production would refuse and this stage lets pass. Plain http is usual while developing and says nothing. */
export const weaknesses = (config: Settings): ReadonlyArray<string> => [
  ...resetPassword.warning(config.resetPassword),
  ...clientSecret.warning(Option.map(config.dashboard, (values) => values.clientSecret)),
  ...sessionSecret.warning(Option.map(config.dashboard, (values) => values.sessionSecret)),
];
