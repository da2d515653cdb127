import { crc32, deflateSync } from "node:zlib";

const SIZE = 64;
const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const cache = new Map<string, Buffer>();

/** A small square in a colour of its own for every seed, with a mark in it. */
export function avatarPng(seed: string): Buffer {
  const known = cache.get(seed);
  if (known !== undefined) return known;
  const hash = checksum(Buffer.from(seed));
  const background = [64 + (hash & 127), 64 + ((hash >>> 8) & 127), 64 + ((hash >>> 16) & 127)];
  const rows = Buffer.alloc(SIZE * (1 + SIZE * 3));
  for (let y = 0; y < SIZE; y++) {
    for (let x = 0; x < SIZE; x++) {
      const marked =
        ((hash >>> ((Math.floor(y / 16) * 4 + Math.min(Math.floor(x / 16), 3 - Math.floor(x / 16))) % 24)) &
          1) ===
        1;
      for (let c = 0; c < 3; c++)
        rows[y * (1 + SIZE * 3) + 1 + x * 3 + c] = marked ? 235 : (background[c] ?? 0);
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(SIZE, 0);
  header.writeUInt32BE(SIZE, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const png = Buffer.concat([
    SIGNATURE,
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
  if (cache.size < 1_000) cache.set(seed, png);
  return png;
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(checksum(body));
  return Buffer.concat([length, body, check]);
}

function checksum(data: Buffer): number {
  return crc32(data);
}
