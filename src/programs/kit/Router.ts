import { Cause, Duration, Effect, Exit, Fiber, Option } from "effect";
import { cannotBeWritten } from "../../layers/Database.js";
import { Discord } from "../../layers/Discord.js";
import * as Instruments from "../../layers/Instruments.js";
import type { DiscordError } from "../../layers/discord/Errors.js";
import type { AutocompleteInteraction, Callback, Interaction } from "../../layers/discord/Interaction.js";
import type { Permissions } from "../../services/Permissions.js";
import { apology, describe, notSaved } from "../views/ErrorText.js";
import type { AppError } from "./AppError.js";
import type { Command } from "./Command.js";
import type { Component } from "./Component.js";
import * as CustomId from "./CustomId.js";
import { TooSlow, UnknownCommand, UnknownComponent } from "./Errors.js";
import { admit } from "./Guard.js";
import type { Handled } from "./Handler.js";
import { withinLimits } from "./Options.js";
import { Private, type Reply } from "./Reply.js";

/** Discord gives up after three seconds; a handler that takes longer than this is deferred. */
const DEFER_AFTER = Duration.millis(1_500);
/** A form can only be a first answer: a press that opens one must make it by then. */
const MODAL_LIMIT = Duration.millis(2_600);
/** Choices that come later than this are not seen. */
const CHOICES_LIMIT = Duration.millis(2_000);
/** The token of an interaction lives for fifteen minutes; nothing here should take one. */
const HANDLER_LIMIT = Duration.seconds(60);
/** Interaction ids that are remembered, so that one which is delivered twice is handled once. */
const REMEMBERED = 5_000;

interface Route<R> {
  /** What is measured and logged under; never made of what somebody sent. */
  readonly name: string;
  readonly handled: Handled<R | Permissions>;
  readonly opensModal: boolean;
  readonly answers: Component<R>["answers"];
}

/** What people quote to an admin, and what the log can be searched for. */
export const traceOf = (interaction: Interaction): string => BigInt(interaction.id).toString(36);

/** Measures an interaction and marks every line that is logged meanwhile. */
const observed = <A, E, R>(
  interaction: Interaction,
  handler: string,
  handling: (watch: Instruments.Watch) => Effect.Effect<A, E, R>,
): Effect.Effect<A, E, R> =>
  Instruments.interaction(handler, handling).pipe(
    Effect.annotateLogs({
      interaction: interaction.id,
      trace: traceOf(interaction),
      handler,
      guild: interaction.guildId ?? "none",
      user: interaction.actor.id,
    }),
    Effect.withSpan(`interaction ${handler}`, { captureStackTrace: false }),
  );

