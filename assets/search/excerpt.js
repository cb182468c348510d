// What a reader sees of a hit: its title and the passage where the words stand, in pieces, words marked.

// Characters shown before the first word and after it: two or three lines on a phone.
const BEFORE = 24;
const AFTER = 72;

/**
 * Compared folded, shown as printed. A word is marked where its field is.
 * @param {{title?: string, texts?: Record<string, string[]>, anchors?: (string | null)[]}} document
 * @param {{text: string, field: string | null}[]} words folded
 * @param {(text: string) => string} fold
 */
export function makeExcerpt(document, words, fold) {
  const wordsOf = (field) =>
    words.filter((word) => word.field === null || word.field === field).map((word) => word.text);
  const inBody = wordsOf("body");
  const passages = document.texts?.body ?? [];
  const first = passages.findIndex((text) => inBody.some((word) => fold(text).includes(word)));
  const place = Math.max(0, first);
  return {
    title: document.title === undefined ? [] : pieces(markWords(document.title, wordsOf("title"), fold)),
    passage: surroundings(markWords(passages[place] ?? "", inBody, fold)),
    anchor: document.anchors?.[place] ?? null,
  };
}

/** The characters of a text, each with whether it belongs to a word. */
function markWords(text, words, fold) {
  const chars = Array.from(text, (char) => ({ char, marked: false }));
  const folded = chars.map(({ char }) => fold(char));
  const owners = folded.flatMap((part, place) => Array.from({ length: part.length }, () => place));
  const whole = folded.join("");
  for (const word of words) {
    for (let at = whole.indexOf(word); at >= 0; at = whole.indexOf(word, at + word.length)) {
      for (let place = owners[at]; place <= owners[at + word.length - 1]; place += 1) {
        chars[place].marked = true;
      }
    }
  }
  return chars;
}

/** The pieces around the first mark, or from the beginning; …… where something is left out. */
function surroundings(chars) {
  const mark = chars.findIndex(({ marked }) => marked);
  const from = Math.max(0, mark - BEFORE);
  const to = Math.max(0, mark) + AFTER;
  return [
    ...(from > 0 ? [{ text: "……", marked: false }] : []),
    ...pieces(chars.slice(from, to)),
    ...(to < chars.length ? [{ text: "……", marked: false }] : []),
  ];
}

/** Characters in a row that are marked, or are not, as one piece. */
function pieces(chars) {
  const found = [];
  for (const { char, marked } of chars) {
    if (found.at(-1)?.marked === marked) {
      found.at(-1).text += char;
    } else {
      found.push({ text: char, marked });
    }
  }
  return found;
}
