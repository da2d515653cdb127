import { HttpApi } from "@effect/platform";
import { AuthGroup } from "./Auth.js";
import { EventsGroup } from "./Events.js";
import { QueueGroup } from "./Queue.js";
import { HealthGroup } from "./Health.js";

/** The whole contract; one line a group. */
export const Api = HttpApi.make("pawtropolis")
  .add(HealthGroup)
  .add(AuthGroup)
  .add(QueueGroup)
  .add(EventsGroup);
