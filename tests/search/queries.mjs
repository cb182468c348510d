// Asks each query of a built search: {files, queries, fresh?} on standard input, each query {q, …limits} →
// [{ids, count, isExact, title, passage, anchor, read}] on output; the words of the first hit, marks as «»,
// `read` what was fetched for the first ten hits and what for the number. `fresh`: an engine for each query.

import lunr from "lunr";

import { makeEngine } from "../../assets/search/engine.js";
import { given, makeReader } from "./files.mjs";

const write = (pieces = []) =>
  pieces.map(({ text, marked }) => (marked ? `«${text}»` : text)).join("");

const paths = [];
const open = () => makeEngine(makeReader(given.files, paths), async () => lunr);
let engine = await open();

async function answer(asked) {
  paths.length = 0;
  engine = given.fresh ? await open() : engine;
  const { items, hasMore } = await engine.search(asked, 10);
  const first = [...paths];
  const { count, isExact } = await engine.settle();
  const settled = [...paths];
  const names = given.names ? await engine.counts(asked) : [];
  const all = [...items];
  for (let left = hasMore; left; ) {
    const next = await engine.more(all.length, 10);
    all.push(...next.items);
    left = next.hasMore;
  }
  const { title, passage, anchor = null } = all[0] ?? {};
  return {
    ids: all.map((item) => item.id),
    count,
    isExact,
    names,
    title: write(title),
    passage: write(passage),
    anchor,
    read: { first, settled, all: [...paths] },
  };
}

const answers = [];
for (const asked of given.queries) {
  answers.push(await answer(asked));
}
process.stdout.write(JSON.stringify(answers));
