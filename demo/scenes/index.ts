import type { Stage } from "../lib/Stage.js";
import { accepted } from "./accepted.js";
import { closedDms } from "./closedDms.js";
import { hierarchy } from "./hierarchy.js";
import { kicked } from "./kicked.js";
import { killed } from "./killed.js";
import { permanentlyRejected } from "./permanentlyRejected.js";
import { race } from "./race.js";
import { rejected } from "./rejected.js";
import { setUp } from "./setUp.js";

/** One line a scene, in the order in which they are played. */
export const scenes: ReadonlyArray<(stage: Stage) => Promise<void>> = [
  setUp,
  accepted,
  rejected,
  permanentlyRejected,
  kicked,
  closedDms,
  hierarchy,
  race,
  killed,
];
