/** The sandbox and the bot as processes of their own, as an operator runs them: for the demo, benchmarks and crash tests. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { z } from "zod";
import { SandboxClient } from "../../sandbox/client.js";
import { bundleIsFresh } from "./process.js";

export { bundleIsFresh } from "./process.js";

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

const Listening = z.object({
  event: z.literal("listening"),
  apiBase: z.string(),
  controlUrl: z.string(),
  viewerUrl: z.string(),
  token: z.string(),
  applicationId: z.string(),
  clientSecret: z.string(),
  authorizeUrl: z.string(),
});
type Listening = z.infer<typeof Listening>;

// `import.meta.resolve` is not there under vitest.
const TSX = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;

const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 15_000;

/** What is started ends with whoever started it, also when that one is killed and can end nobody. */
const ENDS_WITH_PARENT = [
  "--import",
  `data:text/javascript,${encodeURIComponent(
    "process.on('disconnect', () => process.kill(process.pid, 'SIGKILL')); process.channel?.unref();",
  )}`,
];

const living = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of living) child.kill("SIGKILL");
});

const remember = (child: ChildProcess): ChildProcess => {
  living.add(child);
  return child.once("exit", () => living.delete(child));
};

const lines = (child: ChildProcess, onLine: (line: string) => void): void => {
  let rest = "";
  child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
    const parts = (rest + chunk).split("\n");
    rest = parts.pop() ?? "";
    parts.forEach(onLine);
  });
};

const ended = (child: ChildProcess): Promise<number | null> =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve(child.exitCode)
    : new Promise((done) =>
        child.once("exit", (code) => {
          done(code);
        }),
      );

/** Rejects when `wanted` takes longer than a start may; the process is then ended by whoever asked. */
const inTime = <A>(what: string, wanted: Promise<A>): Promise<A> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, failed) => {
    timer = setTimeout(() => {
      failed(new Error(`${what} was not ready within ${START_LIMIT_MS / 1000} s`));
    }, START_LIMIT_MS);
  });
  return Promise.race([wanted, late]).finally(() => {
    clearTimeout(timer);
  });
};

/** SIGTERM, and SIGKILL for one that does not end in time. @returns the exit code. */
const stopped = async (child: ChildProcess): Promise<number | null> => {
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), STOP_LIMIT_MS);
  const code = await ended(child);
  clearTimeout(timer);
  return code;
};

/** A port that was free a moment ago. */
export const freePort = (): Promise<number> =>
  new Promise((done, failed) => {
    const server = createServer().once("error", failed);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => {
        done(typeof address === "object" && address !== null ? address.port : 0);
      });
    });
  });

export interface SandboxProcess extends Listening {
  readonly pid: number;
  readonly client: SandboxClient;
  readonly stop: () => Promise<void>;
}

export const startSandboxProcess = async (flags: ReadonlyArray<string> = []): Promise<SandboxProcess> => {
  const child = remember(
    spawn(process.execPath, [...ENDS_WITH_PARENT, join(ROOT, "sandbox/start.mjs"), ...flags], {
      stdio: ["ignore", "pipe", "inherit", "ipc"],
    }),
  );
  const listening = await inTime(
    "The sandbox",
    new Promise<Listening>((done, failed) => {
      lines(child, (line) => {
        const parsed = Listening.safeParse(JSON.parse(line));
        if (parsed.success) done(parsed.data);
      });
      child.once("exit", (code) => {
        failed(new Error(`The sandbox ended with ${code}`));
      });
    }),
  );
  return {
    ...listening,
    pid: child.pid ?? 0,
    client: await SandboxClient.connect(listening.controlUrl),
    stop: async () => {
      await stopped(child);
    },
  };
};

export interface BotProcess {
  readonly pid: number;
  /** Milliseconds from the start of the process to ClientReady. */
  readonly readyMs: number;
  /** Every line it logged. */
  readonly log: ReadonlyArray<string>;
  readonly httpPort: number;
  /** The exit code, once it has ended by itself or was ended. */
  readonly exited: Promise<number | null>;
  /** SIGKILL: no warning, no chance to tidy up. */
  readonly kill: () => Promise<void>;
  /** SIGTERM. @returns the exit code. */
  readonly stop: () => Promise<number | null>;
}

/** A folder for a database, removed by `remove`. */
export const temporaryFolder = (): { readonly path: string; readonly remove: () => void } => {
  const path = mkdtempSync(join(tmpdir(), "pawtropolis-"));
  return {
    path,
    remove: () => {
      rmSync(path, { recursive: true, force: true });
    },
  };
};

