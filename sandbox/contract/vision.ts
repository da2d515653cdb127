/** What a driver may say about pictures, in Google Vision's words. */
import { z } from "zod";

export const Likelihood = z.enum([
  "UNKNOWN",
  "VERY_UNLIKELY",
  "UNLIKELY",
  "POSSIBLE",
  "LIKELY",
  "VERY_LIKELY",
]);
export type Likelihood = z.infer<typeof Likelihood>;

export const SafeSearch = z.object({
  adult: Likelihood,
  spoof: Likelihood,
  medical: Likelihood,
  violence: Likelihood,
  racy: Likelihood,
});
export type SafeSearch = z.infer<typeof SafeSearch>;

/** For which pictures: the SHA-256 of the bytes in hex, or a part of the address; without it for all. */
const image = z.string().optional();

/** The newest rule that fits a picture counts; what a rule leaves out is very unlikely. */
export const VisionRule = z.object({
  image,
  answer: z.union([SafeSearch.partial().strict(), z.object({ error: z.string() })]),
  /** How many pictures it counts for; all by default. */
  times: z.number().int().min(1).optional(),
});
export type VisionRule = z.infer<typeof VisionRule>;

export const VisionFault = z.object({
  delayMs: z.number().min(0),
  /** 200 answers as it should. */
  status: z.number().int(),
});
export type VisionFault = z.infer<typeof VisionFault>;

export const VisionRequest = z.object({
  at: z.number(),
  status: z.number(),
  /** The SHA-256 of each picture's bytes, or its address. */
  images: z.array(z.string()),
  features: z.array(z.string()),
});
export type VisionRequest = z.infer<typeof VisionRequest>;
