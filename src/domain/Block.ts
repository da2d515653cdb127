import { Schema } from "effect";
import { UserId } from "./Ids.js";

/** Nothing keeps this person from applying here. */
export class NotBlocked extends Schema.TaggedError<NotBlocked>()("NotBlocked", { userId: UserId }) {}
