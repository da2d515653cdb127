import type { Outcome } from "../sandbox/client.js";
import { confirmedCode, filled, gateMessages, modalOf } from "../test/support/frontDoor.js";
import { type Bench, type Figure, percentile, round } from "./lib/Figure.js";
import { cpuMs, rssMb } from "./lib/process.js";
import { setStage, type Stage } from "./lib/stage.js";

/**
 * The whole way of an applicant, one after the other, and then 200 at once.
 * `lifted`: neither side limits; `default`: the bot's own 50 requests a second; `discord`: Discord's limits as well, and
 * 80 ms a request.
 */
const PROFILES = {
  lifted: { flags: [], env: { DISCORD_REQUESTS_PER_SECOND: "100000" }, flows: 200 },
  default: { flags: [], env: {}, flows: 100 },
  discord: { flags: ["--rate-limits", "discord", "--latency", "80"], env: {}, flows: 20 },
} as const;
type Profile = keyof typeof PROFILES;
const NAMES: ReadonlyArray<Profile> = ["lifted", "default", "discord"];

const BURST = 200;
const CARDS_LIMIT_MS = 900_000;
const acked = (outcome: Outcome): number => {
  if (outcome.ackMs === null) throw new Error(`Not answered: ${outcome.failed ?? "?"}`);
  return outcome.ackMs;
};

/** One applicant from Verify to the last consequence of Accept. */
const flow = async ({ client, guild }: Stage, index: number) => {
  const { channels } = guild;
  const applicantId = guild.applicantIds[index] ?? "";
  const applicant = client.as(applicantId, guild.guildId);
  const moderator = client.as(guild.moderatorIds[0], guild.guildId);
  const [gate] = await gateMessages({ client, guild });
  const start = await client.stats();

  const verify = await applicant.press(channels.gate, gate?.id ?? "", "Verify");
  const submit = await applicant.submitModal(modalOf(verify), filled(modalOf(verify)));
  const code = confirmedCode(submit) ?? "";
  const since = start.lastEvent;
  const [card] = await client.waitFor(
    { event: "message_created", channelId: channels.review, text: `#${code}`, since },
    { timeoutMs: 60_000 },
  );
  const claim = await moderator.press(channels.review, card?.messageId ?? "", "Claim");
  const before = await client.stats();
  const accept = await moderator.press(channels.review, card?.messageId ?? "", "Accept");
  const after = { since: before.lastEvent };
  await Promise.all([
    client.waitFor({ event: "role_added", userId: applicantId, ...after }, { timeoutMs: 60_000 }),
    client.waitFor(
      { event: "message_edited", messageId: card?.messageId ?? "", text: "Welcome post: done", ...after },
      { timeoutMs: 60_000 },
    ),
    client.waitFor(
      { event: "message_created", channelId: channels.logs, text: "role_granted", ...after },
      { timeoutMs: 60_000 },
    ),
  ]);
  const [sent] = await client.events({
    event: "interaction_sent",
    interactionId: accept.interactionId,
    ...after,
  });
  const requests = await client.requests({ since: before.lastRequest });
  const ends = requests.map(({ at, ms }) => at + ms);
  return {
    acks: [verify, submit, claim, accept].map(acked),
    acceptToLast: Math.max(...ends) - (sent?.at ?? Number.NaN),
  };
};

/** The other kind of interaction: a slash command, one after the other. */
const commandAcks = async ({ client, guild }: Stage, count: number): Promise<ReadonlyArray<number>> => {
  const moderator = client.as(guild.moderatorIds[0], guild.guildId);
  const acks: Array<number> = [];
  for (let index = 0; index < count; index += 1) {
    acks.push(acked(await moderator.slash(guild.channels.review, "health")));
  }
  return acks;
};

