import { Schema } from "effect";

/** The operator asked for something that does not work; the message is all that is printed. */
export class CliFailed extends Schema.TaggedError<CliFailed>()("CliFailed", { message: Schema.String }) {}
