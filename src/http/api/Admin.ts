import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "@effect/platform";
import { Schema } from "effect";
import { BackupName, BackupReason } from "../../domain/Backup.js";
import { RESET_WORD } from "../../domain/Gate.js";
import { GuildNotSetUp, ResetOutdated } from "../../domain/Settings.js";
import { GuildAdmin, GuildOwner, InGuild } from "./Guards.js";
import { Password, PasswordLocked, WrongPassword } from "./Password.js";
import { RateClass } from "./RateClass.js";

export class BotHealth extends Schema.Class<BotHealth>("BotHealth")({
  ok: Schema.Boolean,
  version: Schema.String,
  uptimeSeconds: Schema.Int,
  database: Schema.Struct({ answers: Schema.Boolean, millis: Schema.Number, bytes: Schema.Number }),
  gateway: Schema.Struct({
    connected: Schema.Boolean,
    pingMillis: Schema.NullOr(Schema.Number),
  }),
  effects: Schema.Struct({
    waiting: Schema.Int,
    oldestAt: Schema.NullOr(Schema.Number),
    failed: Schema.Int,
  }).annotations({ description: "What is still to be done in Discord, of all guilds." }),
  failedHere: Schema.Array(Schema.Struct({ kind: Schema.String, count: Schema.Int })).annotations({
    description: "What failed for good in this guild, by kind.",
  }),
}) {}

export const BackupRow = Schema.Struct({
  name: BackupName,
  bytes: Schema.Number,
  at: Schema.Number,
  reason: BackupReason,
}).annotations({ identifier: "Backup" });

/** The backups cannot be read or written; the log has why. */
export class BackupsFailed extends Schema.TaggedError<BackupsFailed>()(
  "BackupsFailed",
  {},
  {
    [HttpApiSchema.AnnotationStatus]: 503,
    description: "The backups cannot be read or written; the log has why.",
  },
) {}

export const AdminGroup = HttpApiGroup.make("admin")
  .add(
    HttpApiEndpoint.post("resetData", "/api/admin/resetdata")
      .setUrlParams(Schema.Struct(InGuild))
      .setPayload(
        Schema.Struct({
          password: Password,
          confirm: Schema.Literal(RESET_WORD).annotations({
            description: "The word, so that nobody does it by accident.",
          }),
          version: Schema.Int.annotations({ description: "Of `/api/config`: one reset happens once." }),
        }),
      )
      .addSuccess(Schema.Struct({ withdrawn: Schema.Int }))
      .addError(GuildNotSetUp, { status: 409 })
      .addError(ResetOutdated, { status: 409 })
      .addError(WrongPassword)
      .addError(PasswordLocked)
      .middleware(GuildAdmin)
      .annotate(RateClass, "password")
      .annotate(
        OpenApi.Description,
        "Resets the gate, as `/gate reset` does: open applications are withdrawn, and questions, texts and rules are the defaults again.",
      ),
  )
  .add(
    HttpApiEndpoint.get("health", "/api/admin/health")
      .setUrlParams(Schema.Struct(InGuild))
      .addSuccess(BotHealth)
      .middleware(GuildAdmin)
      .annotate(OpenApi.Description, "How the bot is doing, and what is still to be done in Discord."),
  )
  .add(
    HttpApiEndpoint.get("backups", "/api/admin/backups")
      .setUrlParams(Schema.Struct(InGuild))
      .addSuccess(Schema.Struct({ backups: Schema.Array(BackupRow) }))
      .addError(BackupsFailed)
      .middleware(GuildOwner)
      .annotate(OpenApi.Description, "The backups there are, newest first. For the bot's owners."),
  )
  .add(
    HttpApiEndpoint.post("backUp", "/api/admin/backups")
      .setUrlParams(Schema.Struct(InGuild))
      .addSuccess(BackupRow, { status: 201 })
      .addError(BackupsFailed)
      .middleware(GuildOwner)
      .annotate(RateClass, "heavy")
      .annotate(OpenApi.Description, "Makes a backup now, and reads it back. For the bot's owners."),
  );
