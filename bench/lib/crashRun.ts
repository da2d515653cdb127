/**
 * Kills the bot without warning at random moments while people apply and moderators work, starts it again each time, and
 * finally compares what people were told with what is stored and with what the sandbox shows.
 */
import { join } from "node:path";
import type { Action, Outcome } from "../../sandbox/client.js";
import {
  buttonsOf,
  confirmedCode,
  type Door,
  embedText,
  eventually,
  filled,
  gateMessages,
  modalOf,
  setUpGate,
  sleep,
} from "../../test/support/frontDoor.js";
import {
  launchBot,
  registerCommands,
  type StartingBot,
  startSandboxProcess,
  temporaryFolder,
} from "../../test/support/processes.js";
import { audit, type Confirmed, look, type StepKind } from "./crashAudit.js";
import { readLedger, unsettled } from "./Ledger.js";

export interface CrashOptions {
  readonly kills: number;
  /** The same seed makes the same choices; what the machine does with them differs. */
  readonly seed: number;
  /** The built bundle, where there is one. */
  readonly built?: boolean;
  readonly env?: Record<string, string>;
  readonly say?: (line: string) => void;
}

export interface CrashReport {
  readonly kills: number;
  /** Confirmed submissions that are not stored, and cards of what is not stored. */
  readonly lostSubmissions: number;
  /** Confirmed steps that are not stored, and effects of stored ones that did not happen. */
  readonly missingEffects: number;
  readonly doubledEffects: number;
  /** A sentence for each of them. */
  readonly problems: ReadonlyArray<string>;
  /** How many steps were fired, and how many of them were confirmed before the kill. */
  readonly fired: number;
  readonly confirmed: number;
  readonly applications: number;
  /** What the bot asked that Discord does not know. */
  readonly violations: number;
}

/** A person's step, ready to be fired. */
interface Step {
  readonly kind: StepKind;
  readonly userId: string;
  readonly by: string;
  /** Of a submission it is known once it is confirmed. */
  readonly code: string | undefined;
  readonly action: Action;
}

/** A review card as its buttons show it. */
interface Card {
  readonly messageId: string;
  readonly code: string;
  readonly userId: string;
  readonly claimedBy: string | undefined;
  readonly state: "pending" | "claimed" | "decided";
}

type Random = () => number;

/** mulberry32: small, and the same everywhere. */
const randomFrom = (seed: number): Random => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

const BURST = 20;
const MAIN = 5;
const DECISIONS = ["accept", "reject", "kick"] as const;
const SCENES = ["submit", "claim", ...DECISIONS] as const;
type Scene = (typeof SCENES)[number] | "burst";

const cardOf = ({ id, embeds, components, ...rest }: Parameters<typeof buttonsOf>[0]): Card | undefined => {
  const message = { id, embeds, components, ...rest };
  const code = /^Application #([0-9a-f]{6})$/.exec(embeds[0]?.title ?? "")?.[1];
  const userId = /<@(\d+)> · /.exec(embeds[0]?.description ?? "")?.[1];
  if (code === undefined || userId === undefined) return undefined;
  const buttons = buttonsOf(message);
  return {
    messageId: id,
    code,
    userId,
    claimedBy: /\*\*Claimed\*\* by <@(\d+)>/.exec(embedText(message))?.[1],
    state: buttons.includes("Claim") ? "pending" : buttons.includes("Accept") ? "claimed" : "decided",
  };
};

/** People and moderators, and what they can do next. */
class Crowd {
  private next = 0;

  constructor(
    private readonly door: Door,
    private readonly random: Random,
  ) {}

  /** A submission each of `count` people who have not applied, with the form open. */
  async submissions(count: number): Promise<ReadonlyArray<Step>> {
    const { client, guild } = this.door;
    const people = guild.applicantIds.slice(this.next, this.next + count);
    if (people.length < count) throw new Error("Everybody has applied");
    this.next += count;
    const [gate] = await gateMessages(this.door);
    if (gate === undefined) throw new Error("There is no gate message");
    const forms = await this.doAll(
      people.map((userId) => ({
        kind: "press",
        userId,
        guildId: guild.guildId,
        channelId: guild.channels.gate,
        messageId: gate.id,
        component: "Verify",
      })),
    );
    void client;
    return forms.map((outcome, index) => {
      const userId = people[index] ?? "";
      const modal = modalOf(outcome);
      return {
        kind: "submit",
        userId,
        by: userId,
        code: undefined,
        action: {
          kind: "submit",
          userId,
          guildId: guild.guildId,
          modalId: modal.id,
          values: filled(modal),
        },
      };
    });
  }

