import { ButtonStyle, ComponentType } from "discord.js";
import type { GuildSettings } from "../../domain/Settings.js";
import { render, type TokenValues } from "../../domain/Template.js";
import { cut } from "../../domain/Text.js";
import type { MessagePayload } from "../../layers/discord/Interaction.js";
import { VerifyId } from "./Apply.js";
import { COLORS } from "./Colors.js";

/** What the bot's own gate message can be told by. */
export const GATE_MARKER = VerifyId.encode({});

export const gateMessage = (settings: GuildSettings, values: TokenValues): MessagePayload => ({
  embeds: [{ description: cut(render(settings.gateTemplate, values), 4000), color: COLORS.green }],
  components: [
    {
      type: ComponentType.ActionRow,
      components: [
        { type: ComponentType.Button, style: ButtonStyle.Success, label: "Verify", custom_id: GATE_MARKER },
      ],
    },
  ],
});
