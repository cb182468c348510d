// How the files of the search are written: numbers as text, and terms in the order of their shards.
// jianbao/publish/postings.py is the other end.

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const VALUES = new Uint8Array(128); // by the code of the character
Array.from(ALPHABET, (char, value) => (VALUES[char.charCodeAt(0)] = value));

/** The digit that stands at a place of a text. */
export function digitOf(text, place) {
  return VALUES[text.charCodeAt(place)];
}

/** Numbers in base 32, the lowest digit first; a digit above 31 has a next one. */
function readNumbers(text) {
  const numbers = [];
  let number = 0;
  let scale = 1;
  for (let place = 0; place < text.length; place += 1) {
    const digit = digitOf(text, place);
    number += (digit % 32) * scale;
    scale *= 32;
    if (digit < 32) {
      numbers.push(number);
      number = 0;
      scale = 1;
    }
  }
  return numbers;
}

/** The documents of a facet, told by the gaps between them. */
export function readDocuments(text) {
  let document = -1;
  return readNumbers(text).map((gap) => (document += gap + 1));
}

/** Documents in rising order and, in step, how often a term stands in each. */
export function readPosting(text) {
  const documents = [];
  const counts = [];
  const numbers = readNumbers(text);
  let document = -1;
  for (let place = 0; place < numbers.length; place += 1) {
    const number = numbers[place];
    const often = number % 2;
    document += (number - often) / 2 + 1;
    documents.push(document);
    counts.push(often ? numbers[(place += 1)] + 2 : 1);
  }
  return { documents, counts };
}

/** The shard that holds a term, if any does: the last that begins with it or before it. */
export function shardOf(first, term) {
  let low = 0;
  let high = first.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (first[middle] <= term) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return Math.max(0, low - 1);
}

/** The lines of a shard whose terms begin with `start`: term and postings, one for each field. */
export function readLines(shard, start) {
  const lines = [];
  for (let at = shard.indexOf(`\n${start}`); at >= 0; at = shard.indexOf(`\n${start}`, at + 1)) {
    const [term, ...postings] = shard.slice(at + 1, shard.indexOf("\n", at + 1)).split("\t");
    lines.push([term, postings.map(readPosting)]);
  }
  return lines;
}
