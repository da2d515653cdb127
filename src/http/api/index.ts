import { HttpApi } from "@effect/platform";
import { HealthGroup } from "./Health.js";

/** The whole contract; one line a group. */
export const Api = HttpApi.make("pawtropolis").add(HealthGroup);
