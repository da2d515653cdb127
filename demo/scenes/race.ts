import { applyAs, cardOf, embedText, eventually, logEmbeds, told } from "../../test/support/frontDoor.js";
import type { Stage } from "../lib/Stage.js";

/** Two hands on one button. */
export const race = async (stage: Stage): Promise<void> => {
  const { client, guild, report } = stage;
  const gia = stage.person("Gia");

  report.scene("Mara and Milo press Claim in the same instant");
  const code = await applyAs(stage, gia);
  const card = await cardOf(stage, code, "Claim");
  report.say(`Gia applied (#${code}). Both moderators press Claim.`);
  const ids = await client.fire(
    guild.moderatorIds.map((userId) => ({
      kind: "press" as const,
      userId,
      guildId: guild.guildId,
      channelId: guild.channels.review,
      messageId: card.id,
      component: "Claim",
    })),
  );
  const outcomes = await client.outcomes(ids, { until: "settled" });
  const pressed = outcomes.map((outcome, index) => ({ outcome, by: guild.moderatorIds[index] ?? "" }));
  const won = pressed.filter(({ outcome }) => outcome.ackType === "update");
  const lost = pressed.filter(({ outcome }) => outcome.ackType !== "update");
  const [winner] = won;
  const [loser] = lost;
  report.equal("one of them claims it", won.length, 1);
  report.equal("the other does not", lost.length, 1);
  if (winner === undefined || loser === undefined) return;
  await stage.showCard(code);
  report.show(`${stage.readable(`<@${loser.by}>`)} alone sees:`, told(loser.outcome));
  report.includes(
    "the other is told who was faster",
    told(loser.outcome),
    `already claimed by <@${winner.by}>`,
  );
  report.check("privately", loser.outcome.ephemeral);
  report.includes("the card agrees", embedText(await cardOf(stage, code)), `**Claimed** by <@${winner.by}>`);
  const logged = await eventually(
    () => logEmbeds(stage, "claim", `<@${gia}>`),
    (found) => found.length > 0,
  );
  report.equal("#logs has one claim", logged.length, 1);
};
