import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "@effect/platform";
import { Schema } from "effect";
import {
  AlreadyClaimed,
  Answer,
  Application,
  ApplicationKey,
  ApplicationNotFound,
  ApplicationRow,
  DecisionKind,
  IllegalTransition,
  NotClaimer,
  Status,
} from "../../domain/Application.js";
import { NotBlocked } from "../../domain/Block.js";
import { Flag } from "../../domain/Flag.js";
import { ApplicationId, Millis, UserId } from "../../domain/Ids.js";
import { REASON_MAX } from "../../domain/Moderator.js";
import { ApplicantLeft, NoUnverifiedChannel, PingedRecently, PingsPaused } from "../../domain/Ping.js";
import { GuildNotSetUp } from "../../domain/Settings.js";
import { Consequence, SideEffect } from "../../domain/SideEffect.js";
import { DiscordSilent } from "./Errors.js";
import { GuildAdmin, InGuild } from "./Guards.js";
import { LogRow } from "./LogRow.js";
import { cursorOf, Limit, Listed } from "./Pages.js";

/** A refusal says why; an approval need not. */
export class ReasonNeeded extends Schema.TaggedError<ReasonNeeded>()("ReasonNeeded", {}) {}

const Step = Schema.Struct({
  ...Schema.Struct(SideEffect.fields).pick(
    "id",
    "state",
    "outcome",
    "blockedBy",
    "attempts",
    "notBefore",
    "firstAttemptAt",
    "createdAt",
  ).fields,
  consequence: Consequence,
  problem: Schema.NullOr(Schema.String).annotations({
    description: "Why the last attempt did not work, and what to do about it.",
  }),
  retryable: Schema.Boolean.annotations({ description: "`/retry` puts it back to work." }),
}).annotations({ description: "Something the bot does in Discord because of the application." });

export class ApplicationDetail extends Schema.Class<ApplicationDetail>("ApplicationDetail")({
  application: Schema.Struct({ ...Application.fields, answers: Schema.Array(Answer) }).annotations({
    description: "`version` counts its changes: of two answers, the one with the higher version is newer.",
  }),
  history: Schema.Array(
    Schema.Struct(Application.fields).pick(
      "id",
      "code",
      "status",
      "submittedAt",
      "decidedBy",
      "decidedAt",
      "reason",
    ),
  ).annotations({ description: "The person's other applications, newest first; at most 50." }),
  actions: Schema.Array(LogRow).annotations({
    description: "What the log says of it, newest first; at most 100.",
  }),
  effects: Schema.Array(Step),
  reapplyAt: Schema.NullOr(Millis).annotations({ description: "When a rejected person may apply again." }),
  blocked: Schema.Boolean.annotations({ description: "Whether the person may not apply here again." }),
  flag: Schema.NullOr(Schema.Struct(Flag.fields)).annotations({ description: "The person's open flag." }),
  role: Schema.NullOr(
    Schema.Struct({ held: Schema.Boolean, by: Schema.NullOr(UserId), at: Millis }),
  ).annotations({ description: "What somebody last did to the accepted role by hand." }),
}) {}

export const ApplicationCursor = cursorOf(ApplicationKey);

export class ApplicationPage extends Schema.Class<ApplicationPage>("ApplicationPage")({
  rows: Schema.Array(ApplicationRow),
  next: Schema.NullOr(ApplicationCursor).annotations({
    description:
      "Where the next page begins; none after the last one. A page for several conditions may be short, or empty, and " +
      "still have a next one.",
  }),
}) {}

/** Which applications; everything that is named has to hold. */
export const ApplicationFilters = {
  statuses: Schema.optionalWith(Listed(Status), { default: () => [] }),
  claimed_by: Schema.optional(UserId).annotations({
    description: "Who has claimed it, or had when it was decided.",
  }),
  search: Schema.optional(Schema.String.pipe(Schema.maxLength(100))).annotations({
    description:
      "The beginning of the code, of the username or of the display name, or the person's whole id.",
  }),
} as const;

const ById = Schema.Struct({ id: ApplicationId });
const Query = Schema.Struct(InGuild);
const Reason = Schema.String.pipe(Schema.maxLength(REASON_MAX));

