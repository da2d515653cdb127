import { renderMessage } from "../../sandbox/client.js";
import {
  buttonsOf,
  eventually,
  gateMessages,
  logEmbeds,
  setUpGate,
  told,
} from "../../test/support/frontDoor.js";
import type { Stage } from "../lib/Stage.js";

/** An admin says where things are; the gate message comes once, however often that is said. */
export const setUp = async (stage: Stage): Promise<void> => {
  const { client, guild, report } = stage;
  report.scene("Set-up");
  report.say("Ada, an admin, runs /gate setup.");
  const first = await setUpGate(stage);
  if (first.reply !== undefined) report.show("Ada alone sees:", renderMessage(first.reply));
  report.check("the answer is for Ada alone", first.ephemeral);
  report.includes("it says that everything is set up", told(first), "**Set up.**");
  report.lacks("and finds nothing wrong", told(first), "❌");

  const [gate, ...more] = await gateMessages(stage);
  report.check("#gate has a gate message", gate !== undefined);
  if (gate === undefined) return;
  report.show("In #gate:", renderMessage(gate));
  report.equal("one", more.length + 1, 1);
  report.equal("with a Verify button", buttonsOf(gate), ["Verify"]);
  report.equal(
    "pinned",
    (await client.pins(guild.channels.gate)).map(({ id }) => id),
    [gate.id],
  );

  report.say("She runs it again.");
  const again = await setUpGate(stage);
  report.includes("it says that everything is set up", told(again), "**Set up.**");
  report.equal(
    "#gate still has the one gate message it had",
    (await gateMessages(stage)).map(({ id }) => id),
    [gate.id],
  );
  const posted = await client.events({
    event: "message_created",
    channelId: guild.channels.gate,
    text: "Welcome to",
  });
  report.equal("no other was ever posted", posted.length, 1);
  const logged = await eventually(
    () => logEmbeds(stage, "config_change"),
    (found) => found.length >= 2,
  );
  report.equal("both times are in #logs", logged.length, 2);
};
