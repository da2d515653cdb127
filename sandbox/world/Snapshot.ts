/** A world as bytes, to go on with later: everything but open interactions, gateway sessions and OAuth2 grants. */
import { deserialize, serialize } from "node:v8";
import { z } from "zod";
import type { StoredFile } from "./Files.js";
import type { SnowflakeState } from "./Snowflakes.js";
import type { Channel, Command, Guild, User, Webhook } from "./state.js";
import type { Application, World } from "./World.js";

const FORMAT = 1;

/** One graph: a message's author is the very user that is saved beside it. */
interface Saved {
  readonly format: typeof FORMAT;
  readonly now: number;
  readonly frozen: boolean;
  readonly ids: SnowflakeState;
  readonly application: Application;
  readonly users: ReadonlyMap<string, User>;
  readonly guilds: ReadonlyMap<string, Guild>;
  readonly channels: ReadonlyMap<string, Channel>;
  readonly webhooks: ReadonlyMap<string, Webhook>;
  readonly commands: ReadonlyMap<string | null, Map<string, Command>>;
  readonly files: ReadonlyMap<string, StoredFile>;
}

const Saved = z.custom<Saved>(
  (value) => typeof value === "object" && value !== null && "format" in value && value.format === FORMAT,
  { error: "This is not a world that this version saved" },
);

export function saveWorld(world: World): Buffer {
  const saved: Saved = {
    format: FORMAT,
    now: world.now(),
    frozen: world.clock.frozen,
    ids: world.ids.state,
    application: world.application,
    users: world.users.all,
    guilds: world.guilds.all,
    channels: world.channels.all,
    webhooks: world.webhooks.all,
    commands: world.commands.scopes,
    files: world.files.all,
  };
  return serialize(saved);
}

/** Puts a saved world in the place of this one. Its time is the saved one, or now if that is later. */
export function loadWorld(world: World, bytes: Buffer): void {
  const saved = Saved.parse(deserialize(bytes));
  world.interactions.close();
  world.grants.clear();
  world.clock.unfreeze();
  world.clock.advance(Math.max(0, saved.now - world.now()));
  if (saved.frozen) world.clock.freeze();
  world.ids.state = saved.ids;
  world.application = saved.application;
  replace(world.users.all, saved.users);
  replace(world.guilds.all, saved.guilds);
  replace(world.channels.all, saved.channels);
  replace(world.webhooks.all, saved.webhooks);
  replace(world.commands.scopes, saved.commands);
  world.files.replaceAll(saved.files);
  world.channels.findDirect();
}

function replace<K, V>(target: Map<K, V>, source: ReadonlyMap<K, V>): void {
  target.clear();
  for (const [key, value] of source) target.set(key, value);
}
