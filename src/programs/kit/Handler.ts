import type { Effect, Scope } from "effect";
import type { GuildId } from "../../domain/Ids.js";
import type { Rung } from "../../domain/Permission.js";
import type { Member } from "../../domain/Person.js";
import type { AppError } from "./AppError.js";
import type { Reply } from "./Reply.js";

/** Who asks, and where. */
export interface Caller {
  readonly guildId: GuildId;
  readonly actor: Member;
  /** The rung they stand on; at least the one that was asked for. */
  readonly rung: Rung;
}

/**
 * What a handler is: one service call and a view. Its scope ends when the answer was sent (or could not be).
 */
export type Handled<R> = Effect.Effect<Reply, AppError, R | Scope.Scope>;