  /** Claims of `count` waiting applications. */
  async claims(count: number): Promise<ReadonlyArray<Step>> {
    const missing = count - (await this.cards("pending")).length;
    if (missing > 0) {
      await this.doAll((await this.submissions(missing)).map(({ action }) => action));
      await this.have("pending", count);
    }
    return this.pick(await this.cards("pending"), count).map((card) => {
      const by = this.door.guild.moderatorIds[this.random() < 0.5 ? 0 : 1];
      return {
        kind: "claim",
        userId: card.userId,
        by,
        code: card.code,
        action: this.press(card, by, "Claim"),
      };
    });
  }

  /** Decisions about `count` claimed applications; where they ask for a reason, its form is open. */
  async decisions(kind: (typeof DECISIONS)[number], count: number): Promise<ReadonlyArray<Step>> {
    const missing = count - (await this.cards("claimed")).length;
    if (missing > 0) {
      await this.doAll((await this.claims(missing)).map(({ action }) => action));
      await this.have("claimed", count);
    }
    const chosen = this.pick(await this.cards("claimed"), count).map((card) => ({
      card,
      by: card.claimedBy ?? "",
    }));
    const label = { accept: "Accept", reject: "Reject", kick: "Kick" }[kind];
    const presses = chosen.map(({ card, by }) => this.press(card, by, label));
    if (kind === "accept") {
      return chosen.map(({ card, by }, index) => step(kind, card, by, presses[index]));
    }
    const forms = await this.doAll(presses);
    return chosen.flatMap(({ card, by }, index) => {
      const modal = forms[index]?.modal;
      // A card from before a crash may be older than its application: it is refused, and left for later.
      if (modal === undefined) return [];
      return [
        step(kind, card, by, {
          kind: "submit",
          userId: by,
          guildId: this.door.guild.guildId,
          modalId: modal.id,
          values: filled(modal, `Decided in round ${this.next}.`),
        }),
      ];
    });
  }

  private press(card: Card, userId: string, component: string): Action {
    const { guild } = this.door;
    return {
      kind: "press",
      userId,
      guildId: guild.guildId,
      channelId: guild.channels.review,
      messageId: card.messageId,
      component,
    };
  }

  private async doAll(actions: ReadonlyArray<Action>): Promise<ReadonlyArray<Outcome>> {
    const { client } = this.door;
    return client.outcomes(await client.fire(actions), { until: "settled" });
  }

  private async cards(state: Card["state"]): Promise<ReadonlyArray<Card>> {
    const { client, guild } = this.door;
    return (await client.messages(guild.channels.review)).flatMap((message) => {
      const card = cardOf(message);
      return card?.state === state ? [card] : [];
    });
  }

  private async have(state: Card["state"], count: number): Promise<void> {
    const cards = await eventually(
      () => this.cards(state),
      (found) => found.length >= count,
      15_000,
    );
    if (cards.length < count) throw new Error(`Waited for ${count} ${state} cards and saw ${cards.length}`);
  }

  private pick<A>(from: ReadonlyArray<A>, count: number): ReadonlyArray<A> {
    const left = [...from];
    const chosen: Array<A> = [];
    while (chosen.length < count && left.length > 0) {
      chosen.push(...left.splice(Math.floor(this.random() * left.length), 1));
    }
    return chosen;
  }
}

const step = (kind: StepKind, card: Card, by: string, action: Action | undefined): Step => {
  if (action === undefined) throw new Error("There is nothing to do");
  return { kind, userId: card.userId, by, code: card.code, action };
};

/** What a person was told is done; a private answer to a press on a card is a refusal. */
const confirmation = ({ kind, userId, by, code }: Step, outcome: Outcome): ReadonlyArray<Confirmed> => {
  if (kind === "submit") {
    const told = confirmedCode(outcome);
    return told === undefined ? [] : [{ kind, userId, by, code: told }];
  }
  const shown =
    outcome.ackType === "update" ||
    (outcome.ackType === "deferUpdate" && outcome.settled && outcome.followUps.length === 0);
  return shown && code !== undefined ? [{ kind, userId, by, code }] : [];
};

