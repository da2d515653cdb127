import { ChannelId, GuildId, RoleId, UserId } from "../../domain/Ids.js";
import { Schema } from "effect";
import * as Parser from "./Parser.js";
import { type Described, listed, optional, required, withDefault } from "./Variable.js";

/*
 * Every variable of the customer's document under its own name, and the family that came after it.
 * The order is that of .env.example and of `npm run env:check`.
 */

const PORTAL = "https://discord.com/developers/applications";
const ClientId = Schema.String.pipe(Schema.pattern(/^\d{17,20}$/));
const roles = Parser.list(
  "role ids of 17 to 20 digits, separated by commas",
  Parser.discordId("a role id", RoleId),
);
const DAY_MS = 86_400_000;

export const NODE_ENV = withDefault(
  "NODE_ENV",
  "The stage: production is strict about secrets and logs JSON, development logs for people",
  Parser.oneOf("development", "production", "test"),
  "development",
);

export const DISCORD_TOKEN = required(
  "DISCORD_TOKEN",
  "The bot's token",
  Parser.secretWord(`the bot token from ${PORTAL}`, "your-bot-token-here"),
  { secret: true },
);

export const CLIENT_ID = required(
  "CLIENT_ID",
  "The application's id, under which slash commands are registered",
  Parser.discordId(`the application id from ${PORTAL},`, ClientId),
);

export const GUILD_ID = optional(
  "GUILD_ID",
  "The guild that slash commands are registered in; without it they are global",
  Parser.discordId("a guild id", GuildId),
);

export const DB_PATH = withDefault(
  "DB_PATH",
  "The SQLite file; its directory is made when it is not there",
  Parser.filePath("the path of a file"),
  "data/data.db",
);

export const RESET_PASSWORD = required(
  "RESET_PASSWORD",
  "The password asked for before anything is reset, purged or restored",
  Parser.secretText("16 characters or more, for example from: openssl rand -base64 24"),
  { secret: true },
);

export const DISCORD_CLIENT_ID = optional(
  "DISCORD_CLIENT_ID",
  "The OAuth2 client that people sign in to the dashboard with",
  Parser.discordId(`the OAuth2 client id from ${PORTAL},`, ClientId),
);

export const DISCORD_CLIENT_SECRET = optional(
  "DISCORD_CLIENT_SECRET",
  "The secret of that OAuth2 client",
  Parser.secretWord(`the OAuth2 client secret from ${PORTAL}`),
  { secret: true },
);

export const DASHBOARD_REDIRECT_URI = optional(
  "DASHBOARD_REDIRECT_URI",
  "Where Discord sends people back to after signing in; registered in the developer portal",
  Parser.url("a URL such as https://example.org/auth/callback"),
);

export const ADMIN_ROLE_ID = optional("ADMIN_ROLE_ID", "The roles that may use the dashboard", roles);

export const FASTIFY_SESSION_SECRET = optional(
  "FASTIFY_SESSION_SECRET",
  "The key that session cookies are encrypted with",
  Parser.secretText("32 characters or more, for example from: openssl rand -base64 32"),
  { secret: true },
);

export const DASHBOARD_PORT = withDefault(
  "DASHBOARD_PORT",
  "The port of the web server (0: the system picks a free one)",
  Parser.wholeNumber(0, 65_535),
  "3000",
);

export const TRUST_PROXY = withDefault(
  "TRUST_PROXY",
  "Whether X-Forwarded-For is believed: 1 behind nginx or Cloudflare, 0 when reached directly",
  Parser.flag,
  "0",
);

export const CORS_ORIGIN = optional(
  "CORS_ORIGIN",
  "The one other origin whose pages may call the API",
  Parser.origin("an origin such as https://example.org, without a path"),
);

export const WEB_REQUESTS_PER_MINUTE = withDefault(
  "WEB_REQUESTS_PER_MINUTE",
  "How many web requests a minute one client may make; heavy routes and sign-in take a tenth, password routes a twentieth",
  Parser.wholeNumber(1, 10_000_000),
  "100",
);

export const LOGGING_CHANNEL = optional(
  "LOGGING_CHANNEL",
  "Where the action log is posted in guilds that have not chosen a channel",
  Parser.discordId("a channel id", ChannelId),
);

