import { unknownCommand } from "../errors.js";
import type { Command } from "./state.js";
import type { World } from "./World.js";

export type CommandParts = Omit<Command, "id" | "version" | "guildId">;

/** The application's commands, global (`null`) and per guild. */
export class Commands {
  readonly scopes = new Map<string | null, Map<string, Command>>();

  constructor(private readonly world: World) {}

  list(guildId: string | null): Command[] {
    return [...(this.scopes.get(guildId)?.values() ?? [])];
  }

  get(guildId: string | null, id: string): Command {
    const command = this.scopes.get(guildId)?.get(id);
    if (command === undefined) throw unknownCommand();
    return command;
  }

  /** A command of the guild or a global one. */
  anywhere(guildId: string | null, id: string): Command {
    return this.scopes.get(null)?.get(id) ?? this.get(guildId, id);
  }

  /** A command of the same name and type is overwritten and keeps its id. */
  upsert(guildId: string | null, parts: CommandParts): { command: Command; created: boolean } {
    const scope = this.scope(guildId);
    const earlier = [...scope.values()].find((one) => one.name === parts.name && one.type === parts.type);
    const command: Command = {
      ...parts,
      id: earlier?.id ?? this.world.ids.next(),
      version: this.world.ids.next(),
      guildId,
    };
    scope.set(command.id, command);
    this.changed(guildId);
    return { command, created: earlier === undefined };
  }

  replaceAll(guildId: string | null, all: readonly CommandParts[]): Command[] {
    const earlier = this.list(guildId);
    const scope = this.scope(guildId);
    scope.clear();
    for (const parts of all) {
      const same = earlier.find((one) => one.name === parts.name && one.type === parts.type);
      const id = same?.id ?? this.world.ids.next();
      scope.set(id, { ...parts, id, version: this.world.ids.next(), guildId });
    }
    this.changed(guildId);
    return this.list(guildId);
  }

  update(command: Command, change: Partial<CommandParts>): void {
    Object.assign(command, change, { version: this.world.ids.next() });
    this.changed(command.guildId);
  }

  delete(command: Command): void {
    this.scope(command.guildId).delete(command.id);
    this.changed(command.guildId);
  }

  /** What a person in this guild (or in a direct message) can call by this name. A guild's own commands go first. */
  find(guildId: string | null, name: string, types: readonly number[]): Command | undefined {
    const candidates = guildId === null ? this.list(null) : [...this.list(guildId), ...this.list(null)];
    return candidates.find((one) => one.name === name && types.includes(one.type));
  }

  private scope(guildId: string | null): Map<string, Command> {
    let scope = this.scopes.get(guildId);
    if (scope === undefined) this.scopes.set(guildId, (scope = new Map<string, Command>()));
    return scope;
  }

  private changed(guildId: string | null): void {
    this.world.record({ event: "commands_changed", ...(guildId !== null && { guildId }) });
  }
}
