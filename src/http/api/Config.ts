import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "@effect/platform";
import { Schema } from "effect";
import { Action, Details } from "../../domain/Action.js";
import { SettingsRefused } from "../../domain/Finding.js";
import { Millis } from "../../domain/Ids.js";
import { QuestionsInvalid } from "../../domain/Questions.js";
import { GuildNotSetUp, MAX_QUESTION_LENGTH, MAX_QUESTIONS } from "../../domain/Settings.js";
import { DescribedSetting, SettingValues } from "../../domain/SettingValues.js";
import {
  TemplateInvalid,
  TemplateName,
  TemplateProblem,
  TemplateTexts,
  TOKENS,
} from "../../domain/Template.js";
import { GuildAdmin, InGuild } from "./Guards.js";
import { Password, PasswordLocked, WrongPassword } from "./Password.js";
import { RateClass } from "./RateClass.js";

/** Everything that a guild has set. */
export class GuildConfig extends Schema.Class<GuildConfig>("GuildConfig")({
  version: Schema.Int.annotations({ description: "To be sent along with a change." }),
  updatedAt: Millis,
  settings: Schema.Array(DescribedSetting),
  questions: Schema.Struct({
    texts: Schema.Array(Schema.String),
    most: Schema.Literal(MAX_QUESTIONS),
    longest: Schema.Literal(MAX_QUESTION_LENGTH),
  }),
  templates: Schema.Array(
    Schema.Struct({
      template: TemplateName,
      text: Schema.String,
      default: Schema.String,
      longest: Schema.Int.annotations({ description: "With the tokens filled in." }),
    }),
  ),
  tokens: Schema.Array(Schema.Literal(...TOKENS)).annotations({ description: "What may stand in braces." }),
}) {}

/** Somebody else changed the settings since they were read. */
export class ConfigChanged extends Schema.TaggedError<ConfigChanged>()("ConfigChanged", {
  version: Schema.Int.annotations({ description: "The one of now." }),
  meanwhile: Schema.Array(
    Schema.Struct({
      by: Action.fields.actor,
      at: Millis,
      details: Details.annotations({ description: "New values by name, and the old ones as `…_was`." }),
    }),
  ).annotations({ description: "What others have changed, newest first." }),
}) {}

const Question = Schema.String.pipe(Schema.maxLength(4_000));

export const ConfigChange = Schema.Struct({
  password: Password,
  version: Schema.Int.annotations({
    description: "The version that was looked at: nothing is saved over a newer one.",
  }),
  settings: Schema.optional(SettingValues),
  questions: Schema.optional(
    Schema.Array(Question).pipe(Schema.maxItems(MAX_QUESTIONS)).annotations({
      description: "All of them, in their order.",
    }),
  ),
  templates: Schema.optional(TemplateTexts).annotations({
    description: "Only those that change; an empty text brings the default back.",
  }),
}).annotations({ parseOptions: { onExcessProperty: "error" } });

export class Preview extends Schema.Class<Preview>("TemplatePreview")({
  text: Schema.String.annotations({ description: "As it would be stored." }),
  rendered: Schema.String.annotations({ description: "As it is posted, in Discord's markdown." }),
  problems: Schema.Array(TemplateProblem),
  length: Schema.Int.annotations({ description: "How long it can become with its tokens filled in." }),
  max: Schema.Int,
}) {}

export const ConfigGroup = HttpApiGroup.make("config")
  .add(
    HttpApiEndpoint.get("config", "/api/config")
      .setUrlParams(Schema.Struct(InGuild))
      .addSuccess(GuildConfig)
      .addError(GuildNotSetUp, { status: 409 })
      .middleware(GuildAdmin)
      .annotate(
        OpenApi.Description,
        "Every setting with its value, limits and default, the questions and the texts.",
      ),
  )
  .add(
    HttpApiEndpoint.post("change", "/api/config")
      .setUrlParams(Schema.Struct(InGuild))
      .setPayload(ConfigChange)
      .addSuccess(GuildConfig)
      .addError(GuildNotSetUp, { status: 409 })
      .addError(ConfigChanged, { status: 409 })
      .addError(SettingsRefused, { status: 422 })
      .addError(QuestionsInvalid, { status: 422 })
      .addError(TemplateInvalid, { status: 422 })
      .addError(WrongPassword)
      .addError(PasswordLocked)
      .middleware(GuildAdmin)
      .annotate(RateClass, "password")
      .annotate(
        OpenApi.Description,
        "Changes what is named, all of it or nothing, with the reset password. Channels and roles are looked at first; `SettingsRefused` says in words what is wrong with each.",
      ),
  )
  .add(
    HttpApiEndpoint.post("preview", "/api/config/template-preview")
      .setUrlParams(Schema.Struct(InGuild))
      .setPayload(
        Schema.Struct({ template: TemplateName, text: Schema.String.pipe(Schema.maxLength(8_000)) }),
      )
      .addSuccess(Preview)
      .addError(GuildNotSetUp, { status: 409 })
      .middleware(GuildAdmin)
      .annotate(
        OpenApi.Description,
        "A text as it would be posted, with you as the applicant, and what is wrong with it.",
      ),
  );