/** Somebody was faster, or the application is in no state for this; nothing was changed. */
const CONFLICT = { status: 409 } as const;

const read = <const Name extends string>(name: Name, path: `/${string}`) =>
  HttpApiEndpoint.get(name, path)
    .setUrlParams(Query)
    .addSuccess(ApplicationDetail)
    .addError(ApplicationNotFound, { status: 404 });

const change = <const Name extends string>(name: Name) =>
  HttpApiEndpoint.post(name, `/api/applications/:id/${name}`)
    .setPath(ById)
    .setUrlParams(Query)
    .addError(ApplicationNotFound, { status: 404 })
    .addError(IllegalTransition, CONFLICT)
    .addError(GuildNotSetUp, CONFLICT);

const review = <const Name extends string>(name: Name) =>
  change(name).addError(AlreadyClaimed, CONFLICT).addError(NotClaimer, CONFLICT);

export const ApplicationsGroup = HttpApiGroup.make("applications")
  .add(
    HttpApiEndpoint.get("applications", "/api/applications")
      .setUrlParams(
        Schema.Struct({
          ...InGuild,
          ...ApplicationFilters,
          limit: Limit,
          cursor: Schema.optional(ApplicationCursor),
        }),
      )
      .addSuccess(ApplicationPage)
      .annotate(OpenApi.Description, "The applications that were sent, newest first, without their answers."),
  )
  .add(
    read("application", "/api/applications/:id")
      .setPath(ById)
      .annotate(OpenApi.Description, "Everything about one application."),
  )
  .add(
    read("applicationByCode", "/api/applications/by-code/:code")
      .setPath(Schema.Struct({ code: Schema.String.annotations({ description: "With or without #." }) }))
      .annotate(OpenApi.Description, "The same, by the code that people call it by."),
  )
  .add(review("claim").addSuccess(ApplicationDetail).annotate(OpenApi.Description, "Claims it for you."))
  .add(
    review("unclaim")
      .addSuccess(ApplicationDetail)
      .annotate(OpenApi.Description, "Gives it back to the queue, whoever has claimed it."),
  )
  .add(
    review("decide")
      .setPayload(
        Schema.Struct({
          kind: DecisionKind,
          reason: Schema.optionalWith(Schema.NullOr(Reason), { default: () => null }).annotations({
            description:
              "Needed for everything but `approve`: the person is told it, and it stays in the log. " +
              "With `approve` it is a note that the person is not told.",
          }),
        }).annotations({ examples: [{ kind: "reject", reason: "Please tell us more about yourself." }] }),
      )
      .addSuccess(ApplicationDetail)
      .addError(ReasonNeeded, { status: 422 })
      .annotate(
        OpenApi.Description,
        "Decides about it. One that nobody has claimed is claimed first; only the claimer decides.",
      ),
  )
  .add(
    review("retry")
      .addSuccess(
        Schema.Struct({
          retried: Schema.Int.annotations({ description: "How many steps had failed." }),
          detail: ApplicationDetail,
        }),
      )
      .annotate(OpenApi.Description, "Puts the steps that failed back to work, with the settings of now."),
  )
  .add(
    change("ping")
      .addSuccess(ApplicationDetail)
      .addError(ApplicantLeft, CONFLICT)
      .addError(NoUnverifiedChannel, CONFLICT)
      .addError(PingedRecently, CONFLICT)
      .addError(PingsPaused, CONFLICT)
      .addError(DiscordSilent)
      .annotate(
        OpenApi.Description,
        "Calls the person in the unverified channel, with a mention that goes away after 10 minutes.",
      ),
  )
  .add(
    HttpApiEndpoint.post("unblock", "/api/unblock")
      .setUrlParams(Query)
      .setPayload(Schema.Struct({ userId: UserId, reason: Reason }))
      .addSuccess(HttpApiSchema.NoContent)
      .addError(NotBlocked, CONFLICT)
      .addError(GuildNotSetUp, CONFLICT)
      .addError(ReasonNeeded, { status: 422 })
      .annotate(
        OpenApi.Description,
        "Lets somebody apply again after a permanent rejection or a kick; they need not be in the guild.",
      ),
  )
  .middleware(GuildAdmin);
