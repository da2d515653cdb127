import { Either, Schema } from "effect";
import { ApplicationId, ChannelId, GuildId, MessageId, Millis, ShortCode, UserId } from "./Ids.js";

/** features.md F5: `draft → pending → claimed → approved | rejected | perm_rejected | kicked`, or `withdrawn`. */
export const Status = Schema.Literal(
  "draft",
  "pending",
  "claimed",
  "approved",
  "rejected",
  "perm_rejected",
  "kicked",
  "withdrawn",
);
export type Status = typeof Status.Type;

export const DecisionKind = Schema.Literal("approve", "reject", "perm_reject", "kick");
export type DecisionKind = typeof DecisionKind.Type;

export const DECIDED_STATUS = {
  approve: "approved",
  reject: "rejected",
  perm_reject: "perm_rejected",
  kick: "kicked",
} as const satisfies Record<DecisionKind, Status>;

export const Answer = Schema.Struct({ question: Schema.String, text: Schema.String });
export type Answer = typeof Answer.Type;

/** One person's request to be let into one guild. */
export class Application extends Schema.Class<Application>("Application")({
  id: ApplicationId,
  guildId: GuildId,
  userId: UserId,
  code: ShortCode,
  /** The person as they were when they applied; shown where Discord no longer knows them. */
  username: Schema.String,
  displayName: Schema.String,
  avatarUrl: Schema.String,
  joinedAt: Schema.NullOr(Millis),
  status: Status,
  /** Counts every change of state, so that a card can tell whether it shows the newest. */
  version: Schema.Int,
  answers: Schema.parseJson(Schema.Array(Answer)),
  submittedAt: Schema.NullOr(Millis),
  claimedBy: Schema.NullOr(UserId),
  claimedAt: Schema.NullOr(Millis),
  decidedBy: Schema.NullOr(UserId),
  decidedAt: Schema.NullOr(Millis),
  reason: Schema.NullOr(Schema.String),
  leftAt: Schema.NullOr(Millis),
  cardChannelId: Schema.NullOr(ChannelId),
  cardMessageId: Schema.NullOr(MessageId),
  createdAt: Millis,
  updatedAt: Millis,
}) {}

/** A pending or claimed application, as a list shows it: without its answers. */
export const QueueEntry = Schema.Struct(Application.fields).pick(
  "id",
  "userId",
  "code",
  "username",
  "displayName",
  "status",
  "submittedAt",
  "claimedBy",
  "claimedAt",
  "cardChannelId",
  "cardMessageId",
);
export type QueueEntry = typeof QueueEntry.Type;

/** An application as a list of all of them shows it: without its answers. */
export const ApplicationRow = Schema.Struct(Application.fields).pick(
  "id",
  "userId",
  "code",
  "username",
  "displayName",
  "avatarUrl",
  "joinedAt",
  "status",
  "submittedAt",
  "claimedBy",
  "claimedAt",
  "decidedBy",
  "decidedAt",
  "reason",
  "leftAt",
);
export type ApplicationRow = typeof ApplicationRow.Type;

/** Which of a guild's applications that were sent; everything that is there has to hold. */
export interface ApplicationFilter {
  /** One of these. */
  readonly statuses?: ReadonlyArray<Status>;
  /** Who has claimed it, or had when it was decided. */
  readonly claimedBy?: UserId;
  /** The beginning of its code, of the username or of the display name, or the whole id of the person. */
  readonly search?: string;
}

/** A place among the applications, newest first. It stays a place whatever becomes of the application. */
export const ApplicationKey = Schema.Struct({ submittedAt: Millis, id: ApplicationId });
export type ApplicationKey = typeof ApplicationKey.Type;

/** A place in the queue. It stays a place when what stood there is gone. */
export interface QueueKey {
  readonly submittedAt: Millis;
  readonly id: ApplicationId;
}

/** A part of the queue, longest waiting first. */
export interface QueuePage {
  readonly entries: ReadonlyArray<QueueEntry>;
  readonly more: { readonly before: boolean; readonly after: boolean };
  /** How many there are on all pages. */
  readonly total: number;
}

/** What can happen to an application. */
export type ApplicationEvent =
  | { readonly _tag: "submit" }
  | { readonly _tag: "claim"; readonly by: UserId }
  | { readonly _tag: "unclaim"; readonly by: UserId; readonly admin: boolean }
  | { readonly _tag: "stale_release" }
  | { readonly _tag: "withdraw" }
  | { readonly _tag: "decide"; readonly kind: DecisionKind; readonly by: UserId };

export class AlreadyClaimed extends Schema.TaggedError<AlreadyClaimed>()("AlreadyClaimed", {
  code: ShortCode,
  claimedBy: UserId,
}) {}

export class NotClaimer extends Schema.TaggedError<NotClaimer>()("NotClaimer", {
  code: ShortCode,
  claimedBy: UserId,
}) {}

/** The move is not one the state allows: the application was decided, withdrawn or never sent. */
export class IllegalTransition extends Schema.TaggedError<IllegalTransition>()("IllegalTransition", {
  code: ShortCode,
  status: Status,
  /** Who was faster, where somebody has decided. */
  decidedBy: Schema.NullOr(UserId).pipe(
    Schema.propertySignature,
    Schema.withConstructorDefault(() => null),
  ),
  attempted: Schema.String,
}) {}

export class ApplicationNotFound extends Schema.TaggedError<ApplicationNotFound>()("ApplicationNotFound", {
  reference: Schema.String,
}) {}

/** The part of an application that decides which moves are legal. */
export interface ReviewState {
  readonly code: ShortCode;
  readonly status: Status;
  readonly claimedBy: UserId | null;
  readonly decidedBy?: UserId | null;
}

export type TransitionError = AlreadyClaimed | NotClaimer | IllegalTransition;

/**
 * The only place that says which moves are legal (features.md F5). Deciding an unclaimed application claims it first:
 * callers send `claim` and then `decide`, so that both are in the log.
 */
export const transition = (
  state: ReviewState,
  event: ApplicationEvent,
): Either.Either<ReviewState, TransitionError> => {
  const illegal = (attempted: string) =>
    Either.left(
      new IllegalTransition({
        code: state.code,
        status: state.status,
        decidedBy: state.decidedBy ?? null,
        attempted,
      }),
    );
  const to = (status: Status, claimedBy: UserId | null) =>
    Either.right({ code: state.code, status, claimedBy });

  switch (event._tag) {
    case "submit":
      return state.status === "draft" ? to("pending", null) : illegal("submit");
    case "withdraw":
      return state.status === "draft" || state.status === "pending" || state.status === "claimed"
        ? to("withdrawn", state.claimedBy)
        : illegal("withdraw");
    case "claim":
      if (state.status === "pending") return to("claimed", event.by);
      return state.status === "claimed" && state.claimedBy !== null
        ? Either.left(new AlreadyClaimed({ code: state.code, claimedBy: state.claimedBy }))
        : illegal("claim");
    case "stale_release":
      return state.status === "claimed" ? to("pending", null) : illegal("stale_release");
    case "unclaim":
      if (state.status !== "claimed" || state.claimedBy === null) return illegal("unclaim");
      return state.claimedBy === event.by || event.admin
        ? to("pending", null)
        : Either.left(new NotClaimer({ code: state.code, claimedBy: state.claimedBy }));
    case "decide":
      if (state.status !== "claimed" || state.claimedBy === null) return illegal(event.kind);
      return state.claimedBy === event.by
        ? to(DECIDED_STATUS[event.kind], state.claimedBy)
        : Either.left(new NotClaimer({ code: state.code, claimedBy: state.claimedBy }));
  }
};
