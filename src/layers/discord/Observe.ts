import { type Client, Events, type GatewayDispatchPayload, RESTEvents } from "discord.js";
import * as Instruments from "../Instruments.js";

export interface GatewayNews {
  /** As Discord names it: `INTERACTION_CREATE`. */
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** discord.js puts placeholders for ids and tokens; whatever still looks like one does not become a label. */
const routeOf = (route: string): string => route.replace(/\d{16,}/g, ":id").slice(0, 100);

/**
 * Counts what goes to Discord and what happens to the gateway connection.
 *
 * @returns what the gateway sent last
 */
export const observe = (client: Client): (() => GatewayNews | null) => {
  let last: GatewayNews | null = null;
  client.on(Events.Raw, ({ t }: GatewayDispatchPayload) => {
    last = { name: t, at: Date.now() };
  });
  client.on(Events.ShardReconnecting, () => Instruments.gateway("reconnecting"));
  client.on(Events.ShardResume, () => Instruments.gateway("resumed"));
  client.on(Events.ShardDisconnect, () => Instruments.gateway("closed"));
  client.rest.on(RESTEvents.Response, ({ method, route }, { status }) =>
    Instruments.discordRequest(method, routeOf(route), status),
  );
  client.rest.on(RESTEvents.RateLimited, ({ scope, global }) =>
    Instruments.rateLimited(global ? "global" : scope),
  );
  return () => last;
};
