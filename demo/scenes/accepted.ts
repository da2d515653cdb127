import { renderMessage, renderMessages, renderModal } from "../../sandbox/client.js";
import {
  buttonsOf,
  LOOKS,
  cardOf,
  cardsOf,
  confirmedCode,
  dmsAbout,
  embedText,
  eventually,
  filled,
  logEmbeds,
  modalOf,
  pressCard,
  pressVerify,
  told,
} from "../../test/support/frontDoor.js";
import type { Stage } from "../lib/Stage.js";

/** The way everybody hopes for. */
export const accepted = async (stage: Stage): Promise<void> => {
  const { client, guild, report } = stage;
  const { channels, guildId, roles } = guild;
  const [mara] = guild.moderatorIds;
  const anna = stage.person("Anna");

  report.scene("Anna applies and is accepted");
  report.say("Anna presses Verify and gets a form.");
  const form = modalOf(await pressVerify(stage, anna));
  report.show("Anna sees:", renderModal(form));
  report.equal("the form has the five questions", Object.keys(filled(form)).length, 5);

  report.say("She fills it in and sends it.");
  const sent = await client.as(anna, guildId).submitModal(form, filled(form), { until: "settled" });
  const code = confirmedCode(sent) ?? "";
  report.show("Anna alone sees:", told(sent));
  report.check("she is told that it is in, with a code", code !== "");
  await cardOf(stage, code);
  await stage.showCard(code, true);
  report.equal("#review has one card", (await cardsOf(stage, code)).length, 1);
  report.equal("with one button", buttonsOf(await cardOf(stage, code)), ["Claim"]);
  const confirmation = await eventually(
    () => dmsAbout(stage, anna, code, "received"),
    (found) => found.length > 0,
  );
  report.equal("Anna has one direct message that it arrived", confirmation.length, 1);

  report.say("Mara, a moderator, presses Claim, then Accept.");
  const claim = await pressCard(stage, mara, code, "Claim");
  report.equal("Claim redraws the card", claim.ackType, "update");
  const accept = await pressCard(stage, mara, code, "Accept");
  report.equal("Accept redraws the card", accept.ackType, "update");

  const card = await cardOf(stage, code, "Welcome post: done");
  await stage.showCard(code);
  report.includes("the card says who approved", embedText(card), `**Approved** by <@${mara}>`);
  for (const what of ["Role", "Direct message", "Welcome post"]) {
    report.includes(`the card says: ${what} done`, embedText(card), `✅ ${what}: done`);
  }
  report.equal("nothing is left to decide", buttonsOf(card), LOOKS);
  report.equal("still one card", (await cardsOf(stage, code)).length, 1);

  const member = await client.member(guildId, anna);
  report.check("Anna has the role Member", member?.roles.includes(roles.member) ?? false);
  report.equal(
    "given once",
    (await client.events({ event: "role_added", userId: anna, roleId: roles.member })).length,
    1,
  );
  report.show("Anna's direct messages:", renderMessages(await client.dmsOf(anna)));
  report.equal("one of them says that she is in", (await dmsAbout(stage, anna, code, "approved")).length, 1);
  const welcomes = (await client.messages(channels.general)).filter(({ content }) =>
    content.includes(`<@${anna}>`),
  );
  const [welcome] = welcomes;
  if (welcome !== undefined) report.show("In #general:", renderMessage(welcome));
  report.equal("#general welcomes her once", welcomes.length, 1);
  report.equal(
    "and pings her, and nobody else",
    welcome?.mentions.map(({ id }) => id),
    [anna],
  );
  await eventually(
    () => logEmbeds(stage, "role_granted", `<@${anna}>`),
    (found) => found.length > 0,
  );
  for (const action of ["app_submitted", "claim", "approve", "role_granted"]) {
    report.equal(`#logs has ${action} once`, (await logEmbeds(stage, action, `<@${anna}>`)).length, 1);
  }
};
