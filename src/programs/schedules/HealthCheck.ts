import { Clock, Duration, Effect, Option } from "effect";
import { AppConfig } from "../../layers/Config.js";
import { Discord } from "../../layers/Discord.js";
import type { MessagePayload } from "../../layers/discord/Interaction.js";
import * as Webhook from "../../layers/Webhook.js";
import { LogChannel } from "../../services/LogChannel.js";
import { OpsAlerts } from "../../services/OpsAlerts.js";
import * as Schedule from "../kit/Schedule.js";
import { describe } from "../views/ErrorText.js";
import { opsAlerts } from "../views/OpsAlert.js";

/**
 * Not through the outbox: a full one is what operators may have to hear of. Says whether there is anywhere to tell them,
 * and fails with why it did not get there.
 */
const tell = (message: MessagePayload) =>
  Effect.gen(function* () {
    const { alerts } = yield* AppConfig;
    if (Option.isSome(alerts.webhook)) {
      yield* Effect.mapError(Webhook.post(alerts.webhook.value, message), ({ message: why }) => why);
      return true;
    }
    const discord = yield* Discord;
    const channelId = yield* Effect.flatMap(LogChannel, (channels) => channels.forOperators);
    if (Option.isNone(channelId)) return false;
    const nonce = `ops-alert-${yield* Clock.currentTimeMillis}`;
    yield* Effect.mapError(discord.sendMessage(channelId.value, message, { nonce }), describe);
    return true;
  });

/** Looks at what is measured, and tells operators what begins, goes on or is over: all of it in one message. */
export const tellOperators = Effect.gen(function* () {
  const alerts = yield* OpsAlerts;
  const due = yield* alerts.due;
  if (due.length === 0) return;
  const news = due.map(({ alert: { kind, phase, value } }) => ({ kind, phase, value }));
  yield* Effect.matchEffect(tell(opsAlerts(due.map(({ alert }) => alert))), {
    onSuccess: (somewhere) =>
      Effect.zipRight(
        alerts.told(due),
        somewhere
          ? Effect.logInfo("Operators were told", { news })
          : Effect.logWarning(
              "There is something to tell operators, but neither HEALTH_ALERT_WEBHOOK nor a logging channel to do it",
              { news },
            ),
      ),
    onFailure: (why) =>
      Effect.logWarning("Operators could not be told; it is tried again at the next check", { news, why }),
  });
});

export const healthCheck = Schedule.every(
  "health check",
  Effect.map(AppConfig, ({ alerts }) => Duration.seconds(alerts.checkIntervalSeconds)),
  tellOperators,
);
