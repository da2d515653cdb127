import { WebSocket } from "ws";
import { z } from "zod";
import type { ExampleGuild, SandboxClient, Stats } from "../sandbox/client.js";
import { startSandbox } from "../sandbox/index.js";
import { startSandboxProcess } from "../test/support/processes.js";
import { type Bench, type Figure, percentile, round } from "./lib/Figure.js";
import { HttpSocket } from "./lib/HttpSocket.js";
import { rssMb } from "./lib/process.js";

/**
 * The local Discord itself, in a process of its own: how many posts a second it takes, how soon it is there, and whether its
 * memory stays flat. `plain`: as tests use it most; `checked`: every body and answer held against Discord's description.
 */
const PROFILES = { plain: [], checked: ["--checks"] } as const;
type Profile = keyof typeof PROFILES;
const NAMES: ReadonlyArray<Profile> = ["plain", "checked"];

const CONNECTIONS = 16;
const WARM_UP_MS = 1_000;
const ROUND = 500;

type Process = Awaited<ReturnType<typeof startSandboxProcess>>;

const post = (index: number): string =>
  JSON.stringify({
    content: `message ${index}`,
    embeds: [{ title: "Card", description: "Something to read", fields: [{ name: "n", value: "v" }] }],
    allowed_mentions: { parse: [] },
  });

/** As many posts as it takes, on some connections at once, for this long. */
const posts = async (sandbox: Process, channelId: string, forMs: number): Promise<number> => {
  const path = `/api/v10/channels/${channelId}/messages`;
  const sockets = await Promise.all(
    Array.from({ length: CONNECTIONS }, () => HttpSocket.open(sandbox.apiBase)),
  );
  const start = performance.now();
  let done = 0;
  await Promise.all(
    sockets.map(async (socket) => {
      while (performance.now() - start < forMs) {
        const status = await socket.post(path, sandbox.token, post(done));
        if (status !== 200) throw new Error(`A post was answered with ${status}`);
        done += 1;
      }
      socket.close();
    }),
  );
  return done / ((performance.now() - start) / 1_000);
};

const Dispatch = z.object({ t: z.string().nullish(), d: z.unknown() });
const Interaction = z.object({ id: z.string(), token: z.string() });

/** The least of a bot: it acknowledges every press. */
const acknowledger = async (sandbox: Process): Promise<{ close: () => void }> => {
  const idle = await Promise.all(Array.from({ length: CONNECTIONS }, () => HttpSocket.open(sandbox.apiBase)));
  const waiting: Array<z.infer<typeof Interaction>> = [];
  const next = (): void => {
    const [socket, interaction] = [idle.at(-1), waiting[0]];
    if (socket === undefined || interaction === undefined) return;
    idle.pop();
    waiting.shift();
    const path = `/api/v10/interactions/${interaction.id}/${interaction.token}/callback`;
    void socket.post(path, sandbox.token, `{"type":6}`).then(() => {
      idle.push(socket);
      next();
    });
  };
  const ws = new WebSocket(
    `${sandbox.apiBase.replace("http", "ws").replace("/api", "")}/?v=10&encoding=json`,
  );
  await new Promise((done) => ws.once("open", done));
  ws.on("message", (data: Buffer) => {
    const { t, d } = Dispatch.parse(JSON.parse(data.toString()));
    if (t !== "INTERACTION_CREATE") return;
    waiting.push(Interaction.parse(d));
    next();
  });
  const beat = setInterval(() => ws.send(`{"op":1,"d":null}`), 30_000);
  ws.send(JSON.stringify({ op: 2, d: { token: sandbox.token, intents: 1, properties: {} } }));
  return {
    close: () => {
      clearInterval(beat);
      ws.terminate();
      for (const socket of idle) socket.close();
    },
  };
};

type Memory = Stats["memory"];
const KINDS = { rss: "rss", heap_total: "heapTotal", heap: "heapUsed", external: "external" } as const;

/** Of each kind the least of some measurements: what is left between two collections, not how lately the last one was. */
const least = (
  name: string,
  measured: ReadonlyArray<Memory>,
): ReadonlyArray<readonly [metric: string, megabytes: number]> =>
  Object.entries(KINDS).map(([kind, key]) => [
    `${kind}_${name}`,
    Math.min(...measured.map((memory) => memory[key])) / 1_048_576,
  ]);

