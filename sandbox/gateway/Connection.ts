import type { RawData, WebSocket } from "ws";
import { KNOWN_INTENTS, PRIVILEGED_INTENTS } from "../world/dispatch.js";
import { userWire } from "../world/wire.js";
import type { Gateway } from "./Gateway.js";
import { sendMemberChunks } from "./memberChunks.js";
import {
  CloseCode,
  Envelope,
  Identify,
  Opcode,
  PresenceUpdate,
  RequestGuildMembers,
  Resume,
} from "./payloads.js";
import { type Session, shardOf } from "./Session.js";
import { Transport } from "./Transport.js";

/** Discord allows 120 payloads a minute and 4096 bytes each. */
const PAYLOADS_PER_MINUTE = 120;
const PAYLOAD_BYTES = 4096;
/** Discord waits a little longer than it asked the client to. */
const PATIENCE = 1.5;

/** One socket, from HELLO to its end. */
export class Connection {
  private readonly transport: Transport;
  private session: Session | null = null;
  private windowStart = performance.now();
  private inWindow = 0;
  private silence: NodeJS.Timeout | undefined;

  constructor(
    private readonly gateway: Gateway,
    socket: WebSocket,
    query: URLSearchParams,
  ) {
    this.transport = new Transport(socket, query.get("compress") === "zlib-stream");
    socket.on("message", (data, binary) => this.receive(data, binary));
    socket.on("close", (code) => {
      clearTimeout(this.silence);
      if (this.session !== null) this.gateway.disconnected(this.session, this.transport, code);
    });
    socket.on("error", () => socket.terminate());
    const unknown = unknownWish(query);
    if (unknown === null) {
      this.send(Opcode.hello, { heartbeat_interval: gateway.settings.heartbeatMs, _trace: [] });
      this.waitForHeartbeat();
    } else {
      this.refuse(...unknown);
    }
  }

  private receive(data: RawData, binary: boolean): void {
    const bytes = Buffer.isBuffer(data)
      ? data
      : Buffer.concat(Array.isArray(data) ? data : [Buffer.from(data)]);
    if (binary || bytes.length > PAYLOAD_BYTES)
      return this.refuse(CloseCode.decodeError, "Error while decoding payload.");
    const envelope = Envelope.safeParse(parseJson(bytes.toString()));
    if (!envelope.success) return this.refuse(CloseCode.decodeError, "Error while decoding payload.");
    const { op, d } = envelope.data;
    if (op !== Opcode.heartbeat && !this.withinRate())
      return this.refuse(CloseCode.rateLimited, "You are being rate limited.");
    switch (op) {
      case Opcode.heartbeat:
        this.waitForHeartbeat();
        if (this.gateway.settings.acknowledgeHeartbeats) this.send(Opcode.heartbeatAck, null);
        return;
      case Opcode.identify:
        return this.identify(d);
      case Opcode.resume:
        return this.resume(d);
      default:
        return this.authenticated(op, d);
    }
  }

  private authenticated(op: number, d: unknown): void {
    if (this.session === null) return this.refuse(CloseCode.notAuthenticated, "Not authenticated.");
    const { world } = this.gateway;
    switch (op) {
      case Opcode.presenceUpdate: {
        const presence = PresenceUpdate.safeParse(d);
        if (!presence.success) return this.refuse(CloseCode.decodeError, "Error while decoding payload.");
        return world.users.setPresence(world.bot, presence.data);
      }
      case Opcode.requestGuildMembers: {
        const request = RequestGuildMembers.safeParse(d);
        if (!request.success) return this.refuse(CloseCode.decodeError, "Error while decoding payload.");
        const lacking = sendMemberChunks(world, this.session, request.data);
        if (lacking !== null) this.gateway.violate(lacking);
        return;
      }
      default:
        return this.refuse(CloseCode.unknownOpcode, "Unknown opcode.");
    }
  }

