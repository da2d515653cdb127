/** A real Chromium: Debian's, or the one Playwright has downloaded. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { ROOT } from "./processes.js";

const PLACES = [
  process.env["CHROMIUM_PATH"] ?? "",
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  chromium.executablePath(),
];

/** Where a browser is; none where there is none. */
export const browserPath = PLACES.find((path) => path !== "" && existsSync(path));

export const NO_BROWSER =
  "No Chromium was found. Install one (Debian: apt-get install chromium; else npx playwright install chromium) or set CHROMIUM_PATH.";

export const openBrowser = (): Promise<Browser> => {
  if (browserPath === undefined) throw new Error(NO_BROWSER);
  return chromium.launch({
    executablePath: browserPath,
    args: [
      // A container's root cannot have Chromium's own sandbox; the pages are ours.
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
};

/** Keeps a picture for the documents, when asked to with `UPDATE_SCREENSHOTS=1`. */
export const screenshot = async (page: Page, name: string): Promise<void> => {
  if (process.env["UPDATE_SCREENSHOTS"] === "1")
    await page.screenshot({ path: join(ROOT, `docs/images/${name}.png`) });
};
