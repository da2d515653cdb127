import { assert, describe, it } from "@effect/vitest";
import { FastCheck as fc, Option, Schema } from "effect";
import { ApplicationId } from "../../../../src/domain/Ids.js";
import * as CustomId from "../../../../src/programs/kit/CustomId.js";
import { ApplyId, ApplyPageId, VerifyId } from "../../../../src/programs/views/Apply.js";
import { ReasonId } from "../../../../src/programs/views/ReasonForm.js";
import {
  AcceptId,
  ClaimId,
  RefuseId,
  RetryId,
  UnclaimId,
} from "../../../../src/programs/views/CardButtons.js";
import { hostileText } from "../../../support/fixtures-text.js";

/** As it comes back from Discord. */
const received = <A>(id: Pick<CustomId.CustomId<A>, "name" | "decode">, text: string): Option.Option<A> =>
  Option.flatMap(CustomId.parse(text), ({ name, fields }) =>
    name === id.name ? id.decode(fields) : Option.none(),
  );

const ULID = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const applicationId = fc
  .array(fc.constantFrom(...ULID), { minLength: 26, maxLength: 26 })
  .map((letters) => ApplicationId.make(letters.join("")));
const kind = fc.constantFrom("reject" as const, "perm_reject" as const, "kick" as const);
const page = fc.nat({ max: 4 });

/** One line a component: its id, and everything it may carry. */
const comesBack = <A>(id: CustomId.CustomId<A>, params: fc.Arbitrary<A>) =>
  it.prop(`${id.name} comes back as it was sent`, [params], ([values]) => {
    const text = id.encode(values);
    assert.isAtMost(text.length, 100);
    assert.deepStrictEqual(received(id, text), Option.some(values));
  });

const ids = [
  VerifyId,
  ApplyId,
  ApplyPageId,
  ClaimId,
  UnclaimId,
  AcceptId,
  RetryId,
  RefuseId,
  ReasonId,
] as const;

describe("the custom id of every component", () => {
  comesBack(VerifyId, fc.constant({}));
  comesBack(ApplyId, fc.record({ page }));
  comesBack(ApplyPageId, fc.record({ page }));
  comesBack(ClaimId, fc.record({ application: applicationId }));
  comesBack(UnclaimId, fc.record({ application: applicationId }));
  comesBack(AcceptId, fc.record({ application: applicationId }));
  comesBack(RetryId, fc.record({ application: applicationId }));
  comesBack(RefuseId, fc.record({ kind, application: applicationId }));
  comesBack(ReasonId, fc.record({ kind, application: applicationId }));

  it("has a name of its own", () => {
    assert.strictEqual(new Set(ids.map(({ name }) => name)).size, ids.length);
  });

  it("begins with its version", () => {
    assert.strictEqual(VerifyId.encode({}), "v1:verify");
  });
});

const Free = CustomId.make("free", Schema.Struct({ one: Schema.String, two: Schema.String }));
/** Text that survives a URL: no halves of characters. */
const sound = fc.string({ unit: "binary", maxLength: 8 });

describe("a custom id", () => {
  it.prop("keeps values with separators and any other character apart", [sound, sound], ([one, two]) => {
    const values = { one, two };
    const length = `v1:free:${encodeURIComponent(one)}:${encodeURIComponent(two)}`.length;
    if (length > 100) assert.throws(() => Free.encode(values), RangeError);
    else assert.deepStrictEqual(received(Free, Free.encode(values)), Option.some(values));
  });

  it("is never cut: one that is too long is a mistake of ours", () => {
    assert.throws(
      () => Free.encode({ one: "x".repeat(100), two: "" }),
      /custom id of free has 109 characters/,
    );
  });
});

describe("an id that is not ours", () => {
  it.each([
    ["nothing", ""],
    ["another bot's", "accept_01ARZ3NDEKTSV4RRFFQ69G5FAV"],
    ["an older version's", "v0:claim:01ARZ3NDEKTSV4RRFFQ69G5FAV"],
    ["a newer version's", "v2:claim:01ARZ3NDEKTSV4RRFFQ69G5FAV"],
    ["one without a name", "v1:"],
    ["one with a field too few", "v1:claim"],
    ["one with a field too many", "v1:claim:01ARZ3NDEKTSV4RRFFQ69G5FAV:x"],
    ["one with something else for an application", "v1:claim:1 OR 1=1"],
    ["one with a decision that there is not", "v1:refuse:approve:01ARZ3NDEKTSV4RRFFQ69G5FAV"],
    ["one with a broken escape", "v1:claim:%E0%A4%A"],
    ["one with an inherited name", "v1:__proto__:toString"],
  ])("%s is none", (_what, text) => {
    for (const id of ids) assert.isTrue(Option.isNone<unknown>(received<unknown>(id, text)), id.name);
  });

  it.each([
    ["not a number", "v1:apply:one"],
    ["nothing", "v1:apply:"],
    ["no number", "v1:apply:NaN"],
    ["more pages than there are atoms", "v1:apply:Infinity"],
    ["a page before the first", "v1:apply:-1"],
    ["half a page", "v1:apply:0.5"],
  ])("one whose page is %s is none", (_what, text) => {
    assert.isTrue(Option.isNone(received(ApplyId, text)));
    assert.isTrue(Option.isNone(received(ApplyPageId, text.replace("apply", "apply-page"))));
  });

  it.prop(
    "throws nothing, whatever it is",
    [hostileText, fc.constantFrom("", "v1:", "v1:claim:", "v1:apply:")],
    ([text, before]) => {
      for (const id of ids) received<unknown>(id, before + text);
    },
  );
});
