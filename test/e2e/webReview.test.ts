/** Deciding from the web, over real sockets, and what comes of it in Discord. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { readLedger } from "../../bench/lib/Ledger.js";
import {
  applyAs,
  buttonsOf,
  cardOf,
  cardsOf,
  dmsAbout,
  type Door,
  embedText,
  eventually,
  logEmbeds,
  LOOKS,
  pressCard,
  told,
} from "../support/frontDoor.js";
import { WebClient } from "../support/webClient.js";
import { startWebStage, type WebStage } from "../support/webStage.js";

let stage: WebStage;
let door: Door;
let web: WebClient;

beforeAll(async () => {
  stage = await startWebStage(2);
  ({ door } = stage);
  web = new WebClient(stage.origin);
  await web.signIn(stage.sandbox, door.guild.adminId);
}, 120_000);

afterAll(async () => {
  expect(await stage.stop()).toBe(0);
}, 30_000);

const Detail = z.object({ application: z.object({ id: z.string(), status: z.string() }) });

/** The path of an application that somebody has just sent. */
const applied = async (userId: string) => {
  const code = await applyAs(door, userId);
  await cardOf(door, code);
  const { body } = await web.json(`/api/applications/by-code/${code}?guild=${door.guild.guildId}`);
  const { id } = Detail.parse(body).application;
  return { code, id, to: (act: string) => `/api/applications/${id}/${act}?guild=${door.guild.guildId}` };
};

test("a decision on the dashboard gives the role, tells the person, redraws the card, and stands in the log", async () => {
  const [anna = ""] = door.guild.applicantIds;
  const { code, to } = await applied(anna);
  const { status, body } = await web.change("POST", to("decide"), { kind: "approve" });
  expect([status, Detail.parse(body).application.status]).toEqual([200, "approved"]);

  const card = await cardOf(door, code, "Welcome post: done");
  expect(embedText(card)).toContain(`**Approved** by <@${door.guild.adminId}>`);
  expect(embedText(card)).toContain("✅ Role: done");
  expect(buttonsOf(card)).toEqual(LOOKS);
  expect(await cardsOf(door, code)).toHaveLength(1);
  const member = await door.client.member(door.guild.guildId, anna);
  expect(member?.roles).toContain(door.guild.roles.member);
  expect(await dmsAbout(door, anna, code, "approved")).toHaveLength(1);
  for (const action of ["claim", "approve"]) {
    const embeds = await eventually(
      () => logEmbeds(door, action, `#${code}`),
      ({ length }) => length > 0,
    );
    expect(embeds.join(), action).toContain(
      `By <@${door.guild.adminId}>, from the dashboard, about <@${anna}>`,
    );
  }
  expect(await door.client.violations()).toEqual([]);
});

test("a claim on the dashboard at once with the button: one has it, the other is told, one row of the log", async () => {
  const [, ben = ""] = door.guild.applicantIds;
  const [mara] = door.guild.moderatorIds;
  const { code, id, to } = await applied(ben);
  const [pressed, asked] = await Promise.all([
    pressCard(door, mara, code, "Claim"),
    web.change("POST", to("claim")),
  ]);
  const claims = readLedger(stage.database, door.guild.guildId).actions.filter(
    ({ name, applicationId }) => name === "claim" && applicationId === id,
  );
  expect(claims).toHaveLength(1);
  const claimedBy = claims[0]?.actor;
  if (claimedBy === mara) {
    expect(asked).toEqual({ status: 409, body: { _tag: "AlreadyClaimed", code, claimedBy: mara } });
  } else {
    expect(asked.status).toBe(200);
    expect(told(pressed)).toContain(`already claimed by <@${door.guild.adminId}>`);
  }
  expect(embedText(await cardOf(door, code, "Claimed"))).toContain(`**Claimed** by <@${claimedBy ?? ""}>`);
});
