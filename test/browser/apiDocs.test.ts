/** `/api/docs` in a real browser: it works under its own Content-Security-Policy, and asks nobody else for anything. */
import { it } from "@effect/vitest";
import { Effect } from "effect";
import type { Page } from "playwright-core";
import { assert } from "vitest";
import { openBrowser } from "../support/browser.js";
import { served, stranger } from "../support/layers-web.js";

const read = async (page: Page, origin: string) => {
  const complaints: Array<string> = [];
  const asked: Array<string> = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => {
    if (!request.url().startsWith("data:")) asked.push(request.url());
  });
  await page.goto(`${origin}/api/docs`);
  const health = page.locator(".opblock").filter({ hasText: "/health" }).first();
  await health.locator("button").first().click();
  await health.getByRole("button", { name: "Try it out" }).click();
  await health.getByRole("button", { name: "Execute" }).click();
  await health.getByText('"service": "pawtropolis"').first().waitFor();
  const wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
  assert.deepStrictEqual(complaints, []);
  assert.deepStrictEqual(asked, [`${origin}/api/docs`, `${origin}/health`]);
  // Nothing has to be scrolled sideways.
  assert.strictEqual(wide, 0);
};

it.effect(
  "the reference of the API is read, and tried out, on a large screen and on a phone",
  () =>
    Effect.gen(function* () {
      const { client } = yield* stranger;
      const browser = yield* Effect.acquireRelease(
        Effect.promise(() => openBrowser()),
        (opened) => Effect.promise(() => opened.close()),
      );
      for (const viewport of [
        { width: 1_280, height: 900 },
        { width: 390, height: 844 },
      ]) {
        const page = yield* Effect.promise(() => browser.newPage({ viewport }));
        yield* Effect.promise(() => read(page, client.origin));
      }
    }).pipe(Effect.scoped, served()),
  120_000,
);
