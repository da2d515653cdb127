/** Disks and files that refuse to be written, as far as this user may make them. */
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Effect, type Scope } from "effect";
import { folder } from "./layers.js";

const quietly = (command: string, ...args: ReadonlyArray<string>): boolean => {
  try {
    execFileSync(command, args, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
};

const isRoot = process.getuid?.() === 0;

export interface SmallDisk {
  readonly path: string;
  /** Leaves no more than this free. */
  readonly fill: (free?: number) => void;
  readonly makeRoom: () => void;
  readonly remount: (how: "ro" | "rw") => void;
}

/** A disk of three megabytes; none where this user may not mount one. */
export const smallDisk: Effect.Effect<SmallDisk | null, never, Scope.Scope> = Effect.acquireRelease(
  Effect.map(folder, (home) => {
    const path = join(home, "disk");
    mkdirSync(path);
    if (!quietly("mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", path)) return null;
    const [filler, hole] = [join(path, "filler"), join(path, "hole")];
    return {
      path,
      fill: (free = 0) => {
        if (free > 0) writeFileSync(hole, Buffer.alloc(free));
        try {
          for (;;) writeFileSync(filler, Buffer.alloc(4_096), { flag: "a" });
        } catch {
          rmSync(hole, { force: true });
        }
      },
      makeRoom: () => {
        rmSync(filler);
      },
      remount: (how: "ro" | "rw") => {
        execFileSync("mount", ["-o", `remount,${how}`, path]);
      },
    };
  }),
  (disk) =>
    Effect.sync(() => {
      if (disk !== null) quietly("umount", "-l", disk.path);
    }),
);

/** Makes a file that this user cannot write, for as long as the scope lives. @returns whether that was possible. */
export const readOnlyFile = (path: string): Effect.Effect<boolean, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.sync(() => {
      // Nobody asks root for permission.
      if (isRoot) return quietly("chattr", "+i", path);
      chmodSync(path, 0o444);
      return true;
    }),
    (done) =>
      Effect.sync(() => {
        if (!done) return;
        if (isRoot) quietly("chattr", "-i", path);
        else chmodSync(path, 0o644);
      }),
  );
