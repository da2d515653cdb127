import { renderMessages } from "../../sandbox/client.js";
import {
  applyAs,
  cardOf,
  dmsAbout,
  embedText,
  eventually,
  logEmbeds,
  pressCard,
  pressVerify,
  pressWithReason,
  told,
} from "../../test/support/frontDoor.js";
import type { Stage } from "../lib/Stage.js";

const REASON = "Please tell us a little more about yourself.";

/** No for now: told why, and when to come back. */
export const rejected = async (stage: Stage): Promise<void> => {
  const { client, guild, report } = stage;
  const [mara] = guild.moderatorIds;
  const ben = stage.person("Ben");

  report.scene("Ben is rejected, and applies again too soon");
  const code = await applyAs(stage, ben, "I do not know what to say here.");
  report.say(`Ben applied (#${code}). Mara claims it and presses Reject, which asks for the reason.`);
  await pressCard(stage, mara, code, "Claim");
  const outcome = await pressWithReason(stage, mara, code, "Reject", REASON);
  report.equal("her answer redraws the card", outcome.ackType, "update");
  const card = await cardOf(stage, code, "Direct message: done");
  await stage.showCard(code);
  report.includes("the card says who rejected", embedText(card), `**Rejected** by <@${mara}>`);
  report.includes("and when he may come back", embedText(card), "may apply again");
  report.show("Ben's direct messages:", renderMessages(await client.dmsOf(ben)));
  const [dm, ...more] = await dmsAbout(stage, ben, code, "rejected");
  report.equal("one of them says so", more.length + (dm === undefined ? 0 : 1), 1);
  report.includes("with the reason", dm === undefined ? "" : embedText(dm), REASON);
  await eventually(
    () => logEmbeds(stage, "reject", `<@${ben}>`),
    (found) => found.length > 0,
  );
  const [logged = ""] = await logEmbeds(stage, "reject", `<@${ben}>`);
  report.includes("#logs has it with the reason", logged, REASON);

  report.say("Ben presses Verify again.");
  const again = await pressVerify(stage, ben);
  report.show("Ben alone sees:", told(again));
  report.check("no form opens", again.modal === undefined);
  report.check("he is told when he can apply again", /apply again <t:\d+:R>/.test(told(again)));
  report.check("nobody else sees that", again.ephemeral);
};
