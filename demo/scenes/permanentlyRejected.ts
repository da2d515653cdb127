import {
  applyAs,
  cardOf,
  dmsAbout,
  embedText,
  pressCard,
  pressVerify,
  pressWithReason,
  told,
} from "../../test/support/frontDoor.js";
import type { Stage } from "../lib/Stage.js";

/** No, for good. */
export const permanentlyRejected = async (stage: Stage): Promise<void> => {
  const { guild, report } = stage;
  const [, milo] = guild.moderatorIds;
  const cleo = stage.person("Cleo");

  report.scene("Cleo is permanently rejected, and tries Verify");
  const code = await applyAs(stage, cleo, "Join my other server, it is better!");
  report.say(`Cleo applied (#${code}). Milo claims it and presses Perm Reject.`);
  await pressCard(stage, milo, code, "Claim");
  await pressWithReason(stage, milo, code, "Perm Reject", "Advertising.");
  const card = await cardOf(stage, code, "Direct message: done");
  await stage.showCard(code);
  report.includes("the card says so", embedText(card), `**Permanently rejected** by <@${milo}>`);
  const dms = await dmsAbout(stage, cleo, code, "perm_rejected");
  report.equal("Cleo is told once", dms.length, 1);
  report.includes("that it is final", dms.map(embedText).join("\n"), "cannot apply here again");

  report.say("Cleo presses Verify.");
  const again = await pressVerify(stage, cleo);
  report.show("Cleo alone sees:", told(again));
  report.check("no form opens", again.modal === undefined);
  report.includes("she is told why not", told(again), "cannot apply to this server any more");
};
