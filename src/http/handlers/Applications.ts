import { HttpApiBuilder } from "@effect/platform";
import { Effect, type Schema } from "effect";
import type { ApplicationFilter } from "../../domain/Application.js";
import type { Dossier } from "../../domain/CardFacts.js";
import type { ApplicationId, GuildId } from "../../domain/Ids.js";
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
import { moderator } from "./Moderator.js";
import { written } from "./Written.js";

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

const answer = written(ApplicationCursor);

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
    /** Does something to an application, and shows it as it is then. */
    const after = <A, E>(
      id: ApplicationId,
      act: (guildId: GuildId, reference: Reference, by: Moderator) => Effect.Effect<A, E>,
    ) =>
      Effect.gen(function* () {
        const { guildId, by } = yield* moderator;
        yield* act(guildId, byId(id), by);
        return yield* read(byId(id));
      });

    return handlers
      .handleRaw("applications", ({ urlParams: { limit, cursor, ...filters } }) =>
        Effect.gen(function* () {
          const { guildId } = yield* CurrentAdmin;
          const filter = applicationFilter(filters);
          return answer(yield* applications.search(guildId, filter, cursor ?? null, limit));
        }),
      )
      .handle("application", ({ path: { id } }) => read(byId(id)))
      .handle("applicationByCode", ({ path: { code } }) => read({ _tag: "Code", code }))
      .handle("claim", ({ path: { id } }) => after(id, reviews.claim))
      .handle("unclaim", ({ path: { id } }) => after(id, reviews.unclaim))
      .handle("decide", ({ path: { id }, payload: { kind, reason: typed } }) =>
        after(id, (guildId, reference, by) =>
          Effect.flatMap(
            kind === "approve" ? Effect.succeed(said(typed ?? "")) : reasonIn(typed ?? ""),
            (reason) => reviews.decide(guildId, reference, by, { kind, reason }),
          ),
        ),
      )
      .handle("retry", ({ path: { id } }) =>
        Effect.gen(function* () {
          const { guildId, by } = yield* moderator;
          const { retried } = yield* reviews.retryFailed(guildId, byId(id), by);
          return { retried, detail: yield* read(byId(id)) };
        }),
      )
      .handle("ping", ({ path: { id } }) =>
        after(id, pings.ping).pipe(
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
      );
  }),
);
