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
import type { Session } from "./Session.js";

const HEARTBEAT_MS = 41_250;
/** Discord allows 120 payloads a minute and 4096 bytes each. */
const PAYLOADS_PER_MINUTE = 120;
const PAYLOAD_BYTES = 4096;

/** One socket, from HELLO to its end. */
export class Connection {
  private session: Session | null = null;
  private windowStart = performance.now();
  private inWindow = 0;

  constructor(
    private readonly gateway: Gateway,
    private readonly socket: WebSocket,
  ) {
    socket.on("message", (data, binary) => this.receive(data, binary));
    socket.on("close", (code) => {
      if (this.session !== null) this.gateway.disconnected(this.session, socket, code);
    });
    socket.on("error", () => socket.terminate());
    this.send(Opcode.hello, { heartbeat_interval: HEARTBEAT_MS, _trace: [] });
  }

  private receive(data: RawData, binary: boolean): void {
    const bytes = Buffer.isBuffer(data)
      ? data
      : Buffer.concat(Array.isArray(data) ? data : [Buffer.from(data)]);
    if (binary || bytes.length > PAYLOAD_BYTES)
      return this.refuse(CloseCode.decodeError, "Error while decoding payload.");
    if (!this.withinRate()) return this.refuse(CloseCode.rateLimited, "You are being rate limited.");
    const envelope = Envelope.safeParse(parseJson(bytes.toString()));
    if (!envelope.success) return this.refuse(CloseCode.decodeError, "Error while decoding payload.");
    const { op, d } = envelope.data;
    switch (op) {
      case Opcode.heartbeat:
        return this.send(Opcode.heartbeatAck, null);
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
    switch (op) {
      case Opcode.presenceUpdate:
        if (!PresenceUpdate.safeParse(d).success)
          this.refuse(CloseCode.decodeError, "Error while decoding payload.");
        return;
      case Opcode.requestGuildMembers: {
        const request = RequestGuildMembers.safeParse(d);
        if (!request.success) return this.refuse(CloseCode.decodeError, "Error while decoding payload.");
        return sendMemberChunks(this.gateway.world, this.session, request.data);
      }
      default:
        return this.refuse(CloseCode.unknownOpcode, "Unknown opcode.");
    }
  }

  private identify(d: unknown): void {
    const { world } = this.gateway;
    if (this.session !== null) return this.refuse(CloseCode.alreadyAuthenticated, "Already authenticated.");
    const identify = Identify.safeParse(d);
    if (!identify.success) return this.refuse(CloseCode.decodeError, "Error while decoding payload.");
    const { token, intents, shard, compress } = identify.data;
    if (token !== world.application.token)
      return this.refuse(CloseCode.authenticationFailed, "Authentication failed.");
    if (shard !== undefined && (shard[0] !== 0 || shard[1] !== 1))
      return this.refuse(CloseCode.invalidShard, "Invalid shard.");
    if ((intents & ~KNOWN_INTENTS) !== 0) return this.refuse(CloseCode.invalidIntents, "Invalid intent(s).");
    if ((intents & PRIVILEGED_INTENTS & ~world.application.privilegedIntents) !== 0) {
      return this.refuse(CloseCode.disallowedIntents, "Disallowed intent(s).");
    }
    const session = this.gateway.open(intents, this.socket);
    session.compressed = compress === true;
    this.session = session;
    this.gateway.welcome(session, {
      v: 10,
      user: { ...userWire(world.bot), verified: true, mfa_enabled: true, email: null },
      user_settings: {},
      session_id: session.id,
      session_type: "normal",
      resume_gateway_url: `${this.gateway.url}/resume`,
      guilds: [...world.guilds.withBot()].map((guild) => ({ id: guild.id, unavailable: true })),
      application: { id: world.application.id, flags: 0 },
      private_channels: [],
      presences: [],
      relationships: [],
      guild_join_requests: [],
      geo_ordered_rtc_regions: [],
      shard: [0, 1],
      _trace: [],
    });
  }

  private resume(d: unknown): void {
    if (this.session !== null) return this.refuse(CloseCode.alreadyAuthenticated, "Already authenticated.");
    const resume = Resume.safeParse(d);
    if (!resume.success) return this.refuse(CloseCode.decodeError, "Error while decoding payload.");
    const { token, session_id: id, seq } = resume.data;
    if (token !== this.gateway.world.application.token) {
      return this.refuse(CloseCode.authenticationFailed, "Authentication failed.");
    }
    const session = this.gateway.resumable(id);
    if (session === undefined) return this.send(Opcode.invalidSession, false);
    const before = session.socket;
    session.socket = this.socket;
    before?.terminate();
    if (!session.replay(seq)) {
      session.socket = null;
      this.gateway.sessions.delete(id);
      return this.send(Opcode.invalidSession, false);
    }
    session.resumes++;
    this.session = session;
    session.dispatch("RESUMED", { _trace: [] });
    this.gateway.world.record({ event: "gateway_resumed", text: session.id });
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
    this.socket.send(JSON.stringify({ op, d, s: null, t: null }));
  }

  private refuse(code: number, why: string): void {
    // A wrong token or intent is a setting; these are a client that does not speak the protocol.
    if (PROTOCOL_ERRORS.includes(code)) {
      const message = `${code} ${why}`;
      this.gateway.violations.add({ kind: "gateway", method: "", route: "gateway", path: "", message });
    }
    this.socket.close(code, why);
  }
}

const PROTOCOL_ERRORS: readonly number[] = [
  CloseCode.unknownOpcode,
  CloseCode.decodeError,
  CloseCode.notAuthenticated,
  CloseCode.alreadyAuthenticated,
  CloseCode.rateLimited,
];

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