/** Presses a button so many times; gives the memory around 30 % of them and at the end. */
const interactions = async (sandbox: Process, guild: ExampleGuild, rounds: number) => {
  const { client } = sandbox;
  const bot = await acknowledger(sandbox);
  const messageId = await button(sandbox, client, guild);
  const press = {
    kind: "press" as const,
    userId: guild.adminId,
    guildId: guild.guildId,
    channelId: guild.channels.general,
    messageId,
    component: "Go",
  };
  const memory: Array<Memory> = [];
  for (let done = 1; done <= rounds; done += 1) {
    const ids = await client.fire(Array.from({ length: ROUND }, () => press));
    const outcomes = await client.outcomes(ids, { until: "acknowledged", timeoutMs: 60_000 });
    const failed = outcomes.filter(({ ackType }) => ackType === null).length;
    if (failed > 0) throw new Error(`${failed} of ${ROUND} were not acknowledged`);
    memory.push((await client.stats()).memory);
  }
  bot.close();
  const window = Math.ceil(rounds * 0.1);
  const early = Math.ceil(rounds * 0.3);
  return [...least("early", memory.slice(early - window, early)), ...least("late", memory.slice(-window))];
};

const button = async (sandbox: Process, client: SandboxClient, guild: ExampleGuild): Promise<string> => {
  const socket = await HttpSocket.open(sandbox.apiBase);
  const components = [{ type: 1, components: [{ type: 2, style: 1, label: "Go", custom_id: "go" }] }];
  const path = `/api/v10/channels/${guild.channels.general}/messages`;
  await socket.post(path, sandbox.token, JSON.stringify({ content: "x", components }));
  socket.close();
  const message = (await client.messages(guild.channels.general)).at(-1);
  if (message === undefined) throw new Error("The message did not come");
  return message.id;
};

const measure = async (profile: Profile, quick: boolean): Promise<ReadonlyArray<Figure>> => {
  const figure = (metric: string, value: number, unit: Figure["unit"]): Figure => ({
    bench: "sandbox",
    profile,
    metric,
    value: round(value),
    unit,
  });
  const start = await startAsProcess(PROFILES[profile]);
  const sandbox = await startSandboxProcess(PROFILES[profile]);
  try {
    const guild = await sandbox.client.exampleGuild();
    await posts(sandbox, guild.channels.general, WARM_UP_MS);
    const perSecond = await posts(sandbox, guild.channels.general, quick ? 1_000 : 10_000);
    const idle = rssMb(sandbox.pid);
    const memory = await interactions(sandbox, guild, quick ? 20 : 200);
    return [
      figure("posts_per_s", perSecond, "count"),
      figure("start", start, "ms"),
      figure("rss_posts", idle, "MB"),
      ...memory.map(([metric, megabytes]) => figure(metric, megabytes, "MB")),
    ];
  } finally {
    await sandbox.stop();
  }
};

/** The middle of some starts. */
const median = async (starts: number, start: () => Promise<{ readonly stop: () => Promise<void> }>) => {
  const taken: Array<number> = [];
  for (let count = 0; count < starts; count += 1) {
    const before = performance.now();
    const { stop } = await start();
    taken.push(performance.now() - before);
    await stop();
  }
  return percentile(taken, 50);
};

/** Until a client has had its first answer; bundled before, as at every start but the first. */
const startAsProcess = async (flags: ReadonlyArray<string>): Promise<number> => {
  await (await startSandboxProcess(flags)).stop();
  return median(5, () => startSandboxProcess(flags));
};

/** With its code already loaded: what each test pays. */
const startInProcess = async (): Promise<Figure> => ({
  bench: "sandbox",
  profile: "plain",
  metric: "start_in_process",
  value: round(
    await median(20, async () => {
      const { close } = await startSandbox();
      return { stop: close };
    }),
  ),
  unit: "ms",
});

export const run: Bench = async ({ profile, quick }) => {
  const figures: Array<Figure> = [await startInProcess()];
  for (const name of NAMES) {
    if (profile === undefined || profile === name) figures.push(...(await measure(name, quick)));
  }
  return figures;
};
