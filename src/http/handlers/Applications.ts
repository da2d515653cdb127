import { HttpApiBuilder, HttpServerResponse } from "@effect/platform";
import { Effect, Schema } from "effect";
import type { ApplicationFilter } from "../../domain/Application.js";
import type { Dossier } from "../../domain/CardFacts.js";
import type { ApplicationId } from "../../domain/Ids.js";
import type { Moderator } from "../../domain/Moderator.js";
import { canRetry } from "../../domain/SideEffect.js";
import { said } from "../../domain/Text.js";
import { Applications, type Reference } from "../../services/Applications.js";
import { Blocks } from "../../services/Blocks.js";
import { Pings } from "../../services/Pings.js";
import { Reviews } from "../../services/Reviews.js";
import {
  ApplicationCursor,
  ApplicationDetail,
  type ApplicationFilters,
  ReasonNeeded,
} from "../api/Applications.js";
import { DiscordSilent } from "../api/Errors.js";
import { CurrentAdmin } from "../api/Guards.js";
import { Api } from "../api/index.js";

const detailOf = ({ effects, ...facts }: Dossier): ApplicationDetail =>
  ApplicationDetail.make({
    ...facts,
    effects: effects.map((effect) => ({
      ...effect,
      consequence: effect.payload,
      problem: effect.lastError,
      retryable: canRetry(effect),
    })),
  });

export const applicationFilter = ({
  statuses,
  claimed_by: claimedBy,
  search,
}: Schema.Struct.Type<typeof ApplicationFilters>): ApplicationFilter => ({
  statuses,
  ...(claimedBy !== undefined && { claimedBy }),
  ...(search !== undefined && { search }),
});

const encodeNext = Schema.encodeSync(Schema.parseJson(Schema.NullOr(ApplicationCursor)));

/** Who asks, as a moderator; the guard lets through nobody below an admin. */
const moderator = Effect.map(CurrentAdmin, ({ guildId, session: { userId } }) => ({
  guildId,
  by: { id: userId, admin: true, via: "web" } satisfies Moderator,
}));

/** A reason in which something can be seen, as it is stored. */
const reasonIn = (typed: string): Effect.Effect<string, ReasonNeeded> =>
  Effect.mapError(Effect.fromNullable(said(typed)), () => new ReasonNeeded());

const silent = () => new DiscordSilent();

export const applicationsHandlers = HttpApiBuilder.group(Api, "applications", (handlers) =>
  Effect.gen(function* () {
    const applications = yield* Applications;
    const blocks = yield* Blocks;
    const pings = yield* Pings;
    const reviews = yield* Reviews;

    const read = (reference: Reference) =>
      Effect.flatMap(CurrentAdmin, ({ guildId }) =>
        Effect.map(applications.dossier(guildId, reference), detailOf),
      );
    const byId = (id: ApplicationId): Reference => ({ _tag: "Id", id });

    return (
      handlers
        // SQLite has written the rows; a test decodes them with the contract.
        .handleRaw("applications", ({ urlParams: { limit, cursor, ...filters } }) =>
          Effect.gen(function* () {
            const { guildId } = yield* CurrentAdmin;
            const filter = applicationFilter(filters);
            const { rows, next } = yield* applications.search(guildId, filter, cursor ?? null, limit);
            return HttpServerResponse.text(`{"rows":${rows},"next":${encodeNext(next)}}`, {
              contentType: "application/json",
            });
          }),
        )
        .handle("application", ({ path: { id } }) => read(byId(id)))
        .handle("applicationByCode", ({ path: { code } }) => read({ _tag: "Code", code }))
        .handle("claim", ({ path: { id } }) =>
          Effect.gen(function* () {
            const { guildId, by } = yield* moderator;
            yield* reviews.claim(guildId, byId(id), by);
            return yield* read(byId(id));
          }),
        )
        .handle("unclaim", ({ path: { id } }) =>
          Effect.gen(function* () {
            const { guildId, by } = yield* moderator;
            yield* reviews.unclaim(guildId, byId(id), by);
            return yield* read(byId(id));
          }),
        )
        .handle("decide", ({ path: { id }, payload: { kind, reason: typed } }) =>
          Effect.gen(function* () {
            const { guildId, by } = yield* moderator;
            const reason = kind === "approve" ? said(typed ?? "") : yield* reasonIn(typed ?? "");
            yield* reviews.decide(guildId, byId(id), by, { kind, reason });
            return yield* read(byId(id));
          }),
        )
        .handle("retry", ({ path: { id } }) =>
          Effect.gen(function* () {
            const { guildId, by } = yield* moderator;
            const { retried } = yield* reviews.retryFailed(guildId, byId(id), by);
            return { retried, detail: yield* read(byId(id)) };
          }),
        )
        .handle("ping", ({ path: { id } }) =>
          Effect.gen(function* () {
            const { guildId, by } = yield* moderator;
            yield* pings.ping(guildId, byId(id), by);
            return yield* read(byId(id));
          }).pipe(
            Effect.catchTags({
              CannotMessageUser: silent,
              DiscordRefused: silent,
              DiscordUnavailable: silent,
              InteractionGone: silent,
              MissingPermission: silent,
              RateLimited: silent,
              RoleHierarchy: silent,
              UnknownTarget: silent,
            }),
          ),
        )
        .handle("unblock", ({ payload: { userId, reason: typed } }) =>
          Effect.gen(function* () {
            const { guildId, by } = yield* moderator;
            yield* blocks.lift(guildId, userId, by, yield* reasonIn(typed));
          }),
        )
    );
  }),
);
