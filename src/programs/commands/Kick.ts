import * as Command from "../kit/Command.js";
import { decide, reason, target } from "./target.js";

export const kick = Command.make({
  name: "kick",
  description: "Decline an application and remove the person from the server",
  rung: "reviewer",
  options: { reason, ...target },
  handler: (input) => decide(input, { kind: "kick", reason: input.options.reason }),
});
