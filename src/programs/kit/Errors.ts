import { Schema } from "effect";

/** A custom id that no component of this version answers to. */
export class UnknownComponent extends Schema.TaggedError<UnknownComponent>()("UnknownComponent", {}) {}

export class UnknownCommand extends Schema.TaggedError<UnknownCommand>()("UnknownCommand", {}) {}

/** Discord still offers an older definition of this command. */
export class StaleCommand extends Schema.TaggedError<StaleCommand>()("StaleCommand", {
  option: Schema.String,
}) {}

/** A command that works on an application was told neither its code nor the person. */
export class NoTarget extends Schema.TaggedError<NoTarget>()("NoTarget", {}) {}

/** A command that works on a person was told neither whom nor an id. */
export class NoPerson extends Schema.TaggedError<NoPerson>()("NoPerson", {}) {}

/** A form that asks for a word to be typed got another one. */
export class NotConfirmed extends Schema.TaggedError<NotConfirmed>()("NotConfirmed", {
  word: Schema.String,
}) {}

export class OnlyInGuild extends Schema.TaggedError<OnlyInGuild>()("OnlyInGuild", {}) {}

/** A handler did not end in the time that Discord gives it. Stays inside the router. */
export class TooSlow extends Schema.TaggedError<TooSlow>()("TooSlow", {}) {}
