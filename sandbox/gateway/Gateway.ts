import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import type { GatewaySession, GatewaySettings } from "../contract/log.js";
import type { Violations } from "../Violations.js";
import { Intent } from "../world/dispatch.js";
import type { Dispatch } from "../world/dispatch.js";
import type { World } from "../world/World.js";
import { Connection } from "./Connection.js";
import { Opcode } from "./payloads.js";
import { Session } from "./Session.js";
import type { Shard } from "./Session.js";
import type { Transport } from "./Transport.js";

/** How long a session without a socket can be resumed. */
const RESUMABLE_MS = 5 * 60_000;

/** Holds the sessions, and hands each what the world dispatches and the session may hear. */
export class Gateway {
  readonly sessions = new Map<string, Session>();
  private readonly sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: 64 * 1024,
  });
  dispatched = 0;
  readonly settings: GatewaySettings = {
    heartbeatMs: 41_250,
    acknowledgeHeartbeats: true,
    shards: 1,
    shardingRequired: false,
  };
  /** `ws://127.0.0.1:port`, known once the server listens. */
  url = "";

  constructor(
    readonly world: World,
    readonly violations: Violations,
  ) {
    world.onDispatch = (dispatch) => this.dispatch(dispatch);
  }

  /** A client that does not speak the protocol. */
  violate(message: string): void {
    this.violations.add({ kind: "gateway", method: "", route: "gateway", path: "", message });
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { searchParams } = new URL(request.url ?? "/", "http://localhost");
    this.sockets.handleUpgrade(request, socket, head, (client) => new Connection(this, client, searchParams));
  }

  open(intents: number, shard: Shard, transport: Transport): Session {
    this.forgetExpired();
    const session = new Session(intents, shard, this.world.bot.id);
    session.transport = transport;
    this.sessions.set(session.id, session);
    return session;
  }

  /** READY and then every guild, as after an identify. */
  welcome(session: Session, ready: object): void {
    session.dispatch("READY", ready);
    this.world.record({ event: "gateway_ready", text: session.id });
    if ((session.intents & Intent.guilds) === 0) return;
    for (const guild of this.world.guilds.withBot()) {
      if (!session.serves(guild.id)) continue;
      session.dispatch("GUILD_CREATE", this.world.guilds.createWire(guild, session.intents));
    }
  }

  resumable(id: string): Session | undefined {
    this.forgetExpired();
    return this.sessions.get(id);
  }

  /** The socket is gone; a normal close ends the session, anything else leaves it to be resumed. */
  disconnected(session: Session, transport: Transport, code: number): void {
    if (session.transport !== transport) return;
    session.transport = null;
    session.endsAt = performance.now() + RESUMABLE_MS;
    if (code === 1000 || code === 1001) this.sessions.delete(session.id);
    this.world.record({ event: "gateway_closed", text: `${session.id} ${code}` });
  }

  /** Cuts every socket; without a code as a broken network does. */
  drop(code: number | undefined): number {
    const clients = [...this.sockets.clients];
    for (const client of clients) {
      if (code === undefined) client.terminate();
      else client.close(code);
    }
    return clients.length;
  }

  requestReconnect(): void {
    for (const session of this.sessions.values()) session.send(Opcode.reconnect, null);
  }

  invalidate(resumable: boolean): void {
    for (const session of [...this.sessions.values()]) {
      session.send(Opcode.invalidSession, resumable);
      if (!resumable) this.sessions.delete(session.id);
    }
  }

  list(): GatewaySession[] {
    return [...this.sessions.values()].map(({ id, connected, intents, shard, seq, resumes }) => ({
      id,
      connected,
      intents,
      shard: [...shard],
      seq,
      resumes,
    }));
  }

  close(): void {
    this.sessions.clear();
    for (const client of this.sockets.clients) client.terminate();
    this.sockets.close();
  }

  private dispatch(dispatch: Dispatch): void {
    for (const session of this.sessions.values()) {
      if (!session.hears(dispatch)) continue;
      this.dispatched++;
      session.dispatch(dispatch.event, dispatch.data(session.intents));
    }
  }

  private forgetExpired(): void {
    const now = performance.now();
    for (const session of [...this.sessions.values()]) {
      if (session.transport === null && session.endsAt !== null && session.endsAt < now)
        this.sessions.delete(session.id);
    }
  }
}
