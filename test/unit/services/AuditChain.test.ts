import { createHash } from "node:crypto";
import { assert, describe, it } from "@effect/vitest";
import { Effect, FastCheck as fc, Layer, Option } from "effect";
import { type ActionName, GENESIS_HASH, hashInput } from "../../../src/domain/Action.js";
import { ChainProblem, type Link } from "../../../src/domain/Chain.js";
import * as AuditChain from "../../../src/services/AuditChain.js";
import { ActionRepo, type ActionRow } from "../../../src/services/repos/ActionRepo.js";
import { GUILD, MAYA, NOAH, NOW, ROBIN } from "../../support/fixtures.js";

const idOf = (n: number) => n.toString().padStart(26, "0");
const sealed = (row: Omit<ActionRow, "hash">): ActionRow => ({
  ...row,
  hash: createHash("sha256").update(hashInput(row)).digest("hex"),
});
const NAMES: ReadonlyArray<ActionName> = ["claim", "approve", "reject", "send"];
const rowAfter = (last: ActionRow | undefined, changes: Partial<ActionRow> = {}): ActionRow => {
  const seq = (last?.seq ?? 0) + 1;
  return sealed({
    id: idOf(seq * 10),
    guildId: GUILD,
    seq,
    name: NAMES[seq % NAMES.length] ?? "send",
    actor: MAYA,
    target: seq % 2 === 0 ? ROBIN : null,
    applicationId: null,
    ticketId: null,
    reason: seq % 3 === 0 ? `reason ${seq}` : null,
    details: seq % 3 === 1 ? `{"n":${seq}}` : null,
    at: NOW + seq,
    prevHash: last?.hash ?? GENESIS_HASH,
    ...changes,
  });
};
const chainOf = (length: number): ReadonlyArray<ActionRow> => {
  const rows: Array<ActionRow> = [];
  while (rows.length < length) rows.push(rowAfter(rows.at(-1)));
  return rows;
};

/** What the check says of rows as they lie in the table. */
const problemsOf = (stored: ReadonlyArray<ActionRow>, end: Link | null | undefined) =>
  Effect.gen(function* () {
    const rows = [...stored].sort((a, b) => a.seq - b.seq || (a.id < b.id ? -1 : 1));
    const chain = yield* AuditChain.AuditChain.pipe(
      Effect.provide(
        AuditChain.layer.pipe(
          Layer.provide(
            Layer.mock(ActionRepo, {
              chains: Effect.succeed([GUILD]),
              end: () => Effect.succeed(Option.fromNullable(end)),
              page: (_guild, after, upTo, limit) =>
                Effect.succeed(
                  rows
                    .filter(
                      ({ seq, id }) =>
                        seq <= upTo &&
                        (after === null || seq > after.seq || (seq === after.seq && id > after.id)),
                    )
                    .slice(0, limit),
                ),
              behindEnd: () =>
                Effect.succeed(rows.filter(({ seq }) => end != null && seq > end.seq).map(place)),
            }),
          ),
        ),
      ),
    );
    const report = yield* chain.verify(GUILD);
    assert.strictEqual(report.problemCount, report.problems.length);
    return report.problems;
  });
const place = ({ seq, id }: ActionRow) => ({ seq, id });

/** A chain and one of its rows. */
const withRow = fc
  .integer({ min: 1, max: 12 })
  .chain((length) => fc.tuple(fc.constant(chainOf(length)), fc.integer({ min: 0, max: length - 1 })))
  .map(([rows, index]) => ({ rows, index, row: rows[index] ?? rowAfter(undefined), end: rows.at(-1) }));
const replace = (rows: ReadonlyArray<ActionRow>, index: number, row: ActionRow) =>
  rows.map((old, at) => (at === index ? row : old));

const forgery = fc.constantFrom<Partial<ActionRow>>(
  { id: idOf(5) },
  { guildId: `${GUILD}0`.slice(1) },
  { name: "kick" },
  { actor: NOAH },
  { target: NOAH },
  { applicationId: idOf(7) },
  { ticketId: "t" },
  { reason: "nicer" },
  { details: '{"n":0}' },
  { at: 1 },
);

describe("a whole log", () => {
  it.effect.prop("has nothing wrong with it", [fc.integer({ min: 0, max: 12 })], ([length]) =>
    Effect.gen(function* () {
      const rows = chainOf(length);
      assert.deepStrictEqual(yield* problemsOf(rows, rows.at(-1)), []);
    }),
  );

  it.effect("of several pages is read to its end", () =>
    Effect.gen(function* () {
      const rows = chainOf(1_203);
      assert.deepStrictEqual(yield* problemsOf(rows, rows.at(-1)), []);
      const [first, last] = [rows[500] ?? rowAfter(undefined), rows[1_202] ?? rowAfter(undefined)];
      const forged = replace(replace(rows, 500, { ...first, reason: "a" }), 1_202, { ...last, reason: "b" });
      assert.deepStrictEqual(yield* problemsOf(forged, rows.at(-1)), [
        ChainProblem.Changed(place(first)),
        ChainProblem.Changed(place(last)),
      ]);
    }),
  );
});