/** What bots of these tests are told. */
export const RESET_PASSWORD = "a-password-for-the-sandbox";

const environmentFor = (sandbox: Listening, folder: string, port: number, extra: Record<string, string>) => ({
  PATH: process.env["PATH"] ?? "",
  NODE_ENV: "test",
  DISCORD_TOKEN: sandbox.token,
  CLIENT_ID: sandbox.applicationId,
  RESET_PASSWORD,
  DISCORD_API_BASE: sandbox.apiBase,
  DB_PATH: join(folder, "data.db"),
  DASHBOARD_PORT: `${port}`,
  LOG_LEVEL: "info",
  ...extra,
});

/** The built bundle where there is one and `built` asks for it, the source otherwise. */
const commandFor = (built: boolean, name: "index" | "scripts/deploy-commands"): ReadonlyArray<string> => {
  const bundle = join(ROOT, "dist", `${name}.js`);
  if (built && existsSync(bundle)) return [bundle];
  return ["--import", TSX, join(ROOT, name === "index" ? "src/main.ts" : `${name}.ts`)];
};

export interface BotOptions {
  readonly built?: boolean;
  /** For Node itself, such as `--cpu-prof`. */
  readonly nodeFlags?: ReadonlyArray<string>;
  readonly env?: Record<string, string>;
}

/** A bot that was started and may not be ready yet. */
export interface StartingBot extends Omit<BotProcess, "readyMs"> {
  /** Milliseconds from the start of the process to ClientReady; rejects when it ends before. */
  readonly ready: Promise<number>;
}

/** Starts the bot in `folder` (where its database is) without waiting for it. */
export const launchBot = async (
  sandbox: Listening,
  folder: string,
  options: BotOptions = {},
): Promise<StartingBot> => {
  const wanted = options.env?.["DASHBOARD_PORT"];
  const httpPort = wanted === undefined ? await freePort() : Number(wanted);
  const started = performance.now();
  const child = remember(
    spawn(
      process.execPath,
      [...ENDS_WITH_PARENT, ...(options.nodeFlags ?? []), ...commandFor(options.built ?? false, "index")],
      {
        cwd: folder,
        env: environmentFor(sandbox, folder, httpPort, options.env ?? {}),
        stdio: ["ignore", "pipe", "pipe", "ipc"],
      },
    ),
  );
  const log: Array<string> = [];
  lines(child, (line) => {
    log.push(line);
  });
  child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
    log.push(chunk);
  });
  const ready = inTime(
    "The bot",
    new Promise<number>((done, failed) => {
      child.once("message", () => {
        done(performance.now() - started);
      });
      child.once("exit", (code) => {
        failed(new Error(`The bot ended with ${code}:\n${log.join("\n")}`));
      });
    }),
  );
  // Whoever kills it early does not wait for it.
  ready.catch(() => undefined);
  return {
    pid: child.pid ?? 0,
    ready,
    log,
    httpPort,
    exited: ended(child),
    kill: async () => {
      child.kill("SIGKILL");
      await ended(child);
    },
    stop: () => stopped(child),
  };
};

/** Starts the bot in `folder` (where its database is) and waits until it is ready. */
export const startBot = async (
  sandbox: Listening,
  folder: string,
  options: BotOptions = {},
): Promise<BotProcess> => {
  const { ready, ...bot } = await launchBot(sandbox, folder, options);
  try {
    return { ...bot, readyMs: await ready };
  } catch (error) {
    await bot.kill();
    throw error;
  }
};

/** Registers the slash commands in one guild or everywhere, as an operator does with `npm run sync:cmds`. */
export const registerCommands = async (
  sandbox: Listening,
  folder: string,
  /** Everywhere when null. */
  guildId: string | null,
): Promise<void> => {
  const where = guildId === null ? ["--all"] : ["--guild", guildId];
  const child = spawn(
    process.execPath,
    [...commandFor(bundleIsFresh(), "scripts/deploy-commands"), ...where],
    {
      cwd: folder,
      env: environmentFor(sandbox, folder, 1, { DASHBOARD_PORT: "3000" }),
      stdio: ["ignore", "ignore", "inherit"],
    },
  );
  const code = await ended(child);
  if (code !== 0) throw new Error(`The commands were not registered (${code})`);
};
