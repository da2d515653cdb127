import { Effect } from "effect";

/** Lets whatever waits for the event loop have its turn: between the parts of long work. */
export const breathe = Effect.async<void>((resume) => {
  setImmediate(() => {
    resume(Effect.void);
  });
});
