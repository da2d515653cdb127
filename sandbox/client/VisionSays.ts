import type { SafeSearch, VisionRequest } from "../contract/vision.js";
import type { Control } from "./control.js";

/** Which pictures: the SHA-256 of the bytes, or a part of the address; all by default. */
interface Which {
  readonly image?: string;
  readonly times?: number;
}

/** What Google Vision answers about pictures. */
export class VisionSays {
  constructor(private readonly control: Control) {}

  /** What is left out is very unlikely. */
  says(answer: Partial<SafeSearch>, which: Which = {}): Promise<null> {
    return this.control.call("addVisionRule", { answer, ...which });
  }
  saysError(error: string, which: Which = {}): Promise<null> {
    return this.control.call("addVisionRule", { answer: { error }, ...which });
  }
  /** Every call is late, or fails with this status. */
  fails(fault: { readonly delayMs?: number; readonly status?: number }): Promise<null> {
    return this.control.call("setVision", { delayMs: fault.delayMs ?? 0, status: fault.status ?? 200 });
  }
  /** Every picture is harmless again. */
  reset(): Promise<null> {
    return this.control.call("resetVision", {});
  }
  requests(): Promise<VisionRequest[]> {
    return this.control.call("visionRequests", {});
  }
}
