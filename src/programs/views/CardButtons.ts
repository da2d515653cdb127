import { type APIButtonComponent, ButtonStyle, ComponentType } from "discord.js";
import { Schema } from "effect";
import type { CardFacts } from "../../domain/CardFacts.js";
import { ApplicationId } from "../../domain/Ids.js";
import type { MessagePayload } from "../../layers/discord/Interaction.js";
import * as CustomId from "../kit/CustomId.js";
import { anyFailed } from "./Effects.js";

const OfApplication = Schema.Struct({ application: ApplicationId });
export const ClaimId = CustomId.make("claim", OfApplication);
export const UnclaimId = CustomId.make("unclaim", OfApplication);
export const AcceptId = CustomId.make("accept", OfApplication);
export const RetryId = CustomId.make("retry", OfApplication);
export const CopyUidId = CustomId.make("copy-uid", OfApplication);
export const AvatarId = CustomId.make("avatar", OfApplication);
export const PingId = CustomId.make("ping", OfApplication);
export const AnswersId = CustomId.make("answers", OfApplication);
/** Opens the form for the reason of a destructive decision. */
export const RefuseId = CustomId.make(
  "refuse",
  Schema.Struct({ kind: Schema.Literal("reject", "perm_reject", "kick"), application: ApplicationId }),
);

type Style = ButtonStyle.Primary | ButtonStyle.Secondary | ButtonStyle.Success | ButtonStyle.Danger;

export const button = (label: string, style: Style, customId: string): APIButtonComponent => ({
  type: ComponentType.Button,
  label,
  style,
  custom_id: customId,
});

export const link = (label: string, url: string): APIButtonComponent => ({
  type: ComponentType.Button,
  label,
  style: ButtonStyle.Link,
  url,
});

/** At most five buttons; a row of none is none. */
export const row = (...buttons: Array<APIButtonComponent>): NonNullable<MessagePayload["components"]> =>
  buttons.length === 0 ? [] : [{ type: ComponentType.ActionRow, components: buttons }];

/** What can be done with a card in its state (features.md F5); `cut` says that not all of it is readable. */
export const cardButtons = (
  { application: { id, status }, effects }: CardFacts,
  cut: boolean,
): NonNullable<MessagePayload["components"]> => {
  const application = { application: id };
  const copyUid = button("Copy UID", ButtonStyle.Secondary, CopyUidId.encode(application));
  const avatar = button("View Avatar", ButtonStyle.Secondary, AvatarId.encode(application));
  const answers = cut ? [button("Full answers", ButtonStyle.Secondary, AnswersId.encode(application))] : [];
  switch (status) {
    case "draft":
      return [];
    case "pending":
      return row(button("Claim", ButtonStyle.Primary, ClaimId.encode(application)), ...answers);
    case "claimed":
      return [
        ...row(
          button("Accept", ButtonStyle.Success, AcceptId.encode(application)),
          button("Reject", ButtonStyle.Danger, RefuseId.encode({ kind: "reject", ...application })),
          button("Perm Reject", ButtonStyle.Danger, RefuseId.encode({ kind: "perm_reject", ...application })),
          button("Kick", ButtonStyle.Danger, RefuseId.encode({ kind: "kick", ...application })),
        ),
        ...row(
          copyUid,
          avatar,
          button("Ping in Unverified", ButtonStyle.Secondary, PingId.encode(application)),
          ...answers,
          button("Unclaim", ButtonStyle.Secondary, UnclaimId.encode(application)),
        ),
      ];
    case "approved":
    case "rejected":
    case "perm_rejected":
    case "kicked":
    case "withdrawn":
      return row(
        ...(anyFailed(effects)
          ? [button("Try again", ButtonStyle.Primary, RetryId.encode(application))]
          : []),
        copyUid,
        avatar,
        ...answers,
      );
  }
};
