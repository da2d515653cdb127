/** The four calls of a sign-in at Discord, each as a test wants it; the sandbox is Discord for everything else. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Effect } from "effect";

/** A call that is `silent` is never answered. */
export type Mood = "well" | "silent" | number;
export type OAuthCall = "token" | "user" | "guilds" | "revoke";

const PATHS: Readonly<Record<string, OAuthCall>> = {
  "/api/v10/oauth2/token": "token",
  "/api/v10/users/@me": "user",
  "/api/v10/users/@me/guilds": "guilds",
  "/api/v10/oauth2/token/revoke": "revoke",
};

export const oauthStub = (userId: string, guildId: string) =>
  Effect.acquireRelease(
    Effect.async<{
      readonly apiBase: string;
      readonly moods: Map<OAuthCall, Mood>;
      readonly asked: Array<OAuthCall>;
      readonly close: () => void;
    }>((resume) => {
      const moods = new Map<OAuthCall, Mood>();
      const asked: Array<OAuthCall> = [];
      const answers: Readonly<Record<OAuthCall, unknown>> = {
        token: { access_token: "a-token", token_type: "Bearer" },
        user: { id: userId, username: "maya", global_name: null, avatar: null },
        guilds: [{ id: guildId }],
        revoke: {},
      };
      const server = createServer((request, response) => {
        const call = PATHS[request.url ?? ""];
        if (call === undefined) return response.writeHead(404).end();
        asked.push(call);
        const mood = moods.get(call) ?? "well";
        if (mood === "silent") return response;
        response.writeHead(mood === "well" ? 200 : mood, { "content-type": "application/json" });
        return response.end(JSON.stringify(answers[call]));
      });
      server.listen(0, "127.0.0.1", () => {
        const { port } = server.address() as AddressInfo;
        const close = () => {
          server.close().closeAllConnections();
        };
        resume(Effect.succeed({ apiBase: `http://127.0.0.1:${port}/api`, moods, asked, close }));
      });
    }),
    ({ close }) => Effect.sync(close),
  );
