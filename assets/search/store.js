// The files of the search: each is fetched once, and one that failed is asked for anew at the next wish.

import { readLines, shardOf } from "./wire.js";

const KEPT = 1000; // files; of more, the longest unused is forgotten
const HAS_HAN = /[^0-9a-z\u00df-\u00f6\u00f8-\u024f]/;

/** @param {(path: string) => Promise<any>} read the text of a .txt, the value of a .json */
export function makeStore(read) {
  const files = new Map();

  function file(path) {
    const known = files.get(path);
    const wanted = known ?? read(path);
    files.delete(path);
    files.set(path, wanted);
    if (!known) {
      wanted.catch(() => files.delete(path));
    }
    if (files.size > KEPT) {
      files.delete(files.keys().next().value);
    }
    return wanted;
  }

  async function linesFrom(first, start, end) {
    const from = shardOf(first, start);
    const count = first.length && shardOf(first, end) - from + 1;
    const shards = Array.from({ length: count }, (_, place) => file(`terms/${from + place}.txt`));
    return (await Promise.all(shards)).flatMap((shard) => readLines(shard, start));
  }

  /**
   * What the index holds for a term of a query: [term, postings] for each that it may stand for.
   * A star at its end is a range of the sorted shards, one at its beginning needs the list of Latin terms.
   */
  async function look(first, term) {
    const isMark = term === "*";
    const opens = !isMark && term.startsWith("*");
    const ends = !isMark && term.endsWith("*");
    const text = term.slice(opens ? 1 : 0, ends ? -1 : undefined);
    if (!opens) {
      const lines = await linesFrom(first, text, ends ? `${text}\uffff` : text);
      return ends ? lines : lines.filter(([found]) => found === text);
    }
    // What holds the piece anywhere holds it in a whole run, so joints with Han need no look.
    const fits = ends
      ? (one) => one.includes(text) && !HAS_HAN.test(one)
      : (one) => one.endsWith(text);
    const terms = (await file("latin.txt")).split("\n").filter((one) => one && fits(one));
    return (await Promise.all(terms.map((one) => look(first, one)))).flat();
  }

  return { file, look };
}
