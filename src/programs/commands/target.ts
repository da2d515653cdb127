import { Effect, Option } from "effect";
import { type Moderator, REASON_MAX } from "../../domain/Moderator.js";
import type { Person } from "../../domain/Person.js";
import type { DecisionKind } from "../../domain/Application.js";
import { said } from "../../domain/Text.js";
import { NO_REASON } from "../views/ReasonForm.js";
import { atLeast } from "../../domain/Permission.js";
import { Outbox } from "../../services/Outbox.js";
import { Applications, type Reference } from "../../services/Applications.js";
import { type Reviewed, Reviews } from "../../services/Reviews.js";
import { Settlement } from "../../services/Settlement.js";
import { STATUS_WORDS } from "../views/Words.js";
import { outcome } from "../views/Outcome.js";
import { NoTarget } from "../kit/Errors.js";
import type { Caller } from "../kit/Handler.js";
import * as Options from "../kit/Options.js";
import { Private } from "../kit/Reply.js";

/** The open applications of the guild by code or name, longest waiting first. */
const openApplications: Options.Autocomplete<Applications> = (typed, { guildId }) =>
  Effect.gen(function* () {
    const applications = yield* Applications;
    const open = yield* applications.matching(guildId, typed, Options.MAX_CHOICES);
    return open.map(({ code, username, status }) => ({
      name: `#${code} ${username} (${STATUS_WORDS[status]})`,
      value: code,
    }));
  });

/** How the slash twins of the card's buttons name an application. */
export const target = {
  app: Options.optional(
    Options.string({
      description: "Which application, by its code",
      maxLength: 100,
      autocomplete: openApplications,
    }),
  ),
  user: Options.optional(Options.user({ description: "Or the person who applied" })),
};

export const reason = Options.string({
  description: "Told to the person, and kept in the log",
  maxLength: REASON_MAX,
});

/** What somebody put into the options of `target`. */
interface Named {
  readonly app: Option.Option<string>;
  readonly user: Option.Option<Person>;
}

export const referenceOf = (options: Named): Effect.Effect<Reference, NoTarget> => {
  if (Option.isSome(options.app)) return Effect.succeed({ _tag: "Code", code: options.app.value });
  if (Option.isSome(options.user)) return Effect.succeed({ _tag: "Person", userId: options.user.value.id });
  return new NoTarget();
};

export const moderatorOf = ({ actor, rung }: Caller): Moderator => ({
  id: actor.id,
  admin: atLeast(rung, "admin"),
  via: "command",
});

/** How long a moderator is kept waiting for what follows from a decision. */
const PATIENCE_MILLIS = 10_000;

/** Says at once what was decided, and then how its consequences went. */
const decided = ({ facts }: Reviewed) =>
  Effect.gen(function* () {
    const outbox = yield* Outbox;
    const settlement = yield* Settlement;
    const { application } = facts;
    const later = Effect.gen(function* () {
      yield* Effect.forEach(facts.effects, ({ id }) => settlement.await(id, PATIENCE_MILLIS), {
        concurrency: "unbounded",
      });
      return outcome(application, yield* outbox.ofApplication(application.id));
    });
    return Private(outcome(application, facts.effects), later);
  });

/** What `/accept`, `/reject` and `/kick` do. A destructive decision needs a reason that can be seen. */
export const decide = (
  caller: Caller & { readonly options: Named },
  decision: { readonly kind: DecisionKind; readonly reason: string | null },
) =>
  Effect.gen(function* () {
    const reviews = yield* Reviews;
    const reason = decision.reason === null ? null : said(decision.reason);
    if (decision.reason !== null && reason === null) return Private(NO_REASON);
    const reference = yield* referenceOf(caller.options);
    const { kind } = decision;
    return yield* decided(
      yield* reviews.decide(caller.guildId, reference, moderatorOf(caller), { kind, reason }),
    );
  });
