import * as Command from "../kit/Command.js";
import { decide, target } from "./target.js";

export const accept = Command.make({
  name: "accept",
  description: "Approve an application",
  rung: "reviewer",
  options: target,
  handler: (input) => decide(input, { kind: "approve", reason: null }),
});
