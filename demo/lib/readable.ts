/** Discord's own markup as people see it on screen: names for ids, words for times. */
import type { SandboxClient, WireMessage } from "../../sandbox/client.js";

const UNITS: ReadonlyArray<readonly [seconds: number, name: string]> = [
  [31_536_000, "year"],
  [2_592_000, "month"],
  [86_400, "day"],
  [3_600, "hour"],
  [60, "minute"],
];

const relative = (seconds: number): string => {
  const away = Math.abs(seconds);
  const [size, name] = UNITS.find(([unit]) => away >= unit * 0.95) ?? [1, "second"];
  const count = Math.round(away / size);
  if (name === "second") return "just now";
  const text = `${count} ${name}${count === 1 ? "" : "s"}`;
  return seconds > 0 ? `in ${text}` : `${text} ago`;
};

const when = (epoch: number, style: string): string =>
  style === "R"
    ? relative(epoch - Date.now() / 1_000)
    : new Date(epoch * 1_000)
        .toISOString()
        .slice(0, style === "d" ? 10 : 16)
        .replace("T", " ");

export type Readable = (text: string) => string;

/** Knows the people, channels and roles that the guild has now. */
export const readableFor = async (
  client: SandboxClient,
  guildId: string,
  userIds: ReadonlyArray<string>,
): Promise<Readable> => {
  const guild = await client.guild(guildId);
  const users = await Promise.all(userIds.map((id) => client.user(id)));
  const names = new Map<string, string>([
    ...users.map(({ id, globalName, username }) => [id, `@${globalName ?? username}`] as const),
    ...guild.channels.map(({ id, name }) => [id, `#${name ?? id}`] as const),
    ...guild.roles.map(({ id, name }) => [id, `@${name}`] as const),
  ]);
  return (text) =>
    text
      .replace(/<(?:@&|@!?|#)(\d{15,20})>/g, (whole, id: string) => names.get(id) ?? whole)
      .replace(/<t:(\d+):([a-zA-Z])>/g, (_, epoch: string, style: string) => when(Number(epoch), style));
};

/** A review card without the answers, where these are beside the point. */
export const withoutAnswers = (message: WireMessage): WireMessage => ({
  ...message,
  embeds: message.embeds.map((embed) => ({
    ...embed,
    fields: (embed.fields ?? []).filter(({ name }) => !/^\d\. /.test(name)),
  })),
});
