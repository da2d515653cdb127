import { z } from "zod";
import { cannotMessageUser } from "../../errors.js";
import { userWire } from "../../world/wire.js";
import type { User } from "../../world/state.js";
import type { World } from "../../world/World.js";
import { length } from "../../characters.js";
import { snowflake } from "../forms/kit.js";
import { picture } from "../pictures.js";
import { route } from "../router.js";

const SelfForm = z.strictObject({
  username: z
    .string()
    .refine((value) => length(value) >= 2 && length(value) <= 32, {
      error: "BASE_TYPE_BAD_LENGTH|Must be between 2 and 32 in length.",
    })
    .optional(),
  avatar: z.string().nullish(),
  banner: z.string().nullish(),
});
const OpenForm = z.strictObject({ recipient_id: snowflake });

const self = (user: User): object => ({
  ...userWire(user),
  mfa_enabled: user.bot,
  locale: "en-US",
  premium_type: 0,
});
const bot = (world: World): object => ({ ...self(world.bot), verified: true, email: null });

export const userRoutes = [
  route(
    "GET /users/@me",
    ({ world, grant }) => {
      if (grant === null) return bot(world);
      const user = world.user(grant.userId);
      const email = `${user.username}@example.org`;
      return { ...self(user), ...(grant.scopes.includes("email") && { verified: true, email }) };
    },
    { bearer: "identify" },
  ),
  route(
    "PATCH /users/@me",
    ({ world, form }) => {
      const { username, avatar, banner } = form(SelfForm);
      const { id } = world.bot;
      world.users.update(world.bot, {
        ...(username !== undefined && { username }),
        ...(avatar !== undefined && { avatar: picture(world, "avatars", id, "avatar", avatar) }),
        ...(banner !== undefined && { banner: picture(world, "banners", id, "banner", banner) }),
      });
      return bot(world);
    },
    { limit: { requests: 2, perMs: 60_000 } },
  ),
  route(
    "POST /users/@me/channels",
    ({ world, form }) => {
      const user = world.user(form(OpenForm).recipient_id);
      if (user.id === world.bot.id) throw cannotMessageUser();
      return world.channels.wire(world.channels.openDirect(user));
    },
    { limit: { requests: 10, perMs: 10_000 } },
  ),
  route("GET /users/:user", ({ world, param }) => userWire(world.user(param("user")))),
];
