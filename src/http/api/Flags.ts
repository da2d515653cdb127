import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "@effect/platform";
import { Schema } from "effect";
import { AlreadyFlagged, Flag, FlaggedRecently, NotFlaggable, NotFlagged } from "../../domain/Flag.js";
import { FlagId, Millis, UserId } from "../../domain/Ids.js";
import { REASON_MAX } from "../../domain/Moderator.js";
import { GuildNotSetUp } from "../../domain/Settings.js";
import { said } from "../../domain/Text.js";
import { NotFound } from "./Errors.js";
import { GuildAdmin, InGuild } from "./Guards.js";
import { cursorOf, Limit } from "./Pages.js";

const PlaceCursor = cursorOf(Schema.Struct({ at: Millis, id: FlagId }));
const FlagRow = Schema.typeSchema(Flag);

export class FlagsOfGuild extends Schema.Class<FlagsOfGuild>("FlagsOfGuild")({
  flags: Schema.Array(FlagRow),
  /** Where the next page begins; none after the last one. */
  next: Schema.NullOr(PlaceCursor),
  open: Schema.Int.annotations({ description: "How many are open, on all pages." }),
}) {}

/** Discord knows nobody of this id, or does not say at the moment. */
export class UnknownPerson extends Schema.TaggedError<UnknownPerson>()("UnknownPerson", { userId: UserId }) {}

const Reason = Schema.String.pipe(
  Schema.maxLength(REASON_MAX),
  Schema.filter((text) => said(text) !== null, { message: () => "Say why" }),
).annotations({ description: "For moderators and the log." });

export const FlagsGroup = HttpApiGroup.make("flags")
  .add(
    HttpApiEndpoint.get("flags", "/api/flags")
      .setUrlParams(
        Schema.Struct({
          ...InGuild,
          state: Schema.optionalWith(Schema.Literal("open", "closed"), { default: () => "open" as const }),
          limit: Limit,
          cursor: Schema.optional(PlaceCursor),
        }),
      )
      .addSuccess(FlagsOfGuild)
      .middleware(GuildAdmin)
      .annotate(
        OpenApi.Description,
        "People whom moderators should look at, the newest flag (or closing) first.",
      ),
  )
  .add(
    HttpApiEndpoint.post("flag", "/api/flags")
      .setUrlParams(Schema.Struct(InGuild))
      .setPayload(Schema.Struct({ userId: UserId, reason: Reason }))
      .addSuccess(FlagRow, { status: 201 })
      .addError(GuildNotSetUp, { status: 409 })
      .addError(UnknownPerson, { status: 404 })
      .addError(AlreadyFlagged, { status: 409 })
      .addError(NotFlaggable, { status: 422 })
      .addError(FlaggedRecently, { status: 429 })
      .middleware(GuildAdmin)
      .annotate(OpenApi.Description, "Flags somebody, as `/flag` does; also somebody who left."),
  )
  .add(
    HttpApiEndpoint.post("close", "/api/flags/:id/close")
      .setPath(Schema.Struct({ id: FlagId }))
      .setUrlParams(Schema.Struct(InGuild))
      .setPayload(
        Schema.Struct({ reason: Schema.optionalWith(Schema.NullOr(Reason), { default: () => null }) }),
      )
      .addSuccess(HttpApiSchema.NoContent)
      .addError(GuildNotSetUp, { status: 409 })
      .addError(NotFound)
      .addError(NotFlagged, { status: 409 })
      .middleware(GuildAdmin)
      .annotate(OpenApi.Description, "Takes a flag away, as `/unflag` does."),
  );
