// Asks each query of a built search: {index, documents, folding, queries} on standard input, each query
// {q, …limits} → [{ids, title, passage, anchor}] on output; the words of the first hit, marks as «».

import { readFileSync } from "node:fs";

import lunr from "lunr";

import { makeEngine } from "../../assets/search/engine.js";

const { index, documents, folding, queries } = JSON.parse(readFileSync(0, "utf8"));
const { search } = makeEngine(index, documents, folding, lunr);

const write = (pieces) => pieces.map(({ text, marked }) => (marked ? `«${text}»` : text)).join("");

const answers = queries.map(({ q, ...asked }) => {
  const { hits, excerpt } = search(q, asked);
  const { title, passage, anchor } = hits.length ? excerpt(hits[0]) : { title: [], passage: [] };
  return {
    ids: hits.map((hit) => hit.id),
    title: write(title),
    passage: write(passage),
    anchor: anchor ?? null,
  };
});
process.stdout.write(JSON.stringify(answers));