/** The one listener for interactions: finds the handler, guards it, answers in time, and turns errors into words. */
export const make = <RC, RP>(
  commands: ReadonlyArray<Command<RC>>,
  components: ReadonlyArray<Component<RP>>,
) => {
  const commandsByName = new Map(commands.map((command) => [command.definition.name, command]));
  const componentsByName = new Map(
    components.map((component) => [`${component.kind} ${component.name}`, component]),
  );
  const seen = new Set<string>();

  const firstTime = (interaction: Interaction): boolean => {
    if (seen.has(interaction.id)) return false;
    seen.add(interaction.id);
    const [oldest] = seen;
    if (seen.size > REMEMBERED && oldest !== undefined) seen.delete(oldest);
    return true;
  };

  const leafOf = (name: string, subcommand: string | null) =>
    commandsByName.get(name)?.leaves.get(subcommand);

  const nameOf = ({ name, subcommand }: { readonly name: string; readonly subcommand: string | null }) =>
    subcommand === null ? `/${name}` : `/${name} ${subcommand}`;

  const find = (interaction: Exclude<Interaction, AutocompleteInteraction>): Route<RC | RP> => {
    if (interaction._tag === "Command") {
      const leaf = leafOf(interaction.name, interaction.subcommand);
      const handled =
        leaf === undefined
          ? Effect.fail(new UnknownCommand())
          : Effect.flatMap(admit(interaction, leaf.rung), (caller) => leaf.run(interaction, caller));
      const name = leaf === undefined ? "unknown" : nameOf(interaction);
      return { name, handled, opensModal: leaf?.opensModal ?? false, answers: "private" };
    }
    const kind = interaction._tag === "Modal" ? "modal" : "button";
    const parsed = CustomId.parse(interaction.customId);
    const component = Option.flatMapNullable(parsed, ({ name }) => componentsByName.get(`${kind} ${name}`));
    if (Option.isNone(parsed) || Option.isNone(component)) {
      return {
        name: "unknown",
        handled: Effect.fail(new UnknownComponent()),
        opensModal: false,
        answers: "private",
      };
    }
    const { name, rung, opensModal, answers, run } = component.value;
    return {
      name: `${kind} ${name}`,
      handled: Effect.flatMap(admit(interaction, rung), (caller) =>
        run(interaction, parsed.value.fields, caller),
      ),
      opensModal,
      answers,
    };
  };

  const wordsFor = (
    interaction: Interaction,
    exit: Exit.Exit<Reply, AppError>,
    watch: Instruments.Watch,
  ): Effect.Effect<Reply> =>
    Exit.match(exit, {
      onSuccess: Effect.succeed,
      onFailure: (cause) => {
        const failure = Cause.failureOption(cause);
        watch.outcome = Option.isSome(failure) ? "refused" : "failed";
        if (Option.isSome(failure)) {
          return Effect.as(
            Effect.logDebug("Refused", { error: failure.value._tag }),
            Private(describe(failure.value)),
          );
        }
        const words = [...Cause.defects(cause)].some(cannotBeWritten) ? notSaved : apology;
        return Effect.as(Effect.logError("A handler failed", cause), Private(words(traceOf(interaction))));
      },
    });

  /** The answer that Discord waits for. */
  const acknowledge = (interaction: Interaction, callback: Callback, watch: Instruments.Watch) =>
    Effect.flatMap(Discord, (discord) =>
      Effect.zipRight(discord.respond(interaction, callback), watch.acknowledged),
    );

  const respond = (
    interaction: Interaction,
    reply: Reply,
    watch: Instruments.Watch,
  ): Effect.Effect<void, DiscordError, Discord> => {
    switch (reply._tag) {
      case "Private": {
        const { payload, later } = reply;
        const answered = acknowledge(interaction, { _tag: "Reply", payload, private: true }, watch);
        if (later === null) return answered;
        return Effect.zipRight(
          answered,
          Effect.flatMap(Discord, (discord) =>
            Effect.flatMap(later, (known) => discord.editResponse(interaction, known)),
          ),
        );
      }
      case "Modal":
        return acknowledge(interaction, reply, watch);
      case "Update":
        return Effect.zipRight(acknowledge(interaction, reply, watch), reply.delivered);
    }
  };

  /** What there is to say in the end; where that cannot be found out, what was known at first. */
  const knownIn = ({ payload, later }: Extract<Reply, { readonly _tag: "Private" }>) =>
    (later ?? Effect.succeed(payload)).pipe(
      Effect.catchAllDefect((defect) =>
        Effect.as(Effect.logError("A handler failed after it had done its work", Cause.die(defect)), payload),
      ),
    );

  const defer = (interaction: Interaction, { answers }: Route<unknown>, watch: Instruments.Watch) =>
    acknowledge(
      interaction,
      answers === "private" ? { _tag: "Defer", private: true } : { _tag: "DeferUpdate" },
      watch,
    );

  const complete = (
    interaction: Interaction,
    { answers }: Route<unknown>,
    reply: Reply,
  ): Effect.Effect<void, DiscordError, Discord> =>
    Effect.flatMap(Discord, (discord) => {
      switch (reply._tag) {
        case "Private":
          return Effect.flatMap(knownIn(reply), (payload) =>
            answers === "private"
              ? discord.editResponse(interaction, payload)
              : discord.followUp(interaction, payload),
          );
        case "Update":
          return Effect.zipRight(discord.editResponse(interaction, reply.payload), reply.delivered);
        case "Modal":
          return Effect.void;
      }
    });

  const handle = (
    interaction: Exclude<Interaction, AutocompleteInteraction>,
    route: Route<RC | RP>,
    watch: Instruments.Watch,
  ) =>
    Effect.scoped(
      Effect.gen(function* () {
        const limit = route.opensModal ? MODAL_LIMIT : HANDLER_LIMIT;
        const worded = route.handled.pipe(
          Effect.timeoutFail({ duration: limit, onTimeout: () => new TooSlow() }),
          Effect.catchTag("TooSlow", () =>
            Effect.sync(() => {
              watch.outcome = "late";
              return Private("This took too long. Please try again.");
            }),
          ),
          Effect.exit,
          Effect.flatMap((exit) => wordsFor(interaction, exit, watch)),
        );
        if (route.opensModal) return yield* respond(interaction, yield* worded, watch);
        const fiber = yield* Effect.fork(worded);
        const early = yield* Effect.timeoutOption(Fiber.join(fiber), DEFER_AFTER);
        if (Option.isSome(early)) return yield* respond(interaction, early.value, watch);
        yield* defer(interaction, route, watch);
        return yield* complete(interaction, route, yield* Fiber.join(fiber));
      }),
    ).pipe(
      // What was decided is stored and its consequences are planned; only the answer did not arrive.
      Effect.catchAll((error) => {
        watch.outcome = "undelivered";
        return Effect.logWarning("An answer did not reach Discord", { error: error._tag });
      }),
      Effect.catchAllDefect((defect) => {
        watch.outcome = "failed";
        return Effect.logError("A handler failed after its answer", Cause.die(defect));
      }),
    );

  const autocomplete = (interaction: AutocompleteInteraction, watch: Instruments.Watch) =>
    Effect.gen(function* () {
      const leaf = leafOf(interaction.name, interaction.subcommand);
      const choices =
        leaf === undefined
          ? []
          : yield* admit(interaction, leaf.rung).pipe(
              Effect.flatMap((caller) =>
                leaf.offer(interaction.focused.name, interaction.focused.typed, caller),
              ),
              Effect.timeoutFail({ duration: CHOICES_LIMIT, onTimeout: () => new TooSlow() }),
              Effect.catchAllCause((cause) =>
                Option.exists(Cause.failureOption(cause), ({ _tag }) => _tag !== "TooSlow")
                  ? Effect.succeed([])
                  : Effect.as(Effect.logWarning("Nothing could be offered", cause), []),
              ),
            );
      yield* acknowledge(interaction, { _tag: "Choices", choices: withinLimits(choices) }, watch);
    }).pipe(
      Effect.catchAllCause((cause) => {
        watch.outcome = Cause.isFailure(cause) ? "undelivered" : "failed";
        return Effect.logWarning("Choices did not reach Discord", cause);
      }),
    );

  return (interaction: Interaction): Effect.Effect<void, never, RC | RP | Discord | Permissions> => {
    if (!firstTime(interaction)) return Effect.logDebug("Delivered twice", { interaction: interaction.id });
    if (interaction._tag === "Autocomplete") {
      const known = leafOf(interaction.name, interaction.subcommand) !== undefined;
      const name = known ? `options of ${nameOf(interaction)}` : "unknown";
      return observed(interaction, name, (watch) => autocomplete(interaction, watch));
    }
    const route = find(interaction);
    return observed(interaction, route.name, (watch) => handle(interaction, route, watch));
  };
};