const stepsOf = async (crowd: Crowd, scene: Scene): Promise<ReadonlyArray<Step>> => {
  switch (scene) {
    case "burst":
      return crowd.submissions(BURST);
    case "submit":
      return [...(await crowd.submissions(2 * MAIN)), ...(await crowd.claims(2))];
    case "claim":
      return [...(await crowd.claims(MAIN)), ...(await crowd.submissions(2))];
    case "accept":
    case "reject":
    case "kick":
      return [...(await crowd.decisions(scene, MAIN)), ...(await crowd.submissions(1))];
  }
};

export const crashRun = async (options: CrashOptions): Promise<CrashReport> => {
  const { say = () => undefined } = options;
  const random = randomFrom(options.seed);
  const folder = temporaryFolder();
  const sandbox = await startSandboxProcess();
  const { client } = sandbox;
  let bot: StartingBot | undefined;
  const start = async (): Promise<StartingBot> => {
    const fresh = await launchBot(sandbox, folder.path, {
      built: options.built ?? true,
      env: options.env ?? {},
    });
    bot = fresh;
    return fresh;
  };

  try {
    await client.setLogLimit(500_000);
    const guild = await client.exampleGuild({ applicants: BURST + 16 * options.kills });
    const door = { client, guild };
    const database = join(folder.path, "data.db");
    await registerCommands(sandbox, folder.path, guild.guildId);
    let running = await start();
    let readyMs = await running.ready;
    await setUpGate(door);

    const crowd = new Crowd(door, random);
    const confirmed: Array<Confirmed> = [];
    let fired = 0;
    let kills = 0;

    /** One round: everybody acts at once, and the bot dies somewhere in it. */
    const round = async (scene: Scene): Promise<void> => {
      const steps = await stepsOf(crowd, scene);
      const since = (await client.stats()).lastEvent;
      const began = performance.now();
      const ids = await client.fire(steps.map(({ action }) => action));
      fired += ids.length;
      const answered = (count: number) =>
        client
          .waitFor({ event: "interaction_acknowledged", since }, { count, timeoutMs: 3_000 })
          .catch(() => []);
      const chance = scene === "burst" ? 1 : random();
      if (chance < 0.2) {
        await sleep(random() * 120);
      } else if (chance < 0.6) {
        await answered(1 + Math.floor(random() * ids.length));
        await sleep(random() * 40);
      } else {
        await answered(ids.length);
        await sleep(scene === "burst" ? 0 : random() ** 2 * 900);
      }
      await running.kill();
      kills += 1;
      const afterMs = Math.round(performance.now() - began);
      const outcomes = await client.outcomes(ids);
      const told = steps.flatMap((one, index) => {
        const outcome = outcomes[index];
        return outcome === undefined ? [] : confirmation(one, outcome);
      });
      confirmed.push(...told);
      say(`kill ${kills}: ${scene}, ${afterMs} ms in, ${told.length} of ${steps.length} confirmed`);
    };

    /** Some starts are killed as well, while the bot takes up what the last one left. */
    const restart = async (): Promise<void> => {
      running = await start();
      while (kills < options.kills && random() < 0.25) {
        const afterMs = random() * (readyMs + 400);
        await sleep(afterMs);
        await running.kill();
        kills += 1;
        say(`kill ${kills}: ${Math.round(afterMs)} ms after a start`);
        running = await start();
      }
      readyMs = await running.ready;
    };

    await round("burst");
    await restart();
    for (let index = 0; kills < options.kills; index += 1) {
      await round(SCENES[index % SCENES.length] ?? "submit");
      await restart();
    }

    const rest = await eventually(
      () => Promise.resolve(unsettled(readLedger(database, guild.guildId))),
      (left) => left.length === 0,
      45_000,
    );
    say(`${kills} kills; ${rest.length} effects were not settled in the end`);
    // Whatever would come twice has time to come.
    await sleep(500);
    const ledger = readLedger(database, guild.guildId);
    const people = ledger.applications.map(({ userId }) => userId);
    const problems = audit(ledger, await look(door, people), confirmed, guild.roles.member);
    const count = (kind: (typeof problems)[number]["kind"]) =>
      problems.filter((problem) => problem.kind === kind).length;
    return {
      kills,
      lostSubmissions: count("lostSubmission"),
      missingEffects: count("missing"),
      doubledEffects: count("doubled"),
      problems: problems.map(({ kind, what }) => `${kind}: ${what}`),
      fired,
      confirmed: confirmed.length,
      applications: ledger.applications.length,
      violations: (await client.violations()).length,
    };
  } finally {
    await bot?.kill();
    await sandbox.stop();
    folder.remove();
  }
};