/** Everybody has the form open and sends it in the same moment. */
const burst = async ({ client, guild }: Stage, from: number, awaitCards: boolean) => {
  const { channels, guildId } = guild;
  const people = guild.applicantIds.slice(from, from + BURST);
  const [gate] = await gateMessages({ client, guild });
  const presses = await client.fire(
    people.map((userId) => ({
      kind: "press" as const,
      userId,
      guildId,
      channelId: channels.gate,
      messageId: gate?.id ?? "",
      component: "Verify",
    })),
  );
  const opened = await client.outcomes(presses, { until: "acknowledged" });
  const before = await client.stats();
  const submits = await client.fire(
    opened.map((outcome, index) => ({
      kind: "submit" as const,
      userId: people[index] ?? "",
      guildId,
      modalId: modalOf(outcome).id,
      values: filled(modalOf(outcome)),
    })),
  );
  const confirmed = await client.outcomes(submits, { until: "settled" });
  const [unconfirmed, ...others] = confirmed.filter((outcome) => confirmedCode(outcome) === undefined);
  if (unconfirmed !== undefined) {
    throw new Error(
      `${others.length + 1} of ${BURST} were not confirmed, one: ${JSON.stringify(unconfirmed)}`,
    );
  }
  const confirmMax = Math.max(...confirmed.map(({ settledMs }) => settledMs ?? Infinity));
  if (!awaitCards) return { confirmMax, cardsMs: null };
  // Under Discord's limits this takes minutes, more than one request to the sandbox may.
  const posted = { event: "message_created", channelId: channels.review, since: before.lastEvent } as const;
  const end = performance.now() + CARDS_LIMIT_MS;
  let cards = await client.events(posted);
  while (cards.length < BURST && performance.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    cards = await client.events(posted);
  }
  if (cards.length < BURST) throw new Error(`Only ${cards.length} of ${BURST} cards came`);
  return { confirmMax, cardsMs: Math.max(...cards.map(({ at }) => at)) - before.at };
};

const measure = async (profile: Profile, quick: boolean): Promise<ReadonlyArray<Figure>> => {
  const { flags, env, flows: all } = PROFILES[profile];
  const flows = quick ? 5 : all;
  const warmUp = quick ? 1 : Math.min(20, all);
  const stage = await setStage({ applicants: warmUp + flows + BURST, flags, env });
  try {
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    const rssIdle = rssMb(stage.bot.pid);
    for (let index = 0; index < warmUp; index += 1) await flow(stage, index);
    const cpuBefore = cpuMs(stage.bot.pid);
    const done: Array<Awaited<ReturnType<typeof flow>>> = [];
    for (let index = 0; index < flows; index += 1) done.push(await flow(stage, warmUp + index));
    const cpuPerFlow = (cpuMs(stage.bot.pid) - cpuBefore) / flows;
    const rssAfter = rssMb(stage.bot.pid);
    const commands = await commandAcks(stage, flows);
    const { confirmMax, cardsMs } = await burst(stage, warmUp + flows, !quick);
    const acks = [...done.flatMap((each) => each.acks), ...commands];
    const figure = (metric: string, value: number, unit: Figure["unit"]): Figure => ({
      bench: "flow",
      profile,
      metric,
      value: round(value),
      unit,
    });
    return [
      figure("ack_p99", percentile(acks, 99), "ms"),
      figure("ack_p50", percentile(acks, 50), "ms"),
      figure(
        "accept_last_p50",
        percentile(
          done.map(({ acceptToLast }) => acceptToLast),
          50,
        ),
        "ms",
      ),
      figure("cpu_per_flow", cpuPerFlow, "ms"),
      figure("burst_confirm_max", confirmMax, "ms"),
      ...(cardsMs === null ? [] : [figure("burst_cards_last", cardsMs, "ms")]),
      figure("identify", stage.identifyMs, "ms"),
      figure("rss_idle", rssIdle, "MB"),
      figure("rss_after", rssAfter, "MB"),
    ];
  } finally {
    await stage.end();
  }
};

export const run: Bench = async ({ profile, quick }) => {
  const chosen = NAMES.filter((name) => profile === undefined || name === profile);
  const figures: Array<Figure> = [];
  for (const name of chosen) figures.push(...(await measure(name, quick)));
  return figures;
};
