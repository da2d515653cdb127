/** The process that copies and checks whole databases: does what it is told, says how it went, and ends. */
import { Either, Schema } from "effect";
import * as Copy from "./Copy.js";
import { type Answer, Job } from "./CopyJob.js";

const run = async (job: Job): Promise<Answer> => {
  switch (job._tag) {
    case "Copy":
      if (job.backup) Copy.verify(job.from);
      return { _tag: "Sound", contents: await Copy.copy(job.from, job.to) };
    case "Verify":
      return { _tag: "Sound", contents: Copy.verify(job.path) };
    case "Check":
      return { _tag: "Checked", problems: Copy.check(job.path) };
  }
};

const answerTo = async (message: unknown): Promise<Answer> => {
  try {
    return await run(Either.getOrThrow(Schema.decodeUnknownEither(Job)(message)));
  } catch (error) {
    if (error instanceof Copy.Unsound) return { _tag: "Unsound", problem: error.message };
    const code =
      error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
    return { _tag: "Failed", code, message: error instanceof Error ? error.message : String(error) };
  }
};

// Whoever asked is gone: nobody needs the answer.
process.once("disconnect", () => process.exit(0));
process.once("message", (message) => {
  void answerTo(message).then((answer) => {
    process.send?.(answer, () => {
      process.disconnect();
    });
  });
});
