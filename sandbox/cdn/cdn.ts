import type { ServerResponse } from "node:http";
import type { Files } from "../world/Files.js";
import { avatarPng } from "./png.js";

/** Avatars and icons of any hash, and the files that were really uploaded. */
export function serveCdn(files: Files, path: string, response: ServerResponse): void {
  const attachment = /^\/attachments\/\d+\/(\d+)\/[^/]+$/.exec(path);
  const file = attachment?.[1] === undefined ? undefined : files.get(attachment[1]);
  if (file !== undefined) return send(response, file.type, file.bytes);
  const picture =
    /^\/(?:embed\/avatars\/\d+|(?:avatars|icons|banners|splashes)\/\d+\/[\w-]+)\.(?:png|webp|jpg|jpeg|gif)$/.exec(
      path,
    );
  const [, place, owner, hash] = /^\/(\w+)\/(\d+)\/([\w-]+)\.\w+$/.exec(path) ?? [];
  const uploaded = files.get(`${place}/${owner}/${hash}`);
  if (uploaded !== undefined) return send(response, uploaded.type, uploaded.bytes);
  // Always a PNG: whoever asks for another format learns it from the content type.
  if (picture !== null) return send(response, "image/png", avatarPng(path.replace(/\.\w+$/, "")));
  response.writeHead(404);
  response.end();
}

function send(response: ServerResponse, type: string, bytes: Buffer): void {
  response.writeHead(200, { "Content-Type": type, "Content-Length": bytes.length });
  response.end(bytes);
}