describe("one thing that was done to a log is found, and named", () => {
  it.effect.prop("a changed column", [withRow, forgery], ([{ rows, index, row, end }, change]) =>
    Effect.gen(function* () {
      const forged = { ...row, ...change };
      assert.deepStrictEqual(yield* problemsOf(replace(rows, index, forged), end), [
        ChainProblem.Changed(place(forged)),
      ]);
    }),
  );

  it.effect.prop(
    "a changed hash, its own or the one before",
    [withRow, fc.constantFrom("hash", "prevHash")],
    ([{ rows, index, row, end }, column]) =>
      Effect.gen(function* () {
        const forged = { ...row, [column]: "f".repeat(64) };
        assert.deepStrictEqual(yield* problemsOf(replace(rows, index, forged), end), [
          ChainProblem.Changed(place(row)),
        ]);
      }),
  );

  it.effect.prop(
    "a changed row with its hash made to match",
    [withRow, forgery, fc.boolean()],
    ([{ rows, index, row, end }, change, unlinked]) =>
      Effect.gen(function* () {
        const forged = sealed({ ...row, ...change, ...(unlinked ? { prevHash: "e".repeat(64) } : {}) });
        assert.deepStrictEqual(yield* problemsOf(replace(rows, index, forged), end), [
          ChainProblem.Replaced(place(forged)),
        ]);
      }),
  );

  it.effect.prop("a removed row, the last one too", [withRow], ([{ rows, index, row, end }]) =>
    Effect.gen(function* () {
      assert.deepStrictEqual(
        yield* problemsOf(
          rows.filter((_, at) => at !== index),
          end,
        ),
        [ChainProblem.Removed({ seq: row.seq, to: row.seq })],
      );
    }),
  );

  it.effect.prop("a cut-off end", [withRow], ([{ rows, index, row, end }]) =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* problemsOf(rows.slice(0, index), end), [
        ChainProblem.Removed({ seq: row.seq, to: rows.length }),
      ]);
    }),
  );

  it.effect.prop("a row added behind the end, however well it fits", [withRow], ([{ rows, end }]) =>
    Effect.gen(function* () {
      const forged = rowAfter(end);
      assert.deepStrictEqual(yield* problemsOf([...rows, forged], end), [
        ChainProblem.Inserted(place(forged)),
      ]);
    }),
  );

  it.effect.prop(
    "a row put in the place of another, before it, or between two",
    [withRow, fc.constantFrom("same", "lower", "between"), fc.boolean()],
    ([{ rows, index, row, end }, where, earlier]) =>
      Effect.gen(function* () {
        const seq = where === "same" ? row.seq : where === "lower" ? -index : row.seq - 0.5;
        const id = idOf(row.seq * 10 + (earlier ? -1 : 1));
        const before = rows[index - 1];
        const forged = rowAfter(before, { seq, id, reason: "put in" });
        assert.deepStrictEqual(yield* problemsOf([...rows, forged], end), [
          ChainProblem.Inserted(place(forged)),
        ]);
      }),
  );

  it.effect.prop("two rows that changed places", [withRow, fc.nat()], ([{ rows, index, row, end }, n]) =>
    Effect.gen(function* () {
      fc.pre(rows.length > 1);
      const otherIndex = (index + 1 + (n % (rows.length - 1))) % rows.length;
      const other = rows[otherIndex] ?? row;
      const swapped = replace(replace(rows, index, { ...row, seq: other.seq }), otherIndex, {
        ...other,
        seq: row.seq,
      });
      const moved = [
        ChainProblem.Moved({ seq: other.seq, id: row.id, from: row.seq }),
        ChainProblem.Moved({ seq: row.seq, id: other.id, from: other.seq }),
      ].sort((a, b) => a.seq - b.seq);
      assert.deepStrictEqual(yield* problemsOf(swapped, end), moved);
    }),
  );

  it.effect("the end that somebody removed, and a log removed but for its end", () =>
    Effect.gen(function* () {
      const rows = chainOf(3);
      assert.deepStrictEqual(yield* problemsOf(rows, null), [ChainProblem.NoEnd({ seq: 3 })]);
      assert.deepStrictEqual(yield* problemsOf([], rows.at(-1)), [ChainProblem.Removed({ seq: 1, to: 3 })]);
    }),
  );
});