export const SENTRY_DSN = optional(
  "SENTRY_DSN",
  "Where errors are reported; without it nothing is reported",
  Parser.secretUrl("a Sentry DSN such as https://key@sentry.io/project-id"),
  { secret: true },
);

export const SENTRY_ENVIRONMENT = withDefault(
  "SENTRY_ENVIRONMENT",
  "The stage that errors are filed under",
  Parser.label("a name of letters, digits, '.', '-' and '_'"),
  "production",
);

export const SENTRY_TRACES_SAMPLE_RATE = withDefault(
  "SENTRY_TRACES_SAMPLE_RATE",
  "The share of transactions that is traced (1.0: all)",
  Parser.fraction(0, 1),
  "0.1",
);

export const LOG_LEVEL = optional(
  "LOG_LEVEL",
  "The least important level that is logged",
  Parser.oneOf("trace", "debug", "info", "warn", "error", "fatal"),
  { fallback: "info in production, debug elsewhere" },
);

export const GATE_SHOW_AVATAR_RISK = withDefault(
  "GATE_SHOW_AVATAR_RISK",
  "Whether review cards show the avatar risk",
  Parser.flag,
  "0",
);

export const SEND_ALLOWED_ROLE_IDS = listed(
  "SEND_ALLOWED_ROLE_IDS",
  "The roles that may use /send and /say",
  roles,
);

export const OWNER_IDS = listed(
  "OWNER_IDS",
  "The people who stand above every role check",
  Parser.list("user ids of 17 to 20 digits, separated by commas", Parser.discordId("a user id", UserId)),
);

export const FLAGGED_REPORT_CHANNEL_ID = optional(
  "FLAGGED_REPORT_CHANNEL_ID",
  "Where flags are reported in guilds that have not chosen a channel",
  Parser.discordId("a channel id", ChannelId),
);

export const GATE_ADMIN_ROLE_IDS = listed(
  "GATE_ADMIN_ROLE_IDS",
  "The roles that count as admin in Discord",
  roles,
);

export const MOD_METRICS_INTERVAL_MS = withDefault(
  "MOD_METRICS_INTERVAL_MS",
  "How often moderator figures are brought up to date",
  Parser.wholeNumber(1_000, DAY_MS, " milliseconds"),
  "900000",
);

export const METRICS_CACHE_TTL_MS = withDefault(
  "METRICS_CACHE_TTL_MS",
  "How long figures are answered from memory",
  Parser.wholeNumber(0, DAY_MS, " milliseconds"),
  "300000",
);

export const SILENT_FIRST_MSG_DAYS = withDefault(
  "SILENT_FIRST_MSG_DAYS",
  "A member who first speaks this many days after joining is flagged",
  Parser.wholeNumber(7, 365, " days"),
  "90",
);

export const GOOGLE_VISION_API_KEY = optional(
  "GOOGLE_VISION_API_KEY",
  "The key for scoring avatars with Google Cloud Vision",
  Parser.secretWord("an API key of Google Cloud"),
  { secret: true },
);

export const GOOGLE_APPLICATION_CREDENTIALS = optional(
  "GOOGLE_APPLICATION_CREDENTIALS",
  "The key file of a Google service account, instead of an API key",
  Parser.filePath("the path of a JSON key file"),
);

export const VISION_API_ENDPOINT = optional(
  "VISION_API_ENDPOINT",
  "Another address for Google Cloud Vision; the local sandbox sets it",
  Parser.baseUrl("a URL such as http://127.0.0.1:4000"),
);

export const DB_BACKUPS_DIR = withDefault(
  "DB_BACKUPS_DIR",
  "The directory of database backups",
  Parser.directory("the path of a directory"),
  "data/backups",
);

export const PM2_PROCESS_NAME = withDefault(
  "PM2_PROCESS_NAME",
  "The name of the bot's process under PM2",
  Parser.label("a name of letters, digits, '.', '-' and '_'"),
  "pawtropolis",
);

export const HEALTH_ALERT_WEBHOOK = optional(
  "HEALTH_ALERT_WEBHOOK",
  "Where alerts for operators are posted",
  Parser.secretUrl("the URL of a webhook"),
  { secret: true },
);

