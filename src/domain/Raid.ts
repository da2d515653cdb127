import { Schema } from "effect";
import { SYSTEM_ACTOR } from "./Action.js";
import { ChannelId, GuildId, MessageId, Millis, UserId } from "./Ids.js";

/** Whether a guild is in panic mode (features.md F16), and where its digest stands. */
export class Panic extends Schema.Class<Panic>("Panic")({
  guildId: GuildId,
  isOn: Schema.transform(Schema.Literal(0, 1), Schema.Boolean, {
    strict: true,
    decode: (bit) => bit === 1,
    encode: (is) => (is ? 1 : 0),
  }),
  /** Since when it is on, or off. */
  since: Millis,
  actor: Schema.Union(UserId, Schema.Literal(SYSTEM_ACTOR)),
  digestChannelId: Schema.NullOr(ChannelId),
  digestMessageId: Schema.NullOr(MessageId),
}) {}

/** Over which time joins are counted. */
export const WAVE_WINDOW_MILLIS = 60_000;
/** A wave is over when it has been calm for so long; the next one is told again. */
export const WAVE_CALM_MILLIS = 5 * 60_000;

/** What one join more means: nothing, another one of a wave that was told already, or the beginning of one. */
export const waveAfter = (
  joins: number,
  limit: number,
  lastOfWave: number | null,
  now: number,
): "calm" | "goes on" | "begins" => {
  if (limit === 0 || joins < limit) return "calm";
  return lastOfWave !== null && now - lastOfWave < WAVE_CALM_MILLIS ? "goes on" : "begins";
};
