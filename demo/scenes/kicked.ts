import { renderMessage, renderMessages } from "../../sandbox/client.js";
import {
  applyAs,
  cardOf,
  dmsAbout,
  embedText,
  eventually,
  logEmbeds,
  pressVerify,
  told,
} from "../../test/support/frontDoor.js";
import type { Stage } from "../lib/Stage.js";

/** Out: told first, as nobody can write to a person they share no server with. */
export const kicked = async (stage: Stage): Promise<void> => {
  const { client, guild, report } = stage;
  const { channels, guildId } = guild;
  const [mara] = guild.moderatorIds;
  const dan = stage.person("Dan");

  report.scene("Dan is kicked, and comes back");
  const code = await applyAs(stage, dan, "Spam spam spam spam spam.");
  await cardOf(stage, code);
  report.say(`Dan applied (#${code}). Mara does it with a command: /kick app:${code} reason:Spam.`);
  const slash = await client
    .as(mara, guildId)
    .slash(channels.review, "kick", { app: code, reason: "Spam." }, { until: "settled" });
  const outcome = await eventually(
    () => client.outcome(slash.interactionId),
    ({ reply }) => reply?.content.includes("Kick: done") ?? false,
  );
  if (outcome.reply !== undefined) report.show("Mara alone sees:", renderMessage(outcome.reply));
  report.includes("the answer says how it went", told(outcome), "✅ Kick: done");
  const card = await cardOf(stage, code, "Kick: done");
  await stage.showCard(code);
  report.includes("the card says who kicked", embedText(card), `**Kicked** by <@${mara}>`);

  report.equal("Dan is not in the server any more", await client.member(guildId, dan), null);
  const kicks = await client.events({ event: "member_kicked", userId: dan });
  report.equal("he was kicked once", kicks.length, 1);
  report.show("Dan's direct messages:", renderMessages(await client.dmsOf(dan)));
  const dms = await dmsAbout(stage, dan, code, "kicked");
  report.equal("one of them says so", dms.length, 1);
  const [written] = await client.events({ event: "message_created", messageId: dms[0]?.id ?? "none" });
  report.check(
    "it was written before the kick",
    written !== undefined && kicks[0] !== undefined && written.seq < kicks[0].seq,
  );
  for (const action of ["claim", "kick"]) {
    await eventually(
      () => logEmbeds(stage, action, `<@${dan}>`),
      (found) => found.length > 0,
    );
    report.equal(`#logs has ${action} once`, (await logEmbeds(stage, action, `<@${dan}>`)).length, 1);
  }

  report.say("Dan joins again and presses Verify.");
  await client.addMember(guildId, dan);
  const again = await pressVerify(stage, dan);
  report.show("Dan alone sees:", told(again));
  report.check("no form opens", again.modal === undefined);
  report.includes("he is told why not", told(again), "cannot apply to this server any more");
};
