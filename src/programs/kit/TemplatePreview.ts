import { Clock, Effect } from "effect";
import type { TemplateName } from "../../domain/Template.js";
import { Discord } from "../../layers/Discord.js";
import { UnknownTarget } from "../../layers/discord/Errors.js";
import { Settings } from "../../services/Settings.js";
import { templatePreview } from "../views/Templates.js";
import type { Caller } from "./Handler.js";

/** A template as whoever asks would get it; `text` in its place, where it is not saved yet. */
export const previewOf = ({ guildId, actor }: Caller, template: TemplateName, text?: string) =>
  Effect.gen(function* () {
    const discord = yield* Discord;
    const all = yield* Settings;
    const settings = yield* all.get(guildId);
    const guild = yield* discord.guild(guildId);
    if (guild === null) return yield* new UnknownTarget({ target: "guild" });
    const shown = text === undefined ? settings : { ...settings, [`${template}Template`]: text };
    return templatePreview(template, guild, shown, actor, yield* Clock.currentTimeMillis);
  });
