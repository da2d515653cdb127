import { assert, describe, it } from "@effect/vitest";
import { ComponentType } from "discord.js";
import { avatar, copyUid } from "../../../../src/programs/views/Person.js";
import { application, ROBIN } from "../../../support/fixtures.js";
import { anyApplication } from "../../../support/fixtures-arbitrary.js";
import { messageProblems } from "../../../support/limits.js";

const URL = "https://cdn.discordapp.com/avatars/1/abc.png?size=256";
const linksOf = (url: string) =>
  (avatar(application(), url).components ?? []).flatMap((row) =>
    row.type === ComponentType.ActionRow
      ? row.components.flatMap((part) => ("url" in part ? [part.url] : []))
      : [],
  );

describe("a look at the person", () => {
  it("gives the id and nothing else, so that a phone copies just that", () => {
    assert.deepStrictEqual(copyUid(application()), { content: ROBIN });
  });

  it("shows the avatar large, with a way to open it and to search for it", () => {
    const large = "https://cdn.discordapp.com/avatars/1/abc.png?size=1024";
    assert.strictEqual(avatar(application(), URL).embeds?.[0]?.image?.url, large);
    assert.deepStrictEqual(linksOf(URL), [
      large,
      `https://lens.google.com/uploadbyurl?url=${encodeURIComponent(large)}`,
    ]);
  });

  it("leaves a picture that comes in one size as it is", () => {
    const one = "https://cdn.discordapp.com/embed/avatars/0.png";
    assert.strictEqual(linksOf(one)[0], one);
  });

  it.prop("stays inside every limit of Discord", [anyApplication], ([somebody]) => {
    assert.deepStrictEqual(messageProblems(avatar(somebody, URL)), []);
  });
});
