/** Google Vision's annotate call. */
import { createHash } from "node:crypto";
import { assert, describe, it } from "vitest";
import { avatarPng } from "../../sandbox/cdn/png.js";
import { town } from "./support.js";
import type { Town } from "./support.js";

const picture = (seed: string): Buffer => avatarPng(seed);

async function annotate(
  { sandbox }: Town,
  images: readonly object[],
  query = "?key=k",
): Promise<[number, unknown]> {
  const features = [{ type: "SAFE_SEARCH_DETECTION" }];
  const response = await fetch(`${sandbox.visionBase}/v1/images:annotate${query}`, {
    method: "POST",
    body: JSON.stringify({ requests: images.map((image) => ({ image, features })) }),
  });
  return [response.status, await response.json()];
}
const bytes = (seed: string) => ({ content: picture(seed).toString("base64") });
const adult = (likelihood: string) => ({
  safeSearchAnnotation: {
    adult: likelihood,
    spoof: "VERY_UNLIKELY",
    medical: "VERY_UNLIKELY",
    violence: "VERY_UNLIKELY",
    racy: "VERY_UNLIKELY",
  },
});

describe("SafeSearch", () => {
  it("finds every picture harmless unless told about it: by its bytes, its address, or so many times", async () => {
    const here = await town();
    const { vision } = here.driver;
    const fox = createHash("sha256").update(picture("fox")).digest("hex");
    await vision.says({ adult: "LIKELY" }, { image: fox });
    await vision.says({ adult: "POSSIBLE" }, { image: "example.org/bad" });
    const images = [bytes("fox"), bytes("owl"), { source: { imageUri: "https://example.org/bad.png" } }];
    assert.deepEqual(await annotate(here, images), [
      200,
      { responses: [adult("LIKELY"), adult("VERY_UNLIKELY"), adult("POSSIBLE")] },
    ]);
    await vision.says({ adult: "VERY_LIKELY" }, { times: 1 });
    assert.deepEqual(await annotate(here, [bytes("owl"), bytes("owl")]), [
      200,
      { responses: [adult("VERY_LIKELY"), adult("VERY_UNLIKELY")] },
    ]);
    const [first] = await vision.requests();
    assert.deepEqual([first?.images[0], first?.features[0]], [fox, "SAFE_SEARCH_DETECTION"]);
  });

  it("refuses as Google does: without a key, what is no picture, and what is no batch", async () => {
    const here = await town();
    const [status, body] = await annotate(here, [bytes("x")], "");
    assert.equal(status, 403);
    assert.match(JSON.stringify(body), /PERMISSION_DENIED/);
    const text = { content: Buffer.from("no picture").toString("base64") };
    assert.deepEqual(await annotate(here, [text]), [
      200,
      { responses: [{ error: { code: 3, message: "Bad image data." } }] },
    ]);
    assert.equal((await annotate(here, []))[0], 400);
  });

  it("fails and recovers on demand", async () => {
    const here = await town();
    const { vision } = here.driver;
    await vision.fails({ status: 503 });
    assert.equal((await annotate(here, [bytes("x")]))[0], 503);
    await vision.reset();
    await vision.saysError("try again");
    assert.match(JSON.stringify(await annotate(here, [bytes("x")])), /"code":14,"message":"try again"/);
    assert.equal((await vision.requests()).length, 1);
  });
});
