import { createHash } from "node:crypto";
import { invalidForm } from "../errors.js";
import type { World } from "../world/World.js";

const MAX_BYTES = 10_240 * 1024;
const DATA_URI = /^data:(image\/(?:png|jpeg|gif|webp));base64,([A-Za-z0-9+/=\r\n]+)$/;

/** A picture sent as a data URI: kept for the CDN, known by its hash. `null` takes it away. */
export function picture(
  world: World,
  place: "avatars" | "banners" | "icons" | "splashes",
  ownerId: string,
  field: string,
  uri: string | null,
): string | null {
  if (uri === null) return null;
  const [, type, base64] = DATA_URI.exec(uri) ?? [];
  const bytes = Buffer.from(base64 ?? "", "base64");
  if (type === undefined || bytes.length === 0)
    throw invalidForm(field, "IMAGE_INVALID", "Invalid image data");
  if (bytes.length > MAX_BYTES)
    throw invalidForm(field, "BINARY_TYPE_MAX_SIZE", "File cannot be larger than 10240.0 kb.");
  const hash = createHash("md5").update(bytes).digest("hex");
  world.files.put(`${place}/${ownerId}/${hash}`, { name: hash, type, bytes });
  return hash;
}
