import type { ChainProblem } from "../../domain/Chain.js";
import { cut } from "../../domain/Text.js";
import type { ChainLook } from "../../services/AuditChain.js";

/** What is wrong, in a line. */
export const problemLine = (problem: ChainProblem): string => {
  switch (problem._tag) {
    case "Changed":
      return `row ${problem.seq} (${problem.id}) was changed: it does not match its own hash.`;
    case "Replaced":
      return `row ${problem.seq} (${problem.id}) was replaced: what comes after it was written after another row.`;
    case "Moved":
      return `row ${problem.seq} (${problem.id}) was moved: its place is ${problem.from}.`;
    case "Inserted":
      return `row ${problem.seq} (${problem.id}) was inserted: the bot did not write it here.`;
    case "Removed":
      return problem.seq === problem.to
        ? `row ${problem.seq} was removed.`
        : `rows ${problem.seq} to ${problem.to} were removed.`;
    case "NoEnd":
      return `the record of where the log ends was removed; the last row found is ${problem.seq}.`;
  }
};

const counted = (count: number, one: string): string =>
  `${count.toLocaleString("en-US")} ${one}${count === 1 ? "" : "s"}`;

/** What was looked at, and no more than that. */
const lookedAt = ({ rows, all }: ChainLook): string =>
  all ? counted(rows, "row") : `the newest ${counted(rows, "row")}`;

const line = (whose: string, look: ChainLook): string => {
  if (look.first !== null) return `❌ ${whose}: ${problemLine(look.first)} (${lookedAt(look)} looked at)`;
  return look.rows === 0 && !look.all
    ? `➖ ${whose}: not looked at`
    : `✅ ${whose}: ${lookedAt(look)}, whole`;
};

const BROKEN_SHOWN = 5;
const LENGTH_MAX = 1_000;

/** The log of the server that asks, and those of the others together, where only what is wrong is named. */
export const chainReport = (looks: ReadonlyArray<ChainLook>, here: string): string => {
  const own = looks.find(({ guildId }) => guildId === here);
  const others = looks.filter(({ guildId }) => guildId !== here);
  const whole = others.filter(({ first }) => first === null);
  const broken = others.filter(({ first }) => first !== null);
  const together: ChainLook = {
    guildId: "",
    rows: whole.reduce((sum, { rows }) => sum + rows, 0),
    all: whole.every(({ all }) => all),
    first: null,
  };
  return cut(
    [
      own === undefined ? "This server's log is empty." : line("this server", own),
      ...(whole.length === 0 ? [] : [line(counted(whole.length, "other server"), together)]),
      ...broken.slice(0, BROKEN_SHOWN).map((look) => line(`server ${look.guildId}`, look)),
      ...(broken.length > BROKEN_SHOWN
        ? [`❌ and ${counted(broken.length - BROKEN_SHOWN, "more server")}`]
        : []),
      ...(broken.length > 0 || own?.first != null
        ? ["Keep a copy of the database. `npm run audit:verify` on the server names all that is wrong."]
        : looks.every(({ all }) => all)
          ? []
          : ["There was no time for older rows: `npm run audit:verify` on the server looks at all of them."]),
    ].join("\n"),
    LENGTH_MAX,
  );
};
