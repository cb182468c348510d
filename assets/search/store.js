// The files of the search: each is fetched once, and one that failed is asked for anew at the next wish.

import { readLines, shardOf } from "./wire.js";

const KEPT = 5000; // files; of more, the longest unused is forgotten
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

  async function linesFrom(folder, first, start, end, read) {
    const from = shardOf(first, start);
    const count = first.length && shardOf(first, end) - from + 1;
    const shards = Array.from({ length: count }, (_, place) => file(`${folder}/${from + place}.txt`));
    return (await Promise.all(shards)).flatMap((shard) => read(shard, start));
  }

  /**
   * What the index holds for a term of a query: [term, postings] for each that it may stand for.
   * A star at its end is a range of the sorted shards, one at its beginning of the terms turned round, or of the Latin runs.
   */
  async function look(manifest, term) {
    const isMark = term === "*";
    const opens = !isMark && term.startsWith("*");
    const ends = !isMark && term.endsWith("*");
    const text = term.slice(opens ? 1 : 0, ends ? -1 : undefined);
    if (!opens) {
      const last = ends ? `${text}\uffff` : text;
      const lines = await linesFrom("terms", manifest.first, text, last, readLines);
      return ends ? lines : lines.filter(([found]) => found === text);
    }
    const terms = HAS_HAN.test(text)
      ? await endingWith(manifest.endings, text)
      : // What holds the piece anywhere holds it in a whole run, so joints with Han need no look.
        (await file("latin.txt")).split("\n").filter((one) => ends ? one.includes(text) : one.endsWith(text));
    return (await Promise.all(terms.map((one) => look(manifest, one)))).flat();
  }

  /** The joints of a Latin run and the Han behind it that end with a text. */
  async function endingWith(first, text) {
    const start = turned(text);
    const read = (shard) => shard.split("\n").filter((one) => one.startsWith(start));
    return (await linesFrom("endings", first, start, `${start}\uffff`, read)).map(turned);
  }

  return { file, look };
}

function turned(text) {
  return Array.from(text).reverse().join("");
}
