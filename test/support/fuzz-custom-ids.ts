/** Custom ids as the views make them, forged and torn. */
import { FastCheck as fc } from "effect";
import { components } from "../../src/programs/components/index.js";
import { backupName } from "./fuzz-backups.js";
import { constant, type Fill, junk, ofAim } from "./fuzz-text.js";

const names = components.map(({ name }) => name);
const about: Fill = ({ id }) => id;
/** Going back to a backup: the button, and the form that asks for the password. */
export const restoring = fc
  .tuple(fc.constantFrom("restore", "restore-form"), backupName)
  .map(([name, backup]) => `v1:${name}:${backup}`);
/** Custom ids as the views make them, so that much of the fuzz gets behind the first door. */
const well: fc.Arbitrary<Fill> = fc.oneof(
  {
    arbitrary: fc
      .constantFrom("claim", "unclaim", "accept", "retry", "copy-uid", "avatar", "ping", "answers")
      .map(
        (name): Fill =>
          (aim) =>
            `v1:${name}:${about(aim)}`,
      ),
    weight: 6,
  },
  {
    arbitrary: fc
      .tuple(fc.constantFrom("refuse", "reason"), fc.constantFrom("reject", "perm_reject", "kick"))
      .map(
        ([name, kind]): Fill =>
          (aim) =>
            `v1:${name}:${kind}:${about(aim)}`,
      ),
    weight: 4,
  },
  {
    arbitrary: fc.constantFrom("withdraw", "withdraw-yes").map(
      (name): Fill =>
        ({ code }) =>
          `v1:${name}:${code}`,
    ),
    weight: 2,
  },
  {
    arbitrary: constant(
      fc.constantFrom(
        "v1:verify",
        "v1:apply:0",
        "v1:apply-page:0",
        "v1:gate-reset:1",
        "v1:gate-reset:2",
        "v1:questions-edit:now",
        "v1:questions-edit:draft",
        "v1:open:all:next:1:00000000000000000000000001",
      ),
    ),
    weight: 5,
  },
  {
    arbitrary: fc
      .tuple(
        fc.constantFrom("template", "template-edit", "template-save"),
        fc.constantFrom("gate", "welcome", "approval", "x"),
      )
      .map(
        ([name, which]): Fill =>
          () =>
            `v1:${name}:${which}${name === "template" ? ":" : ""}`,
      ),
    weight: 1,
  },
  { arbitrary: constant(restoring), weight: 1 },
);
const forged: fc.Arbitrary<Fill> = fc
  .tuple(
    fc.constantFrom("v1", "v1", "v1", "v0", "v2", "", "V1"),
    fc.oneof(fc.constantFrom(...names), junk),
    fc.array(fc.oneof(ofAim, constant(junk)), { maxLength: 5 }),
  )
  .map(
    ([version, name, fields]): Fill =>
      (aim) =>
        [version, name, ...fields.map((field) => field(aim))].join(":"),
  );
const torn = fc.tuple(well, fc.nat(60)).map(
  ([id, length]): Fill =>
    (aim) =>
      id(aim).slice(0, length),
);
export const customId = fc.oneof(
  { arbitrary: well, weight: 6 },
  { arbitrary: forged, weight: 2 },
  { arbitrary: torn, weight: 1 },
  { arbitrary: constant(junk), weight: 1 },
);
