// Compares scores: {files, queries} on standard input → for each query [[id, ours, lunr's], …] on output.
// lunr's is the score of one whole index, which lunr's own builder makes of all that the shards hold.

import lunr from "lunr";

import { makeEngine } from "../../assets/search/engine.js";
import { parseQuery } from "../../assets/search/query.js";
import { makeFold, queryTerms } from "../../assets/search/tokens.js";
import { given, makeReader } from "./files.mjs";

const { files, queries } = given;
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const manifest = JSON.parse(files["manifest.json"]);
const fold = makeFold(JSON.parse(files["folding.json"]));

/** Postings as pairs of document and count, read in the plainest way. */
function decode(text) {
  const numbers = (text.match(/[g-z0-9_-]*[A-Za-f]/g) ?? []).map((digits) =>
    Array.from(digits).reduce((sum, char, at) => sum + (ALPHABET.indexOf(char) % 32) * 32 ** at, 0),
  );
  const pairs = [];
  let document = -1;
  while (numbers.length > 0) {
    const number = numbers.shift();
    document += Math.floor(number / 2) + 1;
    pairs.push([document, number % 2 ? numbers.shift() + 2 : 1]);
  }
  return pairs;
}

/** The index that lunr's builder would have made, had it been given all texts. */
function makeWhole() {
  const builder = new lunr.Builder();
  const lengths = files["lengths.txt"].split("\n");
  builder.documentCount = manifest.documents;
  builder.averageFieldLength = {};
  manifest.fields.forEach(({ name, boost, average }, place) => {
    builder.field(name, { boost });
    builder.averageFieldLength[name] = average;
    for (let document = 0; document < manifest.documents; document += 1) {
      const ref = `${name}/${document}`;
      builder._documents[document] = {};
      builder.fieldTermFrequencies[ref] = Object.create(null);
      builder.fieldLengths[ref] = lengths[place]
        ? manifest.lengths[ALPHABET.indexOf(lengths[place][document])]
        : average;
    }
  });
  const lines = manifest.first.flatMap((_, shard) => files[`terms/${shard}.txt`].split("\n")).filter(Boolean);
  lines.forEach((line, _index) => {
    const [term, ...postings] = line.split("\t");
    const entry = { _index };
    manifest.fields.forEach(({ name }, place) => {
      entry[name] = Object.create(null);
      for (const [document, count] of decode(postings[place] ?? "")) {
        entry[name][document] = {};
        builder.fieldTermFrequencies[`${name}/${document}`][term] = count;
      }
    });
    builder.invertedIndex[term] = entry;
  });
  builder.createFieldVectors();
  builder.createTokenSet();
  return new lunr.Index({
    invertedIndex: builder.invertedIndex,
    fieldVectors: builder.fieldVectors,
    tokenSet: builder.tokenSet,
    fields: manifest.fields.map(({ name }) => name),
    pipeline: builder.searchPipeline,
  });
}

const whole = makeWhole();
const presence = lunr.Query.presence.REQUIRED;
const always = manifest.fields.filter((field) => field.always).map((field) => field.name);

/** The whole runs that a cut one stands for; null for a term that lunr reads as we do. */
function runsFor(term) {
  const [, piece, star] = /^\*([0-9a-z\u00df-\u024f]+)(\*?)$/.exec(term) ?? [];
  return piece === undefined
    ? null
    : Object.keys(whole.invertedIndex).filter(
        (one) => /^[0-9a-z\u00df-\u024f]+$/.test(one) && (star ? one.includes(piece) : one.endsWith(piece)),
      );
}

/** All clauses required, stars as lunr reads them; a run whose beginning is cut stands for whole runs only. */
function scoresOfWhole(text) {
  const found = whole.query((query) => {
    for (const { text: word, field } of parseQuery(text, manifest.fields, fold)) {
      const fields = field === null ? always : [field];
      for (const term of queryTerms(word)) {
        const runs = runsFor(term);
        for (const run of runs ?? []) {
          query.term(run, { fields, usePipeline: false });
        }
        if (runs === null) {
          query.term(term, { fields, presence, usePipeline: false });
        }
      }
    }
  });
  return new Map(found.map(({ ref, score }) => [Number(ref), score]));
}

const engine = await makeEngine(makeReader(files), async () => lunr);
const numbers = new Map(
  Array.from({ length: manifest.documents }, (_, document) => [
    JSON.parse(files[`texts/${Math.floor(document / 1000)}/${document}.json`]).id,
    document,
  ]),
);
const answers = [];
for (const q of queries) {
  const { items } = await engine.search({ q }, 1000);
  const scores = scoresOfWhole(q);
  answers.push(items.map(({ id, score }) => [id, score, scores.get(numbers.get(id)) ?? null]));
}
process.stdout.write(JSON.stringify(answers));
