import { assert, describe, expect, it } from "@effect/vitest";
import { Effect } from "effect";
import { ALL_SETTINGS } from "../../src/domain/SettingsTable.js";
import * as Command from "../../src/programs/kit/Command.js";
import * as Component from "../../src/programs/kit/Component.js";
import * as CustomId from "../../src/programs/kit/CustomId.js";
import { Schema } from "effect";
import { Private } from "../../src/programs/kit/Reply.js";
import { guarded, permissionsDocument, routes, settingsDocument } from "../support/documents.js";

describe("the documents made from the program", () => {
  it("say who may use every command, button and form", async () => {
    await expect(await permissionsDocument()).toMatchFileSnapshot("../../docs/permissions.md");
  });

  it("describe every setting", async () => {
    await expect(await settingsDocument()).toMatchFileSnapshot("../../docs/settings.md");
  });
});

describe("a rung", () => {
  const handler = () => Effect.succeed(Private("Done."));

  it("is declared by every command and component, or it does not compile", () => {
    // @ts-expect-error a command without a rung
    Command.make({ name: "open", description: "For whom?", options: {}, handler });
    // @ts-expect-error a subcommand without a rung
    Command.subcommand({ name: "open", description: "For whom?", options: {}, handler });
    const id = CustomId.make("open", Schema.Struct({}));
    // @ts-expect-error a button without a rung
    Component.button(id, { handler });
    // @ts-expect-error a form without a rung
    Component.modal(id, { handler });
    // @ts-expect-error a rung that is not on the ladder
    Component.button(id, { rung: "moderator", handler });
  });

  it("is above everyone for all but the way in", () => {
    const open = [...guarded.commands, ...guarded.components].filter(({ rung }) => rung === "everyone");
    assert.deepStrictEqual(open.map(({ name }) => name).sort(), [
      "apply (modal)",
      "apply-page (button)",
      "verify (button)",
      "withdraw (button)",
      "withdraw-yes (button)",
    ]);
  });
});

describe("a route of the web", () => {
  it("has a guard, but for those that are for everybody", () => {
    const open = routes.filter((route) => route.for === null).map(({ route }) => route);
    assert.deepStrictEqual(open, [
      "GET /api/banner",
      "GET /auth",
      "GET /auth/callback",
      "GET /auth/login",
      "GET /health",
      "GET /metrics",
      "GET /ready",
    ]);
  });

  it("below /api is for admins of a server, and backups for owners", () => {
    for (const { route, for: who } of routes) {
      if (route.includes("/api/admin/backups")) assert.strictEqual(who, "owner", route);
      else if (/^\S+ \/api\//.test(route) && !route.endsWith("/api/banner"))
        assert.strictEqual(who, "admin", route);
    }
  });
});

describe("the table of settings", () => {
  it("fits into the options of one command", () => {
    assert.isAtMost(ALL_SETTINGS.length, 25);
    for (const [name, { purpose }] of ALL_SETTINGS) {
      assert.match(name, /^[a-z_]{1,32}$/);
      assert.isAtMost(purpose.length, 100, name);
    }
  });
});
