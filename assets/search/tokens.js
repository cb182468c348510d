// Search tokens: the pieces of Chinese text that a query asks the index for.
//
// The mirror of jianbao/publish/tokens.py, where the why is told; tests/fixtures/tokens.json and ten
// thousand random texts hold the two together.

const HAN = "\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff\\u{20000}-\\u{3fffd}\\u3005\\u3007";
const LATIN = "0-9a-z\\u00df-\\u00f6\\u00f8-\\u024f";
const RUN = new RegExp(`([${HAN}]+)|[${LATIN}]+`, "gu");
const BLANK =
  /[\t-\r\x1c-\x20\x85\xa0\xad\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u2064\u2066-\u2069\u3000\ufeff]/g;

/**
 * The folding of this archive: a function from a text to what search compares it by.
 * @param {{from: string, to: string}} pairs traditional characters and, in step, the simplified ones
 * @returns {(text: string) => string}
 */
export function makeFold(pairs) {
  const to = Array.from(pairs.to);
  const table = new Map(Array.from(pairs.from, (char, place) => [char, to[place]]));
  const listed = new RegExp(`[${pairs.from}]`, "gu");
  return (text) => {
    const solid = text.normalize("NFKC").replace(BLANK, "");
    const small = solid.toLowerCase().replaceAll("ς", "σ").normalize("NFKC");
    return small.replace(listed, (char) => table.get(char));
  };
}

/** The folding that every archive shares: width, case and blanks, no pairs. */
export const plainFold = makeFold({ from: "", to: "" });

/** What the index holds of a folded text. */
export function tokens(folded) {
  return runsOf(folded).flatMap((run) => [
    ...(run.isHan ? [...bigrams(run.chars), run.chars.at(-1)] : [run.text]),
    ...(run.before ? [joint(run)] : []),
  ]);
}

/** The characters of a folded text that stand in no run, each once. */
export function marks(folded) {
  return [...new Set(folded.replace(RUN, ""))];
}

/** What a text must hold in the index, all of it, to hold this folded query; `*` stands for any end. */
export function queryTerms(folded) {
  const terms = runsOf(folded).flatMap((run) => termsOf(run, folded.length));
  return terms.length ? [...new Set(terms)] : marks(folded);
}

function termsOf(run, length) {
  const { text, chars, before, after } = run;
  if (run.isHan) {
    const isAlone = chars.length === 1 && !before && !after;
    return isAlone ? [run.end === length ? `${text}*` : text] : bigrams(chars);
  }
  const start = run.start === 0 ? "*" : "";
  const end = run.end === length ? "*" : "";
  const joints = [
    ...(before ? [Array.from(before).at(-1) + text + end] : []),
    ...(after ? [start + text + Array.from(after)[0]] : []),
  ];
  return joints.length ? joints : [start + text + end];
}

/** The runs of Han and of Latin, each with the run of the other kind that it touches on either side. */
function runsOf(folded) {
  const matches = [...folded.matchAll(RUN)];
  return matches.map((match, place) => {
    const previous = matches[place - 1];
    const next = matches[place + 1];
    const end = match.index + match[0].length;
    return {
      text: match[0],
      chars: Array.from(match[0]),
      isHan: match[1] !== undefined,
      start: match.index,
      end,
      before: previous && previous.index + previous[0].length === match.index ? previous[0] : "",
      after: next && next.index === end ? next[0] : "",
    };
  });
}

function bigrams(chars) {
  return chars.slice(1).map((char, place) => chars[place] + char);
}

/** Where Latin touches Han: the whole Latin run with the one Han character. */
function joint({ before, text, chars, isHan }) {
  return isHan ? before + chars[0] : Array.from(before).at(-1) + text;
}
