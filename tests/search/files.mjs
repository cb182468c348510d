// A built search as Node sees it: its files in memory, and what was read of them.

import { readFileSync } from "node:fs";

/** What a test writes on standard input: {files: path below the search's folder → text, …}. */
export const given = JSON.parse(readFileSync(0, "utf8"));

/** A reader over files, which keeps the paths it was asked for in `paths`. */
export function makeReader(files, paths = []) {
  return async (path) => {
    paths.push(path);
    if (!Object.hasOwn(files, path)) {
      throw new Error(`${path} is not there`);
    }
    return path.endsWith(".json") ? JSON.parse(files[path]) : files[path];
  };
}
