/** The one owner of everything that is so. Each change goes through one of its parts, which tells the gateway and the
 *  event log about it; nothing else emits. */
import type { WorldEvent } from "../contract/log.js";
import { unknownChannel, unknownGuild, unknownUser } from "../errors.js";
import { AuditLog } from "./AuditLog.js";
import { Channels } from "./Channels.js";
import { Clock } from "./Clock.js";
import { Commands } from "./Commands.js";
import type { Dispatch } from "./dispatch.js";
import { EventLog } from "./EventLog.js";
import { Files } from "./Files.js";
import { Grants } from "./Grants.js";
import { Guilds } from "./Guilds.js";
import { Interactions } from "./Interactions.js";
import { Members } from "./Members.js";
import { Messages } from "./Messages.js";
import { Roles } from "./Roles.js";
import { Snowflakes } from "./Snowflakes.js";
import type { Channel, Guild, User } from "./state.js";
import { Threads } from "./Threads.js";
import { Users } from "./Users.js";
import { Webhooks } from "./Webhooks.js";

export interface Application {
  readonly id: string;
  readonly name: string;
  readonly token: string;
  readonly clientSecret: string;
  /** Where people may be sent back to; none named allows any address of this machine. */
  redirectUris: string[];
  readonly bot: User;
  readonly owner: User;
  description: string;
  icon: string | null;
  tags: string[];
  /** Privileged intents that Discord granted, as bits. */
  privilegedIntents: number;
}

export class World {
  readonly clock: Clock;
  readonly ids = new Snowflakes(() => this.clock.now());
  readonly log = new EventLog();
  readonly files = new Files();

  readonly users = new Users(this);
  readonly guilds = new Guilds(this);
  readonly roles = new Roles(this);
  readonly members = new Members(this);
  readonly channels = new Channels(this);
  readonly threads = new Threads(this);
  readonly messages = new Messages(this);
  readonly webhooks = new Webhooks(this);
  readonly audit = new AuditLog(this);
  readonly grants = new Grants(this);
  readonly commands = new Commands(this);
  readonly interactions = new Interactions(this);

  /** Another one only when a saved world is loaded. */
  application: Application;
  /** Where files can be fetched; known once the server listens. */
  cdnBase = "";
  apiBase = "";
  /** The gateway listens here. */
  onDispatch: (dispatch: Dispatch) => void = () => undefined;

  /** With `now` the clock stands still there, and the same acts make the same ids. */
  constructor(applicationName = "Pawtropolis", now?: number) {
    this.clock = new Clock(now);
    const made = this.clock.now() - 2 * 365 * 86_400_000;
    const id = this.ids.at(made);
    this.application = {
      id,
      name: applicationName,
      clientSecret: Buffer.from(`no secret: ${id}`).toString("base64url"),
      redirectUris: [],
      token: `${Buffer.from(id).toString("base64url")}.c2FuZGI.b3gtdG9rZW4tdGhhdC1pcy1uby1zZWNyZXQ`,
      // Discord gives the application and its bot the same id.
      bot: this.users.create({
        id,
        username: applicationName.toLowerCase(),
        globalName: applicationName,
        bot: true,
      }),
      owner: this.users.create({ username: "developer", createdAt: made }),
      description: "",
      icon: null,
      tags: [],
      privilegedIntents: (1 << 1) | (1 << 8) | (1 << 15),
    };
  }

  get bot(): User {
    return this.application.bot;
  }

  now(): number {
    return this.clock.now();
  }

  emit(dispatch: Dispatch): void {
    this.onDispatch(dispatch);
  }

  record(event: Omit<WorldEvent, "seq" | "at">): void {
    this.log.record(event);
  }

  guild(id: string): Guild {
    const guild = this.guilds.all.get(id);
    if (guild === undefined) throw unknownGuild();
    return guild;
  }

  channel(id: string): Channel {
    const channel = this.channels.all.get(id);
    if (channel === undefined) throw unknownChannel();
    return channel;
  }

  user(id: string): User {
    const user = this.users.all.get(id);
    if (user === undefined) throw unknownUser();
    return user;
  }
}
