/**
 * `npm run demo`: the local Discord and the real bot with a living example guild. Stays up until Ctrl+C and prints how to
 * look at it and how to act in it.
 */
import {
  applyAs,
  cardOf,
  embedText,
  gateMessages,
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

const stay = async (): Promise<void> => {
  print("Starting a local Discord and the bot. No network and no account is needed.");
  const stage = await setStage(cleanup, { guild: "Otter Cove", applicants: 12, flags: [] });
  const { guild, sandbox, readable } = stage;
  void stage.bot().exited.then((code) => {
    leave(1, `The bot ended by itself (${code}):\n${stage.bot().log.slice(-20).join("\n")}`);
  });
  print("Moving people in …");
  await setUpGate(stage);
  const applied = await live(stage);

  const { channels, guildId } = guild;
  const control = sandbox.controlUrl;
  const call = (method: string, args: object): string =>
    `curl -s ${control}/${method} -d '${JSON.stringify(args)}'`;
  const [, hugo = ""] = applied.find(([name]) => name === "Hugo") ?? [];
  const waiting = await cardOf(stage, hugo, "Claim");
  const [gate] = await gateMessages(stage);

  print("\nOtter Cove is open. In #review:");
  for (const [name, code] of applied) {
    const [status = ""] = embedText(await cardOf(stage, code))
      .split("\n")
      .slice(2);
    print(`  #${code}  ${name.padEnd(6)} ${readable(status).replaceAll("**", "")}`);
  }
  print("Kim and Lea have not applied yet.");

  print("\nPlaces");
  for (const [name, id] of Object.entries(channels)) print(`  #${name.padEnd(12)} ${id}`);
  print("People");
  print(`  ${"Ada (admin)".padEnd(18)} ${guild.adminId}`);
  print(`  ${"Mara (moderator)".padEnd(18)} ${guild.moderatorIds[0]}`);
  print(`  ${"Milo (moderator)".padEnd(18)} ${guild.moderatorIds[1]}`);
  print(`  ${"Kim (applicant)".padEnd(18)} ${stage.person("Kim")}`);

  print("\nLook");
  print(`  what is in #review    ${call("messages", { channelId: channels.review })}`);
  print(`  Anna's messages       ${call("dmsOf", { userId: stage.person("Anna") })}`);
  print(`  all that happened     ${call("events", {})}`);
  print(`  how the bot is        curl -s http://127.0.0.1:${stage.bot().httpPort}/health`);
  print("Act");
  const press = { kind: "press", guildId };
  print(
    `  Mara claims #${hugo}  ${call("act", {
      action: {
        ...press,
        userId: guild.moderatorIds[0],
        channelId: channels.review,
        messageId: waiting.id,
        component: "Claim",
      },
    })}`,
  );
  print(
    `  Kim presses Verify    ${call("act", {
      action: {
        ...press,
        userId: stage.person("Kim"),
        channelId: channels.gate,
        messageId: gate?.id,
        component: "Verify",
      },
    })}`,
  );
  print(`\nThe control API is at ${control}; sandbox/client.ts is its typed client.`);
  print("Ctrl+C ends both and leaves nothing behind.");
};

stay().catch((error: unknown) => {
  leave(1, error instanceof Error ? (error.stack ?? error.message) : String(error));
});
