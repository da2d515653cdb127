import { applyAs, cardOf, embedText, logEmbeds, pressCard, sleep } from "../../test/support/frontDoor.js";
import type { Stage } from "../lib/Stage.js";

/** Somebody who takes no messages from strangers is no error. */
export const closedDms = async (stage: Stage): Promise<void> => {
  const { client, guild, report } = stage;
  const [mara] = guild.moderatorIds;
  const eve = stage.person("Eve");

  report.scene("Eve takes no direct messages, and is accepted");
  await client.updateUser(eve, { dmsClosed: true });
  const code = await applyAs(stage, eve);
  report.say(`Eve applied (#${code}); Discord refuses to deliver messages to her. Mara claims and accepts.`);
  await pressCard(stage, mara, code, "Claim");
  await pressCard(stage, mara, code, "Accept");
  const card = await cardOf(stage, code, "Welcome post: done");
  await stage.showCard(code);
  report.includes(
    "the card says that she did not get the message",
    embedText(card),
    "Direct message: not delivered",
  );
  report.includes("and that she has the role", embedText(card), "✅ Role: done");
  report.lacks("nothing counts as failed", embedText(card), "❌");
  const member = await client.member(guild.guildId, eve);
  report.check("Eve has the role Member", member?.roles.includes(guild.roles.member) ?? false);
  report.equal("and no direct message", (await client.dmsOf(eve)).length, 0);
  const refused = (await client.requests({ method: "POST", route: "/channels/:channel/messages" })).filter(
    ({ code: refusal }) => refusal === 50007,
  );
  await sleep(300);
  report.equal("it was tried once a message (received, approved), not again and again", refused.length, 2);
  report.equal("#logs has no failure", (await logEmbeds(stage, "effect_failed", `<@${eve}>`)).length, 0);
};
