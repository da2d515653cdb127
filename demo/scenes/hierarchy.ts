import {
  applyAs,
  buttonsOf,
  LOOKS,
  cardOf,
  embedText,
  eventually,
  logEmbeds,
  pressCard,
} from "../../test/support/frontDoor.js";
import type { Stage } from "../lib/Stage.js";

/** What Discord refuses is said, with the remedy, and done once that is followed. */
export const hierarchy = async (stage: Stage): Promise<void> => {
  const { client, guild, report } = stage;
  const { channels, guildId, roles } = guild;
  const [, milo] = guild.moderatorIds;
  const finn = stage.person("Finn");
  const welcomes = async () =>
    (await client.messages(channels.general)).filter(({ content }) => content.includes(`<@${finn}>`)).length;
  const hasRole = async () => (await client.member(guildId, finn))?.roles.includes(roles.member) ?? false;

  report.scene("Finn is accepted while the role stands above the bot's");
  const position = (id: string, of: Awaited<ReturnType<typeof client.guild>>) =>
    of.roles.find((role) => role.id === id)?.position ?? 0;
  const before = await client.guild(guildId);
  await client.setRolePosition(guildId, roles.member, position(roles.bot, before) + 10);
  const code = await applyAs(stage, finn);
  report.say(`Somebody dragged the role Member above the bot's own. Finn applied (#${code}); Milo accepts.`);
  await pressCard(stage, milo, code, "Claim");
  await pressCard(stage, milo, code, "Accept");
  const failed = await cardOf(stage, code, "Role: failed");
  await stage.showCard(code);
  report.includes("the card shows that the role failed", embedText(failed), "❌ Role: failed");
  report.includes("and the remedy", embedText(failed), "Move the bot's role above it");
  report.equal("with a button to try again", buttonsOf(await cardOf(stage, code, "Try again")), [
    "Try again",
    ...LOOKS,
  ]);
  report.check("Finn does not have the role", !(await hasRole()));
  report.equal("and is not welcomed yet", await welcomes(), 0);
  const logged = await eventually(
    () => logEmbeds(stage, "effect_failed", `<@${finn}>`),
    (found) => found.length > 0,
  );
  report.equal("#logs has the failure once", logged.length, 1);
  report.includes("with the remedy", logged.join("\n"), "Move the bot's role above it");

  report.say("An admin drags the roles back; Milo presses Try again.");
  await client.setRolePosition(guildId, roles.member, position(roles.member, before));
  await pressCard(stage, milo, code, "Try again");
  const mended = await cardOf(stage, code, "Welcome post: done");
  await stage.showCard(code);
  report.includes("the card says: Role done", embedText(mended), "✅ Role: done");
  report.lacks("nothing counts as failed any more", embedText(mended), "❌");
  report.equal("nothing is left to decide", buttonsOf(mended), LOOKS);
  report.check("Finn has the role Member", await hasRole());
  report.equal("#general welcomes him once", await welcomes(), 1);
};
