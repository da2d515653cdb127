import { HttpServerRequest } from "@effect/platform";
import { Effect, Layer, Option, Schema } from "effect";
import { GuildId } from "../../domain/Ids.js";
import { NotAllowed } from "../../domain/Permission.js";
import { NotSignedIn, UnknownGuild } from "../../domain/Session.js";
import { AppConfig } from "../../layers/Config.js";
import { Access } from "../../services/Access.js";
import { sameSecret } from "../../services/Seal.js";
import { BadCsrfToken, RolesUnknown } from "../api/Errors.js";
import { GuildAdmin, GuildOwner, SignedIn } from "../api/Guards.js";
import { live } from "./Live.js";

const READS = new Set(["GET", "HEAD", "OPTIONS"]);

const decodeGuild = Schema.decodeUnknownOption(GuildId);

/** The one place that decides who asks, whether they may change anything, and in which guild. */
const make = Effect.gen(function* () {
  const access = yield* Access;
  const config = yield* AppConfig;
  const session = yield* live;
  const ownOrigins = new Set([
    ...Option.toArray(Option.map(config.dashboard, ({ redirectUri }) => new URL(redirectUri).origin)),
    ...Option.toArray(config.http.corsOrigin),
  ]);

  const refused = (why: string, fields: Readonly<Record<string, string>>) =>
    Effect.logWarning("A web request was refused", { why, ...fields });

  const signedIn = Effect.gen(function* () {
    const request = yield* HttpServerRequest.HttpServerRequest;
    const found = yield* Effect.mapError(Effect.flatten(session), () => new NotSignedIn());
    if (!READS.has(request.method)) {
      const { origin, "x-csrf-token": token = "" } = request.headers;
      if (!sameSecret(token, found.csrfToken) || (origin !== undefined && !ownOrigins.has(origin))) {
        yield* refused("no CSRF token of this session", { user: found.session.userId });
        return yield* new BadCsrfToken();
      }
    }
    return found;
  });

  const guildAdmin = Effect.gen(function* () {
    const { session } = yield* signedIn;
    const { guild } = yield* HttpServerRequest.ParsedSearchParams;
    const guildId = yield* Effect.mapError(decodeGuild(guild), () => new UnknownGuild());
    const rung = yield* Effect.mapError(
      access.adminRungIn(guildId, session.userId),
      () => new RolesUnknown(),
    );
    if (rung === null) {
      yield* refused("no admin of this guild", { user: session.userId, guild: guildId });
      return yield* new UnknownGuild();
    }
    return { session, guildId, rung };
  });

  const guildOwner = Effect.gen(function* () {
    const admin = yield* guildAdmin;
    if (admin.rung !== "owner") {
      yield* refused("no owner of the bot", { user: admin.session.userId, guild: admin.guildId });
      return yield* new NotAllowed({ needed: "owner" });
    }
    return admin;
  });

  return { signedIn, guildAdmin, guildOwner };
});

export const layer = Layer.unwrapEffect(
  Effect.map(make, ({ signedIn, guildAdmin, guildOwner }) =>
    Layer.mergeAll(
      Layer.succeed(SignedIn, signedIn),
      Layer.succeed(GuildAdmin, guildAdmin),
      Layer.succeed(GuildOwner, guildOwner),
    ),
  ),
);
