import { createHash } from "node:crypto";
import { assert, describe, it } from "@effect/vitest";
import { Effect, FastCheck as fc, Layer, Option, TestClock } from "effect";
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

/** The check on rows as they lie in the table; `paged` runs with each page. */
const on = (stored: ReadonlyArray<ActionRow>, end: Link | null | undefined, paged = Effect.void) =>
  Effect.suspend(() => {
    const rows = [...stored].sort((a, b) => a.seq - b.seq || (a.id < b.id ? -1 : 1));
    return AuditChain.AuditChain.pipe(
      Effect.provide(
        AuditChain.layer.pipe(
          Layer.provide(
            Layer.mock(ActionRepo, {
              chains: Effect.succeed([GUILD]),
              end: () => Effect.succeed(Option.fromNullable(end)),
              newestIn: () => Effect.succeed(Option.fromNullable(rows.at(-1))),
              page: (_guild, after, upTo, limit) =>
                Effect.as(
                  paged,
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
  });

/** What the whole check says. */
const problemsOf = (stored: ReadonlyArray<ActionRow>, end: Link | null | undefined) =>
  Effect.gen(function* () {
    const report = yield* (yield* on(stored, end)).verify(GUILD);
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

describe("a look at a log of several parts, the newest first", () => {
  // Parts end with rows 2 003 and 3.
  const rows = chainOf(4_003);
  const end = rows.at(-1);
  const AROUND = [1, 2, 3, 4, 2_002, 2_003, 2_004, 2_005, 4_002, 4_003];
  const seen = (stored: ReadonlyArray<ActionRow>, kept: Link | null | undefined = end) =>
    Effect.map(
      Effect.flatMap(on(stored, kept), (chain) => chain.look("1 minute")),
      ([look]) => look,
    );

  it.effect("says that a whole one is", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* seen(rows), { guildId: GUILD, rows: 4_003, all: true, first: null });
      assert.deepStrictEqual(yield* seen([], null), { guildId: GUILD, rows: 0, all: true, first: null });
    }),
  );

  it.effect.each<
    readonly [string, (row: ActionRow, before: ActionRow | undefined) => ReadonlyArray<ActionRow>]
  >([
    ["changed", (row) => [{ ...row, reason: "nicer" }]],
    ["with another hash", (row) => [{ ...row, hash: "f".repeat(64) }]],
    ["linked elsewhere", (row) => [{ ...row, prevHash: "f".repeat(64) }]],
    ["replaced", (row) => [sealed({ ...row, reason: "nicer" })]],
    ["replaced and linked elsewhere", (row) => [sealed({ ...row, prevHash: "e".repeat(64) })]],
    ["removed", () => []],
    ["doubled", (row, before) => [rowAfter(before, { id: idOf(row.seq * 10 - 1), reason: "put in" }), row]],
    [
      "followed by another",
      (row) => [row, rowAfter(row, { seq: row.seq + 0.5, id: idOf(row.seq * 10 + 1) })],
    ],
  ])("finds a row that was %s, whatever part it is in", ([, become]) =>
    Effect.forEach(
      AROUND,
      (seq) =>
        Effect.gen(function* () {
          const row = rows[seq - 1] ?? rowAfter(undefined);
          const tampered = [...rows.slice(0, seq - 1), ...become(row, rows[seq - 2]), ...rows.slice(seq)];
          const [first] = yield* problemsOf(tampered, end);
          const look = yield* seen(tampered);
          assert.isDefined(first);
          assert.deepStrictEqual(look?.first, first, `row ${seq}`);
          assert.strictEqual(look?.all, true);
        }),
      { discard: true },
    ),
  );

  it.effect(
    "finds what the whole check finds when an end is gone, and rows that changed places in another part",
    () =>
      Effect.gen(function* () {
        assert.deepStrictEqual((yield* seen(rows, null))?.first, ChainProblem.NoEnd({ seq: 4_003 }));
        assert.deepStrictEqual(
          (yield* seen(rows.slice(0, 1_000)))?.first,
          ChainProblem.Removed({ seq: 1_001, to: 2_003 }),
        );
        const [one, other] = [rows[99] ?? rowAfter(undefined), rows[2_999] ?? rowAfter(undefined)];
        const swapped = replace(replace(rows, 99, { ...other, seq: one.seq }), 2_999, {
          ...one,
          seq: other.seq,
        });
        assert.deepStrictEqual(
          (yield* seen(swapped))?.first,
          ChainProblem.Moved({ seq: one.seq, id: other.id, from: other.seq }),
        );
      }),
  );

  it.effect("stops when the time is up, and says how far it came", () =>
    Effect.gen(function* () {
      const forged = replace(rows, 0, { ...(rows[0] ?? rowAfter(undefined)), reason: "nicer" });
      const chain = yield* on(forged, end, TestClock.adjust("1 second"));
      const looked = { guildId: GUILD, first: null, all: false };
      assert.deepStrictEqual(yield* chain.look("10 seconds"), [{ ...looked, rows: 2_000 }]);
      assert.deepStrictEqual(yield* chain.look(0), [{ ...looked, rows: 0 }]);
    }),
  );
});
