// What a reader may choose from: names with the number of hits each would leave, and suggestions while typing.

import { plainFold } from "./tokens.js";

const MAX_NAMES = 100; // of a facet
const MAX_SUGGESTIONS = 8;

/** The names of each facet with the number of hits each would leave, the other limits kept. */
export async function countNames({ manifest, facetOf, factsOf, within, settleOne, most }, asked) {
  const facts = await factsOf(asked.q ?? "");

  /** The documents that stand, the facet itself being no limit; unchecked ones where they are many. */
  async function standing(name) {
    const candidates = await within(facts, { ...asked, [name]: "" });
    const open = candidates.filter((one) => facts.isDoubtful(one) && !facts.verdicts.has(one));
    const isExact = open.length <= most;
    await Promise.all(isExact ? open.map((one) => settleOne(facts, one)) : []);
    return { left: new Set(candidates.filter((one) => facts.verdicts.get(one) ?? true)), isExact };
  }

  const several = manifest.facets.map(async (name) => {
    const facet = await facetOf(name);
    const { left, isExact } = await standing(name);
    const names = Array.from(facet, ([one, members]) => [
      one,
      members.filter((number) => left.has(number)).length,
    ]);
    const counted = names.filter(([, count]) => count > 0).sort(([, one], [, other]) => other - one);
    return { name, names: counted.slice(0, MAX_NAMES), isExact };
  });
  return Promise.all(several);
}

/** What may be meant by the beginning of a word: by its pinyin, or a name that is loaded and holds it. */
export async function suggest({ manifest, file, facets }, text) {
  const typed = plainFold(text);
  const found = /^[a-z]+$/.test(typed)
    ? await byPinyin(manifest, file, typed)
    : [...facets]
        .flatMap(([kind, names]) => [...names.keys()].map((name) => ({ text: name, kind, id: null })))
        .filter((one) => typed && plainFold(one.text).includes(typed));
  return found.slice(0, MAX_SUGGESTIONS);
}

/** A row may fit twice, by its syllables and by their initials. */
async function byPinyin({ letters }, file, typed) {
  const rows = letters.includes(typed[0]) ? await file(`suggestions/${typed[0]}.json`) : [];
  const found = new Map();
  for (const [pinyin, text, kind, id] of rows) {
    if (pinyin.startsWith(typed)) {
      found.set(`${kind} ${id} ${text}`, { text, kind, id });
    }
  }
  return [...found.values()];
}
