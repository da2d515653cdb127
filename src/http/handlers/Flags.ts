import { HttpApiBuilder } from "@effect/platform";
import { Effect } from "effect";
import type { Flag } from "../../domain/Flag.js";
import { clean, said } from "../../domain/Text.js";
import { Directory } from "../../services/Directory.js";
import { Flags } from "../../services/Flags.js";
import { NotFound } from "../api/Errors.js";
import { FlagsOfGuild, UnknownPerson } from "../api/Flags.js";
import { CurrentAdmin } from "../api/Guards.js";
import { Api } from "../api/index.js";

const placeOf = ({ id, at, closedAt }: Flag) => ({ id, at: closedAt ?? at });

export const flagsHandlers = HttpApiBuilder.group(Api, "flags", (handlers) =>
  Effect.gen(function* () {
    const directory = yield* Directory;
    const flags = yield* Flags;

    return handlers
      .handle("flags", ({ urlParams: { state, limit, cursor } }) =>
        Effect.gen(function* () {
          const { guildId } = yield* CurrentAdmin;
          const page = yield* flags.page(guildId, state, cursor ?? null, limit);
          const last = page.flags.at(-1);
          const next = page.more && last !== undefined ? placeOf(last) : null;
          return FlagsOfGuild.make({ flags: page.flags, next, open: page.open });
        }),
      )
      .handle("flag", ({ payload: { userId, reason } }) =>
        Effect.gen(function* () {
          const { guildId, session } = yield* CurrentAdmin;
          const person = (yield* directory.people(guildId, [userId])).get(userId) ?? null;
          if (person === null) return yield* new UnknownPerson({ userId });
          const { flag } = yield* flags.flag(guildId, person, session.userId, clean(reason), "web");
          return flag;
        }),
      )
      .handle("close", ({ path: { id }, payload: { reason } }) =>
        Effect.gen(function* () {
          const { guildId, session } = yield* CurrentAdmin;
          const by = session.userId;
          const isThere = yield* flags.close(guildId, id, by, said(reason ?? ""), "web");
          if (!isThere) return yield* new NotFound();
        }),
      );
  }),
);
