/** What the demo prints: scenes, what the sandbox shows, and checks; and what was missing in the end. */

const inspect = (value: unknown): string =>
  typeof value === "string" ? `'${value}'` : JSON.stringify(value);

export class Report {
  private readonly missing: Array<string> = [];
  private checks = 0;
  private current = "";

  constructor(
    private readonly write: (line: string) => void,
    /** Ids as names, for text that comes from Discord. */
    private readonly readable: (text: string) => string,
  ) {}

  scene(title: string): void {
    this.current = title;
    this.write(`\n━━ ${title}`);
  }

  /** What is going on, told by the narrator. */
  say(text: string): void {
    this.write(`  ${text}`);
  }

  /** What the sandbox has: never what the bot says it did. */
  show(where: string, text: string): void {
    this.write(`  ${where}`);
    for (const line of this.readable(text).split("\n")) this.write(`    ${line}`);
  }

  check(label: string, holds: boolean, expected?: unknown, seen?: unknown): void {
    this.checks += 1;
    if (holds) {
      this.write(`  ✓ ${label}`);
      return;
    }
    const why = expected === undefined ? "" : ` (expected ${inspect(expected)}, seen ${inspect(seen)})`;
    const line = this.readable(`${label}${why}`);
    this.write(`  ✗ ${line}`);
    this.missing.push(`${this.current}: ${line}`);
  }

  equal(label: string, seen: unknown, expected: unknown): void {
    this.check(label, JSON.stringify(seen) === JSON.stringify(expected), expected, seen);
  }

  includes(label: string, seen: string, part: string): void {
    this.check(label, seen.includes(part), part, seen);
  }

  lacks(label: string, seen: string, part: string): void {
    this.check(label, !seen.includes(part), `no '${part}'`, seen);
  }

  /** @returns the exit code. */
  end(): number {
    this.write("");
    if (this.missing.length === 0) {
      this.write(`${this.checks} checks, all as they should be.`);
      this.write("demo: ok");
      return 0;
    }
    this.write(`${this.missing.length} of ${this.checks} checks failed:`);
    for (const line of this.missing) this.write(`  - ${line}`);
    this.write("demo: failed");
    return 1;
  }
}
