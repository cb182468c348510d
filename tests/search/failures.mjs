// A search whose files fail at first: {files} on standard input → what each attempt gave, on output.

import lunr from "lunr";

import { makeEngine } from "../../assets/search/engine.js";
import { given, makeReader } from "./files.mjs";

const read = makeReader(given.files);
let isDown = false;
const engine = await makeEngine(
  (path) => (isDown ? Promise.reject(new Error(`${path}: no network`)) : read(path)),
  async () => lunr,
);

async function attempt(q) {
  try {
    return (await engine.search({ q }, 10)).items.length;
  } catch {
    return "failed";
  }
}

const answers = [];
for (const q of ["城南", "城南 公交"]) {
  isDown = true;
  // The second word's shard may be known by now: limits by date need a file of their own.
  answers.push(await engine.search({ q, from: q === "城南" ? "" : "2000-01-01" }, 10).then(() => "found", () => "failed"));
  isDown = false;
  answers.push(await attempt(q));
}
process.stdout.write(JSON.stringify(answers));
