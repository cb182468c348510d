// A query as its reader means it: words that must stand, words that must not, and where.
//
//   读书 城南      both words            "读书 城南"    the phrase
//   -广告          not this word         标题:读书      only in the title (作者: 报纸: 栏目:)

// A word ends at a blank, but for a blank between quotation marks that end the word.
const WORD = /[^\s"“]*(?:"[^"]*"|“[^”]*”)(?=\s|$)|\S+/gu;
const MINUS = /^[-－](?=.)/su;
const PREFIX = /^([^:：]+)[:：](.+)$/su;
const QUOTED = /^(?:"([^"]*)"|“([^”]*)”)$/u;

/**
 * @param {string} text as typed
 * @param {{name: string, prefixes: string[]}[]} fields
 * @param {(text: string) => string} fold
 * @returns {{text: string, field: string | null, excluded: boolean}[]} words, folded
 */
export function parseQuery(text, fields, fold) {
  const names = new Map(fields.flatMap(({ name, prefixes }) => prefixes.map((one) => [one, name])));
  return Array.from(text.matchAll(WORD), ([typed]) => readWord(typed, names, fold)).filter(
    (word) => word.text !== "",
  );
}

/** A colon after anything but a prefix is punctuation of the word, as in 12:30. */
function readWord(typed, names, fold) {
  const positive = typed.replace(MINUS, "");
  const [, prefix, rest] = PREFIX.exec(positive) ?? [];
  const field = names.get(fold(prefix ?? "")) ?? null;
  const wanted = field === null ? positive : rest;
  const [, straight, curly] = QUOTED.exec(wanted) ?? [];
  return { text: fold(straight ?? curly ?? wanted), field, excluded: positive !== typed };
}
