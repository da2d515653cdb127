import { Effect } from "effect";
import { Discord } from "../../layers/Discord.js";
import { Applications } from "../../services/Applications.js";
import * as Component from "../kit/Component.js";
import { Private } from "../kit/Reply.js";
import { AvatarId } from "../views/CardButtons.js";
import { avatar } from "../views/Person.js";

/** The avatar of this moment; where Discord does not tell, the one of the application. */
export const viewAvatar = Component.button(AvatarId, {
  rung: "reviewer",
  answers: "private",
  handler: ({ guildId, params }) =>
    Effect.gen(function* () {
      const discord = yield* Discord;
      const applications = yield* Applications;
      const { application } = yield* applications.find(guildId, params.application);
      const url = yield* Effect.match(discord.user(application.userId), {
        onFailure: () => application.avatarUrl,
        onSuccess: ({ avatarUrl }) => avatarUrl,
      });
      return Private(avatar(application, url));
    }),
});
