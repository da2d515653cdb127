import {
  cardsOf,
  confirmedCode,
  dmsAbout,
  embedText,
  eventually,
  filled,
  logEmbeds,
  modalOf,
  pressVerify,
  sleep,
  told,
} from "../../test/support/frontDoor.js";
import type { Stage } from "../lib/Stage.js";

const PEOPLE = 20;
/** How often it is tried to catch the bot between the first and the last confirmation. */
const TRIES = 3;

interface Sent {
  readonly userId: string;
  readonly code: string | undefined;
}

/** Sends twenty applications at once and kills the bot when `after` of them are confirmed. */
const burst = async (
  stage: Stage,
  people: ReadonlyArray<string>,
  after: number,
): Promise<ReadonlyArray<Sent>> => {
  const { client, guild } = stage;
  const forms = await Promise.all(people.map(async (userId) => modalOf(await pressVerify(stage, userId))));
  const since = (await client.stats()).lastEvent;
  const ids = await client.fire(
    forms.map((form, index) => ({
      kind: "submit" as const,
      userId: people[index] ?? "",
      guildId: guild.guildId,
      modalId: form.id,
      values: filled(form),
    })),
  );
  await client.waitFor({ event: "interaction_acknowledged", since }, { count: after, timeoutMs: 15_000 });
  await stage.killBot();
  const outcomes = await client.outcomes(ids);
  return outcomes.map((outcome, index) => ({ userId: people[index] ?? "", code: confirmedCode(outcome) }));
};

/** Cards, direct messages and log embeds of one application. */
const seenOf = async (stage: Stage, userId: string, code: string) => ({
  cards: (await cardsOf(stage, code)).length,
  directMessages: (await dmsAbout(stage, userId, code, "received")).length,
  logEmbeds: (await logEmbeds(stage, "app_submitted", `#${code}`)).length,
});

const ONCE = JSON.stringify({ cards: 1, directMessages: 1, logEmbeds: 1 });

/** A confirmation is a promise, also when the process dies a moment later. */
export const killed = async (stage: Stage): Promise<void> => {
  const { client, guild, report } = stage;
  report.scene("Twenty apply at once, and the bot is killed while it answers");

  let sent: ReadonlyArray<Sent> = [];
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    const people = stage.crowd.slice((attempt - 1) * PEOPLE, attempt * PEOPLE);
    sent = await burst(stage, people, attempt === 1 ? 4 : 1);
    const answered = sent.filter(({ code }) => code !== undefined).length;
    if (attempt === TRIES || (answered > 0 && answered < PEOPLE)) break;
    report.say(`(All ${PEOPLE} were confirmed before the kill landed; once more, with others.)`);
    await stage.startBotAgain();
  }
  const confirmed = sent.flatMap(({ userId, code }) => (code === undefined ? [] : [{ userId, code }]));
  const unanswered = sent.filter(({ code }) => code === undefined);
  report.say(
    `SIGKILL. ${confirmed.length} of ${PEOPLE} had been told 'is in'; ${unanswered.length} had no answer.`,
  );
  report.check(
    "the kill came in the middle",
    confirmed.length > 0 && unanswered.length > 0,
    `1 to ${PEOPLE - 1} confirmed`,
    confirmed.length,
  );
  const at = await Promise.all(confirmed.map(({ userId, code }) => seenOf(stage, userId, code)));
  const complete = at.filter((seen) => JSON.stringify(seen) === ONCE).length;
  report.say(`Of the confirmed ones ${complete} had card, log embed and direct message at that moment.`);

  const { readyMs } = await stage.startBotAgain();
  report.say(`The bot is started again (ready after ${Math.round(readyMs)} ms).`);
  const all = () => Promise.all(confirmed.map(({ userId, code }) => seenOf(stage, userId, code)));
  await eventually(all, (found) => found.every((seen) => JSON.stringify(seen) === ONCE), 15_000);
  // Whatever would come twice has time to come.
  await sleep(1_000);
  const found = await all();
  for (const what of ["cards", "directMessages", "logEmbeds"] as const) {
    const words = { cards: "card", directMessages: "direct message", logEmbeds: "app_submitted in #logs" }[
      what
    ];
    report.equal(
      `each of the ${confirmed.length} confirmed has one ${words}`,
      found.map((seen) => seen[what]),
      confirmed.map(() => 1),
    );
  }

  report.say("Those without an answer press Verify again.");
  let stored = 0;
  const later: Array<{ readonly userId: string; readonly code: string }> = [];
  for (const { userId } of unanswered) {
    const verify = await pressVerify(stage, userId);
    if (verify.modal === undefined) {
      // It was stored, and only the answer was lost.
      const code = /Your application \*\*#([0-9a-f]{6})\*\* is in/.exec(told(verify))?.[1];
      if (code === undefined) {
        report.check("they get the form, or hear that it is in already", false, "one of these", told(verify));
        continue;
      }
      stored += 1;
      later.push({ userId, code });
      continue;
    }
    const outcome = await client
      .as(userId, guild.guildId)
      .submitModal(verify.modal, filled(verify.modal), { until: "settled" });
    const code = confirmedCode(outcome);
    if (code === undefined)
      report.check("they can simply submit again", false, "a confirmation", told(outcome));
    else later.push({ userId, code });
  }
  report.say(`${later.length - stored} sent the form again; ${stored} heard that it is in already.`);
  const everybody = [...confirmed, ...later];
  const finished = () => Promise.all(everybody.map(({ userId, code }) => seenOf(stage, userId, code)));
  await eventually(finished, (seen) => seen.every((one) => JSON.stringify(one) === ONCE), 15_000);
  report.equal(
    `now each of the ${PEOPLE} has one card, one direct message, one app_submitted in #logs`,
    [everybody.length, (await finished()).filter((seen) => JSON.stringify(seen) !== ONCE).length],
    [PEOPLE, 0],
  );
  const cards = (await client.messages(guild.channels.review)).filter((message) =>
    sent.some(({ userId }) => embedText(message).includes(userId)),
  );
  report.equal(`#review has ${PEOPLE} cards of them`, cards.length, PEOPLE);
};
