import { Effect } from "effect";
import type { ApplicationId, UserId } from "../../domain/Ids.js";
import { atLeast, type Rung } from "../../domain/Permission.js";
import { Outbox, type PlannedCard } from "../../services/Outbox.js";
import type { Reference } from "../../services/Applications.js";
import type { Moderator } from "../../domain/Moderator.js";
import type { Reviewed } from "../../services/Reviews.js";
import { reviewCard } from "../views/ReviewCard.js";
import { CardHold } from "./CardHold.js";
import { Update } from "./Reply.js";

/** Once the answer has landed, the planned redraw is not needed, unless something newer is to be shown. */
const shown = (card: PlannedCard) =>
  Effect.gen(function* () {
    const holds = yield* CardHold;
    const outbox = yield* Outbox;
    return Effect.gen(function* () {
      if (yield* holds.alone(card.applicationId)) yield* outbox.cardShown(card);
    });
  });

/** A press on a review card: does it, and answers with the card as it is now. */
export const press = <E, R>(
  id: ApplicationId,
  by: UserId,
  rung: Rung,
  act: (moderator: Moderator, reference: Reference) => Effect.Effect<Reviewed, E, R>,
) =>
  Effect.gen(function* () {
    yield* Effect.flatMap(CardHold, (holds) => holds.hold(id));
    const moderator: Moderator = { id: by, admin: atLeast(rung, "admin"), via: "press" };
    const { facts, card } = yield* act(moderator, { _tag: "Id", id });
    return Update(reviewCard(facts), yield* shown(card));
  });
