import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import { afterAll, assert, beforeAll, describe, it } from "vitest";
import { Cleanup, setStage, type Stage } from "../../demo/lib/Stage.js";
import { browserPath, NO_BROWSER, openBrowser, screenshot } from "../support/browser.js";
import { setUpGate } from "../support/frontDoor.js";

const LIMIT_MS = 60_000;
const ANSWERS = [
  "A friend of mine is here and told me about it.",
  "I would like to talk with people who like the same things.",
  "I draw, I cook, and I read more than I should.",
  "Yes, a small one; we still write to each other.",
  "People listen, and help each other when it matters.",
];

// On the project's own machines a browser is a must; elsewhere these tests wait for one.
const here = browserPath === undefined && process.env["CI"] !== "true" ? describe.skip : describe;
if (browserPath === undefined) console.warn(NO_BROWSER);

here("the page on which one can be anybody", { timeout: 2 * LIMIT_MS }, () => {
  const cleanup = new Cleanup();
  let stage: Stage;
  let browser: Browser;
  const foreign: Array<string> = [];
  const errors: Array<string> = [];

  beforeAll(async () => {
    browser = await openBrowser();
    cleanup.add(() => browser.close());
    stage = await setStage(cleanup, { guild: "Otter Cove", applicants: 12, flags: ["--checks"] });
    await setUpGate(stage);
  }, 2 * LIMIT_MS);
  afterAll(() => cleanup.run());

  /** A window of its own, in which one is this person. */
  const windowOf = async (
    userId: string,
    channelId: string,
    options: BrowserContextOptions = {},
  ): Promise<Page> => {
    const page = await browser.newPage({
      viewport: { width: 1280, height: 860 },
      colorScheme: "dark",
      ...options,
    });
    page.setDefaultTimeout(LIMIT_MS);
    page.on("request", (request) => {
      if (!request.url().startsWith(stage.sandbox.viewerUrl) && !request.url().startsWith("data:"))
        foreign.push(request.url());
    });
    page.on("pageerror", (error) => errors.push(error.message));
    page.on("console", (line) => {
      if (line.type() === "error") errors.push(line.text());
    });
    await page.goto(`${stage.sandbox.viewerUrl}?as=${userId}&channel=${channelId}`);
    return page;
  };
  const messages = (page: Page, text: string | RegExp): Locator =>
    page.locator(".message").filter({ hasText: text });
  const shows = (page: Page, text: string | RegExp): Promise<void> => messages(page, text).last().waitFor();
  const fill = async (page: Page, answers: ReadonlyArray<string>): Promise<void> => {
    const form = page.getByRole("dialog");
    await form.waitFor();
    for (const [index, answer] of answers.entries()) await form.getByRole("textbox").nth(index).fill(answer);
  };
  const apply = async (page: Page): Promise<void> => {
    await page.getByRole("button", { name: "Verify" }).click();
    await fill(page, ANSWERS);
    await page.getByRole("button", { name: "Submit" }).click();
    await shows(page, "is in. A moderator reads it");
  };

  it("lets one apply, and two moderators decide in windows of their own", async () => {
    const { channels, moderatorIds } = stage.guild;
    const kim = await windowOf(stage.person("Kim"), channels.gate);
    const mara = await windowOf(moderatorIds[0], channels.review);

    await kim.getByRole("button", { name: "Verify" }).click();
    await fill(kim, ["too short"]);
    await screenshot(kim, "form");
    await kim.getByRole("button", { name: "Submit" }).click();
    assert.isTrue(await kim.getByRole("dialog").isVisible(), "a short answer is not sent");
    await fill(kim, ANSWERS);
    await kim.getByRole("button", { name: "Submit" }).click();
    await shows(kim, "is in. A moderator reads it");

    // The card comes by itself, and changes by itself.
    await mara.getByRole("button", { name: "Claim" }).click();
    await mara.getByRole("button", { name: "Accept" }).waitFor();
    await screenshot(mara, "review-card");
    await mara.getByRole("button", { name: "Accept" }).click();
    await shows(mara, /Approved by @?Mara Moderator/);
    await shows(mara, /Welcome post: done/);

    await kim.getByRole("button", { name: "general" }).click();
    await shows(kim, /Please welcome @?Kim/);
    await kim.getByRole("button", { name: "Pawtropolis" }).click();
    await shows(kim, "You are in!");

    await mara.getByRole("button", { name: "logs" }).click();
    await shows(mara, "role_granted");
    await Promise.all([kim.close(), mara.close()]);
  });

  it("asks a moderator for the reason, and shows what only they can see", async () => {
    const { channels, moderatorIds } = stage.guild;
    const lea = await windowOf(stage.person("Lea"), channels.gate);
    await apply(lea);
    const milo = await windowOf(moderatorIds[1], channels.review);
    const card = messages(milo, "Lea (lea)");
    await card.getByRole("button", { name: "Claim" }).click();
    await card.getByRole("button", { name: "Reject", exact: true }).click();
    await fill(milo, ["Please tell us a little more about yourself."]);
    await milo.getByRole("button", { name: "Submit" }).click();
    await shows(milo, /Rejected by @?Milo Moderator/);
    await lea.getByRole("button", { name: "Verify" }).click();
    await shows(lea, "You can apply again");
    await milo.getByRole("button", { name: "gate" }).click();
    await shows(milo, /Welcome/);
    assert.equal(await messages(milo, "You can apply again").count(), 0, "that was for Lea alone");
    await Promise.all([lea.close(), milo.close()]);
  });

  it("takes slash commands with their options, and answers privately", async () => {
    const { channels, moderatorIds } = stage.guild;
    const jon = await windowOf(stage.person("Jon"), channels.gate);
    await apply(jon);
    const mara = await windowOf(moderatorIds[0], channels.review);
    await mara.getByRole("textbox", { name: "Message" }).fill("/rej");
    await mara.getByRole("button", { name: /^\/reject/ }).click();
    await mara.getByLabel(/^user/).selectOption({ label: "Jon" });
    await mara.getByLabel(/^reason/).fill("Not this time.");
    await mara.getByRole("button", { name: "Send" }).click();
    await shows(mara, / is rejected/);
    await shows(jon, "is in. A moderator reads it");
    await Promise.all([jon.close(), mara.close()]);
  });

  it("offers what the bot suggests while one types an option, and sends what is meant by it", async () => {
    const { channels, moderatorIds } = stage.guild;
    const gia = await windowOf(stage.person("Gia"), channels.gate);
    await apply(gia);
    const mara = await windowOf(moderatorIds[0], channels.review);
    await mara.getByRole("textbox", { name: "Message" }).fill("/accept");
    await mara.getByRole("button", { name: /^\/accept/ }).click();
    await mara.getByRole("combobox", { name: /^app/ }).pressSequentially("gia");
    const offer = mara.getByRole("listbox").getByRole("option", { name: /gia/i });
    await offer.waitFor();
    await mara.keyboard.press("Enter");
    await offer.waitFor({ state: "detached" });
    await mara.getByRole("button", { name: "Send" }).click();
    await messages(mara, "Gia (gia)").filter({ hasText: "Approved by" }).waitFor();
    await Promise.all([gia.close(), mara.close()]);
  });

  it("lets one react, reply and mention people, with the menu of a message", async () => {
    const { channels, moderatorIds } = stage.guild;
    const [mara, milo] = await Promise.all(moderatorIds.map((id) => windowOf(id, channels.general)));
    assert(mara !== undefined && milo !== undefined);
    const write = async (page: Page, text: string): Promise<void> => {
      await page.getByRole("textbox", { name: "Message" }).fill(text);
      await page.keyboard.press("Enter");
    };
    await write(mara, "Where is @Milo Moderator? Look into #review.");
    await messages(milo, "Where is").locator("discord-mention", { hasText: "Milo Moderator" }).waitFor();
    await messages(milo, "Where is").click({ button: "right" });
    await milo.getByRole("menuitem", { name: "React with 👍" }).click();
    const count = (page: Page): Locator => messages(page, "Where is").getByRole("button", { name: "👍 1" });
    await count(milo).and(milo.locator("[aria-pressed=true]")).waitFor();
    await count(mara).and(mara.locator("[aria-pressed=false]")).waitFor();
    await count(milo).click();
    await count(mara).waitFor({ state: "detached" });

    await messages(milo, "Where is").hover();
    await messages(milo, "Where is").getByRole("button", { name: "More" }).click();
    await milo.getByRole("menuitem", { name: "Reply" }).click();
    await write(milo, "Here I am.");
    await messages(mara, "Here I am.").locator("discord-reply", { hasText: "Where is" }).waitFor();
    await messages(milo, "Here I am.").click({ button: "right" });
    await milo.getByRole("menuitem", { name: "Delete message" }).click();
    await messages(mara, "Here I am.").waitFor({ state: "detached" });
    await Promise.all([mara.close(), milo.close()]);
  });

  it("shows one server at a time, with its own people and channels", async () => {
    const { ownerId, guildId } = stage.guild;
    const second = await stage.client.createGuild({ name: "Fox Hollow", ownerId });
    const inside = await stage.client.createChannel(second.id, { name: "lobby", type: "category" });
    await stage.client.createChannel(second.id, { name: "burrow", parentId: inside.id });
    const page = await windowOf(ownerId, "");
    await page.getByRole("button", { name: "Fox Hollow" }).click();
    await page.getByRole("heading", { name: "Fox Hollow" }).waitFor();
    await page.getByRole("heading", { name: "lobby" }).waitFor();
    await page.getByRole("button", { name: "burrow" }).waitFor();
    assert.equal(await page.getByRole("button", { name: "review" }).count(), 0);
    await page.getByRole("button", { name: "Otter Cove" }).click();
    await page.getByRole("button", { name: "review" }).waitFor();
    assert.include(page.url(), guildId);
    await page.close();
  });

  it("fits a phone, in light colours too", async () => {
    const { channels, moderatorIds } = stage.guild;
    const page = await windowOf(moderatorIds[0], channels.review, {
      viewport: { width: 390, height: 844 },
      colorScheme: "light",
    });
    await page.locator(".message").last().waitFor();
    const drawn: unknown = await page.evaluate(
      "[document.documentElement.scrollWidth, getComputedStyle(document.body).backgroundColor]",
    );
    assert.deepEqual(drawn, [390, "rgb(255, 255, 255)"]);
    await page.getByRole("button", { name: "Behind the scenes" }).click();
    await page.getByRole("tab", { name: "Requests" }).click();
    await page.locator(".requests button").first().waitFor();
    await page.getByRole("button", { name: "Close" }).click();
    await page.getByRole("textbox", { name: "Message" }).waitFor();
    await page.close();
  });

  it("opens the dashboard as whoever one is: through Discord's own page, and only for admins", async () => {
    const { adminId, moderatorIds, channels } = stage.guild;
    await stage.client.setGuide({ title: "Otter Cove", tips: [], dashboardUrl: stage.dashboardUrl });
    const open = async (userId: string, name: string): Promise<Page> => {
      const page = await windowOf(userId, channels.review);
      const opened = page.context().waitForEvent("page");
      await page.getByRole("link", { name: `Open the dashboard as ${name}` }).click();
      const other = await opened;
      await other.getByRole("heading", { name: "Pawtropolis wants to access your account" }).waitFor();
      await other.getByRole("button", { name: `Continue as ${name}` }).click();
      return other;
    };
    const ada = await open(adminId, "Ada Admin");
    await ada.getByRole("heading", { name: "Signed in as Ada Admin" }).waitFor();
    assert.equal(new URL(ada.url()).pathname, "/dashboard");
    const mara = await open(moderatorIds[0], "Mara Moderator");
    await mara.getByRole("heading", { name: "You may not use the dashboard" }).waitFor();
    await Promise.all([ada.context().close(), mara.context().close()]);
  });

  it("shows what the bot asks of Discord, and makes a bad day: what was promised comes when it is over", async () => {
    const { channels, moderatorIds } = stage.guild;
    const iris = await windowOf(stage.person("Iris"), channels.gate);
    await iris.getByRole("tab", { name: "Bad day" }).click();
    await iris.getByRole("button", { name: "the next five messages are refused with 502" }).click();
    await apply(iris);
    const mara = await windowOf(moderatorIds[0], channels.review);
    await shows(mara, "Iris (iris)");
    await mara.getByRole("tab", { name: "Requests" }).click();
    const refused = mara.locator(".requests button").filter({ hasText: "502" });
    await refused.first().click();
    await screenshot(mara, "requests");
    assert.equal(await messages(mara, "Iris (iris)").count(), 1);
    await Promise.all([iris.close(), mara.close()]);
  });

  it("stays quick in a channel of ten thousand messages", async () => {
    const { channels, moderatorIds, guildId } = stage.guild;
    const mara = stage.client.as(moderatorIds[0], guildId);
    for (let sent = 0; sent < 10_000; sent += 100) {
      await Promise.all(
        Array.from({ length: 100 }, (_, index) => mara.say(channels.modmail, `Message ${sent + index + 1}.`)),
      );
    }
    const page = await windowOf(moderatorIds[0], channels.modmail);
    const last = page.locator(".message").last();
    await last.waitFor();
    assert.equal(await page.locator(".message").count(), 100, "a page of them");
    await page.getByRole("textbox", { name: "Message" }).fill("The newest of all.");
    await page.keyboard.press("Enter");
    await shows(page, "The newest of all.");
    await page.getByRole("button", { name: "Earlier messages" }).click();
    await messages(page, "The newest of all.").waitFor({ state: "detached" });
    assert.equal(await page.locator(".message").count(), 100);
    await page.getByRole("button", { name: "Newest messages" }).click();
    await shows(page, "The newest of all.");
    await page.close();
  });

  it("loads nothing from elsewhere, meets no error, and asks for nothing Discord does not know", async () => {
    assert.deepEqual(foreign, []);
    assert.deepEqual(errors, []);
    assert.deepEqual(await stage.client.violations(), []);
  });
});
