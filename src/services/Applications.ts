import { Context, Effect, Layer, Option } from "effect";
import {
  type Application,
  type ApplicationFilter,
  type ApplicationKey,
  ApplicationNotFound,
  type DecisionKind,
  type QueueEntry,
  type QueueKey,
  type QueuePage,
  transition,
  type TransitionError,
} from "../domain/Application.js";
import type { CardFacts, Dossier } from "../domain/CardFacts.js";
import { roleByHand } from "../domain/RoleByHand.js";
import { type ApplicationId, type GuildId, Millis, ShortCode, type UserId } from "../domain/Ids.js";
import { Outbox } from "./Outbox.js";
import { ActionRepo } from "./repos/ActionRepo.js";
import { ApplicationPageRepo } from "./repos/ApplicationPageRepo.js";
import type { EncodedPage } from "./repos/EncodedPage.js";
import { ApplicationRepo, type StatusCount } from "./repos/ApplicationRepo.js";
import { BlockRepo } from "./repos/BlockRepo.js";
import { FlagRepo } from "./repos/FlagRepo.js";
import { Settings } from "./Settings.js";

/** How a moderator names an application: by its card, by its code, or by the person. */
export type Reference =
  | { readonly _tag: "Id"; readonly id: ApplicationId }
  | { readonly _tag: "Code"; readonly code: string }
  | { readonly _tag: "Person"; readonly userId: UserId };

/** What there is to know about applications; nothing here changes one (features.md F5). */
export class Applications extends Context.Tag("app/Applications")<
  Applications,
  {
    /** The application that is meant; of a person, the open one before the newest. */
    readonly resolve: (
      guildId: GuildId,
      reference: Reference,
    ) => Effect.Effect<Application, ApplicationNotFound>;
    /** The application alone, and when a rejected person may apply again. */
    readonly find: (
      guildId: GuildId,
      id: ApplicationId,
    ) => Effect.Effect<Pick<CardFacts, "application" | "reapplyAt">, ApplicationNotFound>;
    /** Everything that its card shows at this moment. */
    readonly card: (guildId: GuildId, id: ApplicationId) => Effect.Effect<CardFacts, ApplicationNotFound>;
    /** The same for a page: the newest 50 of the person's applications and the newest 100 actions. Nothing of a draft. */
    readonly dossier: (guildId: GuildId, reference: Reference) => Effect.Effect<Dossier, ApplicationNotFound>;
    /** What the card of an application shows that was just read. */
    readonly factsOf: (application: Application) => Effect.Effect<CardFacts>;
    /** Whether this moderator could decide now: to be asked before a form is opened. */
    readonly mayDecide: (
      guildId: GuildId,
      reference: Reference,
      by: UserId,
      kind: DecisionKind,
    ) => Effect.Effect<Application, ApplicationNotFound | TransitionError>;
    /** Pending and claimed, longest waiting first. */
    readonly queue: (guildId: GuildId, limit: number) => Effect.Effect<ReadonlyArray<Application>>;
    /** The open ones by the beginning of their code or by a part of a name, longest waiting first. */
    readonly matching: (
      guildId: GuildId,
      typed: string,
      limit: number,
    ) => Effect.Effect<ReadonlyArray<QueueEntry>>;
    /**
     * A page of the open ones, or of what one moderator has claimed, on one side of a place in the queue. Where nothing is
     * left on that side, the page on the other one.
     */
    readonly page: (
      guildId: GuildId,
      claimedBy: UserId | null,
      from: QueueKey | null,
      direction: "next" | "previous",
      size: number,
    ) => Effect.Effect<QueuePage>;
    /** Those that were sent, newest first, after a place; each as `ApplicationRow`. */
    readonly search: (
      guildId: GuildId,
      filter: ApplicationFilter,
      after: ApplicationKey | null,
      limit: number,
    ) => Effect.Effect<EncodedPage<ApplicationKey>>;
    readonly counts: (guildId: GuildId) => Effect.Effect<ReadonlyArray<StatusCount>>;
  }
>() {}

const CODE = /^#?([0-9a-f]{6})$/i;
const HOUR = 3_600_000;
/** More earlier applications than a card shows, so that it can say so, and the application itself. */
const ON_CARD = { history: 7, actions: 3 };
const ON_PAGE = { history: 51, actions: 100 };

const keyOf = (entry: QueueEntry | undefined): QueueKey | null =>
  entry === undefined || entry.submittedAt === null ? null : { submittedAt: entry.submittedAt, id: entry.id };

