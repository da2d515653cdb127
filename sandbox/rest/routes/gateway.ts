import { route } from "../router.js";

/** The address is known once the server listens. */
export const gatewayRoutes = (url: () => string, shards: () => number) => [
  route("GET /gateway", () => ({ url: url() }), { open: true }),
  route("GET /gateway/bot", () => ({
    url: url(),
    shards: shards(),
    session_start_limit: { total: 1_000, remaining: 1_000, reset_after: 86_400_000, max_concurrency: 1 },
  })),
];
