import * as Command from "../kit/Command.js";
import { decide, openApplications, target } from "./target.js";

export const accept = Command.make({
  name: "accept",
  description: "Approve an application",
  rung: "reviewer",
  options: target,
  complete: { app: openApplications },
  handler: (input) => decide(input, { kind: "approve", reason: null }),
});
