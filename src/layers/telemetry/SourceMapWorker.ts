/*
 * Where lines of the bundle stand in the source. A thread of its own: the map of a bundle takes half a second and 90 MB to
 * read, which nobody who waits for an answer should notice, and both are gone when it ends.
 */
import { readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { parentPort, workerData } from "node:worker_threads";
import type { Place } from "./SourceMaps.js";

const maps = new Map<string, SourceMap | null>();

const mapOf = (file: string): SourceMap | null => {
  const known = maps.get(file);
  if (known !== undefined) return known;
  let read: SourceMap | null = null;
  try {
    // The one type of JSON here is the bundler's own.
    read = new SourceMap(JSON.parse(readFileSync(`${file}.map`, "utf8")) as SourceMap["payload"]);
  } catch {
    // A file without a map keeps its own lines.
  }
  maps.set(file, read);
  return read;
};

const original = ({ file, line, column }: Place): Place | null => {
  const entry = mapOf(file)?.findEntry(line - 1, column - 1);
  if (entry === undefined || !("originalSource" in entry)) return null;
  return {
    file: entry.originalSource.replace(/^(\.\.\/)+/, ""),
    line: entry.originalLine + 1,
    column: entry.originalColumn + 1,
  };
};

parentPort?.postMessage((workerData as ReadonlyArray<Place>).map(original));