  private identify(d: unknown): void {
    const { world, settings } = this.gateway;
    if (this.session !== null) return this.refuse(CloseCode.alreadyAuthenticated, "Already authenticated.");
    const identify = Identify.safeParse(d);
    if (!identify.success) return this.refuse(CloseCode.decodeError, "Error while decoding payload.");
    const { token, intents, shard = [0, 1], compress, presence } = identify.data;
    if (!this.isMine(token)) return this.refuse(CloseCode.authenticationFailed, "Authentication failed.");
    const [index, count] = shard;
    if (!Number.isInteger(index) || !Number.isInteger(count) || index < 0 || index >= count)
      return this.refuse(CloseCode.invalidShard, "Invalid shard.");
    if (settings.shardingRequired && count === 1)
      return this.refuse(CloseCode.shardingRequired, "Sharding required.");
    if ((intents & ~KNOWN_INTENTS) !== 0) return this.refuse(CloseCode.invalidIntents, "Invalid intent(s).");
    if ((intents & PRIVILEGED_INTENTS & ~world.application.privilegedIntents) !== 0) {
      return this.refuse(CloseCode.disallowedIntents, "Disallowed intent(s).");
    }
    this.transport.compressPayloads = compress === true;
    const session = this.gateway.open(intents, shard, this.transport);
    this.session = session;
    world.users.setPresence(world.bot, presence ?? { status: "online", activities: [] });
    this.gateway.welcome(session, {
      v: 10,
      user: { ...userWire(world.bot), verified: true, mfa_enabled: true, email: null },
      user_settings: {},
      session_id: session.id,
      session_type: "normal",
      resume_gateway_url: `${this.gateway.url}/resume`,
      guilds: [...world.guilds.withBot()]
        .filter(({ id }) => shardOf(id, count) === index)
        .map(({ id }) => ({ id, unavailable: true })),
      application: { id: world.application.id, flags: 0 },
      private_channels: [],
      presences: [],
      relationships: [],
      guild_join_requests: [],
      geo_ordered_rtc_regions: [],
      shard,
      _trace: [],
    });
  }

  private resume(d: unknown): void {
    if (this.session !== null) return this.refuse(CloseCode.alreadyAuthenticated, "Already authenticated.");
    const resume = Resume.safeParse(d);
    if (!resume.success) return this.refuse(CloseCode.decodeError, "Error while decoding payload.");
    const { token, session_id: id, seq } = resume.data;
    if (!this.isMine(token)) {
      return this.refuse(CloseCode.authenticationFailed, "Authentication failed.");
    }
    const session = this.gateway.resumable(id);
    if (session === undefined) return this.send(Opcode.invalidSession, false);
    if (seq > session.seq) {
      this.gateway.sessions.delete(id);
      return this.refuse(CloseCode.invalidSeq, "Invalid seq.");
    }
    const before = session.transport;
    session.transport = this.transport;
    before?.terminate();
    if (!session.replay(seq)) {
      session.transport = null;
      this.gateway.sessions.delete(id);
      return this.send(Opcode.invalidSession, false);
    }
    session.resumes++;
    this.session = session;
    session.dispatch("RESUMED", { _trace: [] });
    this.gateway.world.record({ event: "gateway_resumed", text: session.id });
  }

  /** Some libraries send it with the prefix that REST asks for. */
  private isMine(token: string): boolean {
    return token.replace(/^Bot /, "") === this.gateway.world.application.token;
  }

  /** A client that is silent for too long is taken for dead, and its session with it. */
  private waitForHeartbeat(): void {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => {
      if (this.session !== null) this.gateway.sessions.delete(this.session.id);
      this.refuse(CloseCode.sessionTimedOut, "Session timed out.");
    }, this.gateway.settings.heartbeatMs * PATIENCE);
    this.silence.unref();
  }

  private withinRate(): boolean {
    const now = performance.now();
    if (now - this.windowStart > 60_000) {
      this.windowStart = now;
      this.inWindow = 0;
    }
    return ++this.inWindow <= PAYLOADS_PER_MINUTE;
  }

  private send(op: number, d: unknown): void {
    this.transport.send(JSON.stringify({ op, d, s: null, t: null }));
  }

  private refuse(code: number, why: string): void {
    // A wrong token or intent is a setting; these are a client that does not speak the protocol.
    if (PROTOCOL_ERRORS.includes(code)) this.gateway.violate(`${code} ${why}`);
    this.transport.close(code, why);
  }
}

const PROTOCOL_ERRORS: readonly number[] = [
  CloseCode.unknownOpcode,
  CloseCode.decodeError,
  CloseCode.notAuthenticated,
  CloseCode.alreadyAuthenticated,
  CloseCode.invalidSeq,
  CloseCode.rateLimited,
  CloseCode.invalidVersion,
];

/** What the socket's address asks for and the sandbox does not speak. */
function unknownWish(query: URLSearchParams): [number, string] | null {
  if ((query.get("v") ?? "10") !== "10") return [CloseCode.invalidVersion, "Invalid API version."];
  if ((query.get("encoding") ?? "json") !== "json")
    return [CloseCode.decodeError, "Only JSON is spoken here."];
  const compress = query.get("compress") ?? "zlib-stream";
  return compress === "zlib-stream" ? null : [CloseCode.decodeError, `${compress} is not covered.`];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