export const HEALTH_CHECK_INTERVAL_SECONDS = withDefault(
  "HEALTH_CHECK_INTERVAL_SECONDS",
  "How often the bot looks at its own health",
  Parser.wholeNumber(5, 86_400, " seconds"),
  "60",
);

export const QUEUE_BACKLOG_ALERT = withDefault(
  "QUEUE_BACKLOG_ALERT",
  "An alert is raised when this many effects wait",
  Parser.wholeNumber(1, 1_000_000),
  "200",
);

export const P95_RESPONSE_MS_ALERT = withDefault(
  "P95_RESPONSE_MS_ALERT",
  "An alert is raised when the 95th percentile of answers is slower than this",
  Parser.wholeNumber(1, DAY_MS, " milliseconds"),
  "2000",
);

export const WS_PING_MS_ALERT = withDefault(
  "WS_PING_MS_ALERT",
  "An alert is raised when the gateway's ping is slower than this",
  Parser.wholeNumber(1, DAY_MS, " milliseconds"),
  "500",
);

export const DISABLE_SCHEDULERS = withDefault(
  "DISABLE_SCHEDULERS",
  "1 switches recurring jobs off",
  Parser.flag,
  "0",
);

export const DISCORD_API_BASE = optional(
  "DISCORD_API_BASE",
  "Another address for Discord's API; the local sandbox sets it",
  Parser.baseUrl("a URL such as http://127.0.0.1:4000/api"),
  { fallback: "Discord's own" },
);

export const DISCORD_REQUESTS_PER_SECOND = withDefault(
  "DISCORD_REQUESTS_PER_SECOND",
  "How many requests a second the bot may send to Discord; Discord allows 50 unless it has raised the limit",
  Parser.wholeNumber(1, 100_000),
  "50",
);

export const TEST_GUILD_ID = optional(
  "TEST_GUILD_ID",
  "The guild that seed scripts write to",
  Parser.discordId("a guild id", GuildId),
);

export const TEST_REVIEWER_ROLE_ID = optional(
  "TEST_REVIEWER_ROLE_ID",
  "The reviewer role that seed scripts use",
  Parser.discordId("a role id", RoleId),
);

/** Every variable the bot reads, in the order in which they are shown. */
export const all: ReadonlyArray<Described> = [
  NODE_ENV,
  DISCORD_TOKEN,
  CLIENT_ID,
  GUILD_ID,
  DB_PATH,
  RESET_PASSWORD,
  DISCORD_CLIENT_ID,
  DISCORD_CLIENT_SECRET,
  DASHBOARD_REDIRECT_URI,
  ADMIN_ROLE_ID,
  FASTIFY_SESSION_SECRET,
  DASHBOARD_PORT,
  TRUST_PROXY,
  CORS_ORIGIN,
  WEB_REQUESTS_PER_MINUTE,
  LOGGING_CHANNEL,
  SENTRY_DSN,
  SENTRY_ENVIRONMENT,
  SENTRY_TRACES_SAMPLE_RATE,
  LOG_LEVEL,
  GATE_SHOW_AVATAR_RISK,
  SEND_ALLOWED_ROLE_IDS,
  OWNER_IDS,
  FLAGGED_REPORT_CHANNEL_ID,
  GATE_ADMIN_ROLE_IDS,
  MOD_METRICS_INTERVAL_MS,
  METRICS_CACHE_TTL_MS,
  SILENT_FIRST_MSG_DAYS,
  GOOGLE_VISION_API_KEY,
  GOOGLE_APPLICATION_CREDENTIALS,
  VISION_API_ENDPOINT,
  DB_BACKUPS_DIR,
  PM2_PROCESS_NAME,
  HEALTH_ALERT_WEBHOOK,
  HEALTH_CHECK_INTERVAL_SECONDS,
  QUEUE_BACKLOG_ALERT,
  P95_RESPONSE_MS_ALERT,
  WS_PING_MS_ALERT,
  DISABLE_SCHEDULERS,
  DISCORD_API_BASE,
  DISCORD_REQUESTS_PER_SECOND,
  TEST_GUILD_ID,
  TEST_REVIEWER_ROLE_ID,
];