const make = Effect.gen(function* () {
  const applications = yield* ApplicationRepo;
  const pages = yield* ApplicationPageRepo;
  const actions = yield* ActionRepo;
  const blocks = yield* BlockRepo;
  const flags = yield* FlagRepo;
  const outbox = yield* Outbox;
  const settings = yield* Settings;

  const resolve = (
    guildId: GuildId,
    reference: Reference,
  ): Effect.Effect<Application, ApplicationNotFound> => {
    const missing = (text: string) => () => new ApplicationNotFound({ reference: text });
    switch (reference._tag) {
      case "Id":
        return Effect.flatten(applications.find(guildId, reference.id)).pipe(
          Effect.catchTag("NoSuchElementException", missing("this card")),
        );
      case "Code": {
        const code = CODE.exec(reference.code.trim())?.[1]?.toLowerCase();
        if (code === undefined) return missing(reference.code)();
        return Effect.flatten(applications.findByCode(guildId, ShortCode.make(code))).pipe(
          Effect.catchTag("NoSuchElementException", missing(code)),
        );
      }
      case "Person":
        return Effect.gen(function* () {
          const open = yield* applications.findOpenOf(guildId, reference.userId);
          if (Option.isSome(open) && open.value.status !== "draft") return open.value;
          const [latest] = yield* applications.historyOf(guildId, reference.userId, 1);
          return latest ?? (yield* new ApplicationNotFound({ reference: "this person" }));
        });
    }
  };

  const reapplyAt = ({ guildId, status, decidedAt }: Application) =>
    status !== "rejected" || decidedAt === null
      ? Effect.succeed(null)
      : Effect.match(settings.get(guildId), {
          onFailure: () => null,
          onSuccess: ({ reapplyCooldownHours }) => Millis.make(decidedAt + reapplyCooldownHours * HOUR),
        });

  const dossierOf = (application: Application, most: typeof ON_CARD): Effect.Effect<Dossier> =>
    Effect.gen(function* () {
      const history = yield* applications.historyOf(application.guildId, application.userId, most.history);
      const role = yield* actions.newest(application.id, "role_granted");
      return {
        application,
        history: history.filter(({ id }) => id !== application.id),
        actions: yield* actions.ofApplication(application.id, most.actions),
        effects: yield* outbox.ofApplication(application.id),
        reapplyAt: yield* reapplyAt(application),
        blocked: Option.isSome(yield* blocks.find(application.guildId, application.userId)),
        flag: Option.getOrNull(yield* flags.findOpen(application.guildId, application.userId)),
        role: Option.getOrNull(Option.flatMapNullable(role, roleByHand)),
      };
    });

  const factsOf = (application: Application): Effect.Effect<CardFacts> =>
    Effect.map(dossierOf(application, ON_CARD), ({ history, ...about }) => ({
      ...about,
      earlier: history.filter(({ createdAt }) => createdAt <= application.createdAt),
    }));

  return Applications.of({
    resolve,
    find: (guildId, id) =>
      Effect.gen(function* () {
        const application = yield* resolve(guildId, { _tag: "Id", id });
        return { application, reapplyAt: yield* reapplyAt(application) };
      }),
    card: (guildId, id) => Effect.flatMap(resolve(guildId, { _tag: "Id", id }), factsOf),
    dossier: (guildId, reference) =>
      Effect.gen(function* () {
        const application = yield* resolve(guildId, reference);
        // What was never sent is nobody's to read, and is not told from what never was.
        if (application.status === "draft")
          return yield* new ApplicationNotFound({
            reference: reference._tag === "Code" ? application.code : "this card",
          });
        return yield* dossierOf(application, ON_PAGE);
      }),
    factsOf,
    mayDecide: (guildId, reference, by, kind) =>
      Effect.gen(function* () {
        const application = yield* resolve(guildId, reference);
        const claimed =
          application.status === "pending"
            ? yield* transition(application, { _tag: "claim", by })
            : application;
        yield* transition(claimed, { _tag: "decide", kind, by });
        return application;
      }),
    queue: applications.queue,
    matching: (guildId, typed, limit) =>
      applications.queueMatching(guildId, typed.trim().replace(/^#/, ""), limit),
    page: (guildId, claimedBy, from, direction, size) => {
      /** In the order of the queue, and whether there are more on that side. */
      const look = (key: QueueKey | null, towards: "next" | "previous", limit: number) =>
        Effect.map(applications.queueFrom(guildId, claimedBy, key, towards, limit + 1), (found) => {
          const some = found.slice(0, limit);
          return { entries: towards === "next" ? some : [...some].reverse(), more: found.length > limit };
        });
      return Effect.gen(function* () {
        const wanted = yield* look(from, direction, size);
        const other = direction === "next" ? "previous" : "next";
        const towards = wanted.entries.length > 0 || from === null ? direction : other;
        const { entries, more } = towards === direction ? wanted : yield* look(from, towards, size);
        const edge = keyOf(towards === "next" ? entries[0] : entries.at(-1));
        const back = edge !== null && (yield* look(edge, towards === "next" ? "previous" : "next", 0)).more;
        return {
          entries,
          more: towards === "next" ? { before: back, after: more } : { before: more, after: back },
          total: yield* applications.countQueue(guildId, claimedBy),
        };
      });
    },
    search: pages.page,
    counts: applications.countByStatus,
  });
});

export const layer = Layer.effect(Applications, make);
