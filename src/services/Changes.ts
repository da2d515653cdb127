import { Context, Effect, Layer, Option, type Scope } from "effect";
import type { Action } from "../domain/Action.js";
import type { ApplicationId, GuildId } from "../domain/Ids.js";
import { ActionRepo } from "./repos/ActionRepo.js";

/** What has changed in a guild since somebody looked last. */
export interface News {
  /** Rows of the log, oldest first; none that are too many to be told one by one. */
  readonly actions: ReadonlyArray<Action>;
  /** Applications whose decision's side effects have got on; `null`: too many to name. */
  readonly effects: ReadonlySet<ApplicationId> | null;
  /** More has changed than can be told: everything has to be asked for again. */
  readonly reset: boolean;
  /** The place in the guild's chain up to which all of this goes. */
  readonly upTo: number;
}

export interface Reader {
  /** Waits until there is something new. */
  readonly next: Effect.Effect<News>;
}

/**
 * Tells who watches a guild what has changed in it. A watcher is only nudged: the rows are read from the log at the
 * watcher's own pace, so a slow one costs no memory, and one that comes back continues where it was, also after a restart.
 */
export class Changes extends Context.Tag("app/Changes")<
  Changes,
  {
    /** To be told once the running transaction has committed: rows of the log, or side effects of an application. */
    readonly stage: (guildId: GuildId, application?: ApplicationId) => void;
    /** A transaction has committed. */
    readonly flush: Effect.Effect<void>;
    /**
     * Watches a guild as long as the scope is open, from a row of its log on, or from now on. A place that is not there, or
     * too far back, begins with a `reset`.
     */
    readonly watch: (guildId: GuildId, after: number | null) => Effect.Effect<Reader, never, Scope.Scope>;
    /** How many watch at the moment. */
    readonly watching: Effect.Effect<number>;
  }
>() {}

/** Rows of one piece of news. */
const AT_ONCE = 100;
/** Who is further behind than so many rows is better off asking again. */
export const FURTHEST_BEHIND = 1_000;
/** Applications that are named between two looks of a watcher. */
const NAMED = 200;

interface Watcher {
  readonly guildId: GuildId;
  readonly latch: Effect.Latch;
  effects: Set<ApplicationId> | null;
}

const make = Effect.gen(function* () {
  const actions = yield* ActionRepo;
  const watchers = new Set<Watcher>();
  /** Transactions come one after the other; what a neighbour's commit tells too early is told again by its own. */
  const staged = new Map<GuildId, Set<ApplicationId>>();

  const tell = (watcher: Watcher, changed: ReadonlySet<ApplicationId>) => {
    for (const id of changed) watcher.effects?.add(id);
    if (watcher.effects !== null && watcher.effects.size > NAMED) watcher.effects = null;
    watcher.latch.unsafeOpen();
  };

  const endOf = (guildId: GuildId) =>
    Effect.map(actions.last(guildId), Option.match({ onNone: () => 0, onSome: ({ seq }) => seq }));

  return Changes.of({
    stage: (guildId, application) => {
      if (watchers.size === 0) return;
      const changed = staged.get(guildId) ?? new Set();
      if (application !== undefined) changed.add(application);
      staged.set(guildId, changed);
    },
    flush: Effect.sync(() => {
      if (staged.size === 0) return;
      for (const watcher of watchers) {
        const changed = staged.get(watcher.guildId);
        if (changed !== undefined) tell(watcher, changed);
      }
      staged.clear();
    }),
    watch: (guildId, after) =>
      Effect.gen(function* () {
        const watcher: Watcher = { guildId, latch: Effect.unsafeMakeLatch(true), effects: new Set() };
        yield* Effect.acquireRelease(
          Effect.sync(() => watchers.add(watcher)),
          () => Effect.sync(() => watchers.delete(watcher)),
        );
        const end = yield* endOf(guildId);
        let place = after ?? end;
        const look = Effect.gen(function* () {
          watcher.latch.unsafeClose();
          const now = yield* endOf(guildId);
          const { effects } = watcher;
          watcher.effects = new Set();
          if (place > now || now - place > FURTHEST_BEHIND) {
            place = now;
            return { actions: [], effects: new Set<ApplicationId>(), reset: true, upTo: now };
          }
          const found = place === now ? [] : yield* actions.after(guildId, place, AT_ONCE);
          place = found.at(-1)?.seq ?? place;
          if (place < now) watcher.latch.unsafeOpen();
          return { actions: found, effects, reset: false, upTo: place };
        });
        const next: Effect.Effect<News> = Effect.zipRight(watcher.latch.await, look).pipe(
          Effect.repeat({
            until: (news) => news.reset || news.actions.length > 0 || news.effects?.size !== 0,
          }),
        );
        return { next };
      }),
    watching: Effect.sync(() => watchers.size),
  });
});

export const layer = Layer.effect(Changes, make);
