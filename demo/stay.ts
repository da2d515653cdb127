/**
 * `npm run demo`: the local Discord and the real bot with a living example guild. Stays up until Ctrl+C and prints how to
 * look at it and how to act in it.
 */
import type { Guide } from "../sandbox/client.js";
import {
  applyAs,
  cardOf,
  embedText,
  pressCard,
  pressWithReason,
  setUpGate,
} from "../test/support/frontDoor.js";
import { Cleanup, setStage, type Stage } from "./lib/Stage.js";

const cleanup = new Cleanup();
const print = (line = ""): void => {
  process.stdout.write(`${line}\n`);
};
let leaving = false;
const leave = (code: number, why: string): void => {
  if (leaving) return;
  leaving = true;
  print(`\n${why}`);
  void cleanup.run().finally(() => process.exit(code));
};
process.on("SIGINT", () => {
  leave(0, "Tidying up …");
});
process.on("SIGTERM", () => {
  leave(0, "Tidying up …");
});

/** What the people of the example guild wrote. */
const ANSWERS: Readonly<Record<string, ReadonlyArray<string>>> = {
  Anna: [
    "Through a friend who has been here for years.",
    "A calm place to talk about drawing.",
    "I draw otters, mostly. Sometimes beavers.",
    "Two small art servers, both were kind.",
    "People say what they like about a picture first.",
  ],
  Hugo: [
    "I found the link on a page about board games.",
    "Somebody to play Azul with on Sundays!",
    "I cook, I hike, and I lose at chess.",
    "A big one. It was loud, so I left after a month.",
    "Nobody is shouted down, also not the new ones.",
  ],
  Iris: [
    "Search engine, honestly: 'friendly furry community'.",
    "I am shy and would like to read along at first.",
    "I sew fursuit paws and repair sewing machines.",
    "No, this is my first one. I am a bit nervous.",
    "One where it is fine to be quiet.",
  ],
};

/** Applications in every state, made the way people make them. */
const live = async (stage: Stage): Promise<ReadonlyArray<readonly [name: string, code: string]>> => {
  const { client, guild } = stage;
  const [mara, milo] = guild.moderatorIds;
  const applied: Array<readonly [string, string]> = [];
  const apply = async (name: string): Promise<string> => {
    const code = await applyAs(stage, stage.person(name), ANSWERS[name]);
    applied.push([name, code]);
    return code;
  };
  const claimed = async (name: string, by: string): Promise<string> => {
    const code = await apply(name);
    await pressCard(stage, by, code, "Claim");
    return code;
  };

  await pressCard(stage, mara, await claimed("Anna", mara), "Accept");
  await pressWithReason(
    stage,
    mara,
    await claimed("Ben", mara),
    "Reject",
    "Please tell us a little more about yourself.",
  );
  await pressWithReason(stage, milo, await claimed("Cleo", milo), "Perm Reject", "Advertising.");
  await pressWithReason(stage, milo, await claimed("Dan", milo), "Kick", "Spam.");
  await client.updateUser(stage.person("Eve"), { dmsClosed: true });
  await pressCard(stage, mara, await claimed("Eve", mara), "Accept");
  await claimed("Finn", mara);
  await claimed("Gia", milo);
  for (const name of ["Hugo", "Iris", "Jon"]) await apply(name);
  return applied;
};

/** What there is to try, on the first screen of the page. */
const guideOf = ({ guild, person, dashboardUrl }: Stage): Guide => {
  const { channels, moderatorIds, adminId } = guild;
  const [mara, milo] = moderatorIds;
  const kim = person("Kim");
  return {
    title: "Otter Cove",
    dashboardUrl,
    tips: [
      {
        text: "Kim is new. Press Verify in #gate and answer the questions.",
        userId: kim,
        channelId: channels.gate,
      },
      {
        text: "Mara moderates. Claim Kim's application in #review, then Accept it.",
        userId: mara,
        channelId: channels.review,
      },
      { text: "Kim is welcomed in #general …", userId: kim, channelId: channels.general },
      { text: "… and is told in a direct message.", userId: kim, channelId: "dm" },
      { text: "Milo rejects Hugo with a reason, or with /reject.", userId: milo, channelId: channels.review },
      { text: "Everything is in the log.", userId: mara, channelId: channels.logs },
      {
        text: "Make it a bad day: take Discord out for a while, decide, bring it back. Nothing is lost or done twice.",
      },
      {
        text: "Ada is an admin: /gate setup, /health, and the dashboard.",
        userId: adminId,
        channelId: channels.review,
      },
    ],
  };
};

const stay = async (): Promise<void> => {
  print("Starting a local Discord and the bot. No network and no account is needed.");
  const stage = await setStage(cleanup, { guild: "Otter Cove", applicants: 12, flags: [] });
  const { client, sandbox, readable } = stage;
  void stage.bot().exited.then((code) => {
    leave(1, `The bot ended by itself (${code}):\n${stage.bot().log.slice(-20).join("\n")}`);
  });
  print("Moving people in …");
  await setUpGate(stage);
  const applied = await live(stage);

  await client.setGuide(guideOf(stage));

  print(`\nOtter Cove is open:  ${sandbox.viewerUrl}`);
  print("Open it in a browser: there you can be anybody, and its first screen says what to try.");
  print(`Its dashboard:       ${stage.dashboardUrl} (sign in as Ada Admin, or through the page)`);
  print("\nIn #review:");
  for (const [name, code] of applied) {
    const [status = ""] = embedText(await cardOf(stage, code))
      .split("\n")
      .slice(2);
    print(`  #${code}  ${name.padEnd(6)} ${readable(status).replaceAll("**", "")}`);
  }
  print("Kim and Lea have not applied yet.");
  print(`\nHow the bot is: http://127.0.0.1:${stage.bot().httpPort}/health`);
  print(`For programs: the control API is at ${sandbox.controlUrl}; docs/sandbox.md tells how to drive it.`);
  print("Ctrl+C ends both and leaves nothing behind.");
};

stay().catch((error: unknown) => {
  leave(1, error instanceof Error ? (error.stack ?? error.message) : String(error));
});
