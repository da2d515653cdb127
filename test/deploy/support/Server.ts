/** A server as the operator's documents describe it, in folders of this machine: a home, the bot's folder, a real PM2. */
import { spawn } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { bundleIsFresh, ROOT, type SandboxProcess } from "../../support/processes.js";

const PASSWORD = "correct horse battery 1!";

export interface Ran {
  readonly code: number;
  /** Both streams, in the order in which they were written. */
  readonly output: string;
}

const run = (
  command: string,
  args: ReadonlyArray<string>,
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<Ran> =>
  new Promise((done, failed) => {
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    const add = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout.on("data", add);
    child.stderr.on("data", add);
    child.once("error", failed);
    child.once("exit", (code) => {
      done({ code: code ?? -1, output });
    });
  });

const executable = (file: string, text: string): void => {
  writeFileSync(file, text);
  chmodSync(file, 0o755);
};

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

const ask = async (command: string): Promise<string> =>
  (await run("sh", ["-c", command], ROOT, { ...process.env } as Record<string, string>)).output.trim();

const Listed = z.array(
  z.object({
    name: z.string(),
    pid: z.number(),
    pm2_env: z.object({ status: z.string(), restart_time: z.number(), exec_mode: z.string() }),
  }),
);
export interface Listed {
  readonly pid: number;
  readonly status: string;
  readonly restarts: number;
  readonly execMode: string;
}

export const PARTS = [
  "dist",
  "migrations",
  "package.json",
  "package-lock.json",
  ".env.example",
  "ecosystem.config.example.cjs",
];

/** Laid out, with nothing deployed and nothing running. */
export const makeServer = async (sandbox: SandboxProcess, port: number) => {
  const base = mkdtempSync(join(tmpdir(), "pawtropolis-server-"));
  const [home, app, bin, project] = ["home", "app", "bin", "project"].map((name) => join(base, name)) as [
    string,
    string,
    string,
    string,
  ];
  for (const folder of [home, app, bin, project]) mkdirSync(folder);

  const path = `${bin}:${join(ROOT, "node_modules/.bin")}:${process.env["PATH"] ?? ""}`;
  const environment: Record<string, string> = {
    PATH: path,
    HOME: home,
    PM2_HOME: join(home, ".pm2"),
    // How often PM2 looks at memory: 30 s otherwise.
    PM2_WORKER_INTERVAL: "1000",
    // The packages that this machine has downloaded, and its settings for getting others.
    npm_config_userconfig: await ask("npm config get userconfig"),
    npm_config_cache: await ask("npm config get cache"),
  };
  // What a login shell of the server has in its PATH.
  writeFileSync(
    join(home, ".bash_profile"),
    Object.entries(environment)
      .map(([name, value]) => `export ${name}=${quoted(value)}\n`)
      .join(""),
  );
  // Stand-ins for the network between the two machines; what they are asked is done here.
  executable(
    join(bin, "ssh"),
    `#!/bin/sh\nprintf '%s\\n' "$*" >> ${quoted(join(base, "ssh.log"))}\nshift\nexec env -i HOME=${quoted(home)} PATH=/usr/bin:/bin bash -c "$*"\n`,
  );
  // `npm ci` as it is, but better-sqlite3 is not compiled once more: that takes minutes, and the `npm ci` that this
  // project itself was installed with has proven it.
  const npm = await ask("command -v npm");
  executable(
    join(bin, "npm"),
    `#!/bin/sh\nset -e\nif [ "$1" = ci ]; then\n  shift\n  ${npm} ci --ignore-scripts "$@"\n  exec cp -r ${quoted(join(ROOT, "node_modules/better-sqlite3/build"))} node_modules/better-sqlite3/\nfi\nexec ${npm} "$@"\n`,
  );
  executable(join(bin, "scp"), '#!/bin/sh\nexec cp "$1" "${2#*:}"\n');

  // The project as the operator has it, already built: `npm run build` has nothing to do.
  const source = join(base, "built");
  if (bundleIsFresh()) cpSync(join(ROOT, "dist"), source, { recursive: true });
  else {
    const built = await run("npx", ["tsup", "--out-dir", source], ROOT, {
      ...environment,
      PATH: process.env["PATH"] ?? "",
    });
    if (built.code !== 0) throw new Error(built.output);
  }
  for (const part of [...PARTS.slice(1), "deploy.sh", "rollback.sh", "scripts"]) {
    cpSync(join(ROOT, part), join(project, part), { recursive: true });
  }

  writeFileSync(
    join(app, ".env"),
    [
      `DISCORD_TOKEN=${sandbox.token}`,
      `CLIENT_ID=${sandbox.applicationId}`,
      `RESET_PASSWORD="${PASSWORD}"`,
      `DISCORD_API_BASE=${sandbox.apiBase}`,
      `DASHBOARD_PORT=${port}`,
      "",
    ].join("\n"),
  );

  const onServer = (command: string): Promise<Ran> =>
    run("bash", ["-c", `cd ${quoted(app)} && ${command}`], app, environment);

  const pm2List = async (): Promise<Listed | undefined> => {
    const { output } = await onServer("pm2 jlist --silent");
    const start = output.indexOf("[{");
    if (start < 0) return undefined;
    const [first] = Listed.parse(JSON.parse(output.slice(start)));
    if (first === undefined) return undefined;
    const { status, restart_time, exec_mode } = first.pm2_env;
    return { pid: first.pid, status, restarts: restart_time, execMode: exec_mode };
  };

  const logOf = (name: "out" | "error"): string => {
    const file = join(app, "logs", `${name}.log`);
    return existsSync(file) ? readFileSync(file, "utf8") : "";
  };

  /** Processes of the bot that run, whoever believes to know them. */
  const running = async (): Promise<ReadonlyArray<number>> =>
    (await ask("ps -eo pid=,args="))
      .split("\n")
      .filter((line) => line.includes(join(app, "dist/index.js")))
      .map((line) => Number.parseInt(line, 10));

  /** Ends PM2 and the bot; what PM2 lost sight of while it was starting it again is ended too. */
  const end = async (): Promise<void> => {
    await onServer("pm2 kill");
    for (const pid of await running()) process.kill(pid, "SIGKILL");
  };

  return {
    app,
    project,
    /** Everything anew: a PM2 that knows nothing, and the bot under it. */
    startAnew: async () => {
      await end();
      return onServer("pm2 start ecosystem.config.cjs");
    },
    onServer,
    pm2List,
    logOf,
    /** What PM2 itself wrote down: which process ended how. */
    pm2Log: () => readFileSync(join(home, ".pm2/pm2.log"), "utf8"),
    sshLog: () => (existsSync(join(base, "ssh.log")) ? readFileSync(join(base, "ssh.log"), "utf8") : ""),
    /** Settings of PM2 that a test needs otherwise, over those of the example. */
    ecosystem: (over: Readonly<Record<string, unknown>>) => {
      writeFileSync(
        join(app, "ecosystem.config.cjs"),
        `const { apps: [app] } = require("./ecosystem.config.example.cjs");\nmodule.exports = { apps: [{ ...app, ...${JSON.stringify(over)} }] };\n`,
      );
    },
    /** A version of the project to deploy; `change` may spoil it. */
    version: (version: string, change: (dist: string) => void = () => undefined) => {
      rmSync(join(project, "dist"), { recursive: true, force: true });
      cpSync(source, join(project, "dist"), { recursive: true });
      const packageJson = join(project, "package.json");
      const text = readFileSync(join(ROOT, "package.json"), "utf8");
      writeFileSync(
        packageJson,
        text
          .replace(/"version": "[^"]*"/, `"version": "${version}"`)
          .replace(/"build": "[^"]*"/, '"build": "true"'),
      );
      change(join(project, "dist"));
    },
    versionInService: () =>
      z.object({ version: z.string() }).parse(JSON.parse(readFileSync(join(app, "package.json"), "utf8")))
        .version,
    /** Runs deploy.sh or rollback.sh as the operator does. */
    operator: (script: "deploy.sh" | "rollback.sh", args: ReadonlyArray<string> = ["--path", app]) =>
      run(`./${script}`, args, project, environment),
    /** Ends everything that was started and removes everything that was written. */
    close: async () => {
      await end();
      rmSync(base, { recursive: true, force: true });
    },
  };
};

export type TestServer = Awaited<ReturnType<typeof makeServer>>;
