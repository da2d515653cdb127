import { type ChildProcess, execFile, spawn } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface Options {
  readonly args?: ReadonlyArray<string>;
  readonly cwd?: string;
  /** The whole environment of the process, beside PATH. */
  readonly env?: Readonly<Record<string, string>>;
}

const root = new URL("../../", import.meta.url);
const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;

/** Whether the built bundle is there and no older than what it is built from. */
export const bundleIsFresh = (): boolean => {
  const built = statSync(new URL("dist/index.js", root), { throwIfNoEntry: false });
  if (built === undefined) return false;
  return ["src", "migrations", "scripts"].every((room) => {
    const folder = fileURLToPath(new URL(room, root));
    return readdirSync(folder, { recursive: true, encoding: "utf8" }).every(
      (file) => statSync(join(folder, file)).mtimeMs <= built.mtimeMs,
    );
  });
};

const run = (command: ReadonlyArray<string>, { args = [], cwd, env = {} }: Options): Promise<Finished> =>
  new Promise((resolve) => {
    execFile(
      process.execPath,
      [...command, ...args],
      { cwd: cwd ?? fileURLToPath(root), env: { PATH: process.env["PATH"], ...env } },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === "number" ? error.code : 1;
        resolve({ code, stdout, stderr });
      },
    );
  });

/** Runs a TypeScript file of this repository in a process of its own and waits for its end. */
export const runTypeScript = (file: string, options: Options = {}): Promise<Finished> =>
  run(["--import", tsx, fileURLToPath(new URL(file, root))], options);

/** Runs one of `scripts/` as `npm run` does: as it was built where it is built, which takes a fraction of the time. */
export const runScript = (name: string, options: Options = {}): Promise<Finished> =>
  bundleIsFresh()
    ? run([fileURLToPath(new URL(`dist/scripts/${name}.js`, root))], options)
    : runTypeScript(`scripts/${name}.ts`, options);

/** Starts a TypeScript file of this repository and resolves with it at its first line; whoever asked ends it. */
export const startTypeScript = (
  file: string,
  args: ReadonlyArray<string> = [],
): Promise<{ readonly child: ChildProcess; readonly output: () => string }> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--import", tsx, fileURLToPath(new URL(file, root)), ...args], {
      cwd: fileURLToPath(root),
      env: { PATH: process.env["PATH"] },
      stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      output += chunk;
      if (output.includes("\n")) resolve({ child, output: () => output });
    });
    child.once("exit", (code) => {
      reject(new Error(`${file} ended with ${code} before it said anything`));
    });
  });

/** SIGKILL: no warning. Resolves when the process is gone. */
export const killed = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    child.once("exit", () => {
      resolve();
    });
    child.kill("SIGKILL");
  });
