// The search engine: the index finds candidates, lunr ranks them, the texts themselves decide.

import { makeExcerpt } from "./excerpt.js";
import { parseQuery } from "./query.js";
import { rank } from "./rank.js";
import { makeStore } from "./store.js";
import { makeFold, plainFold, queryTerms } from "./tokens.js";
import { digitOf, readDocuments } from "./wire.js";

// Terms of a query that are asked of the index; the texts are held to the whole query anyway. 64 pairs of
// Han are more than a sentence, and a page pasted into the box must not stop the browser.
const MAX_TERMS = 64;
// Candidates whose texts are looked into for an exact number; of more, the number is an estimate.
const MAX_CHECKED = 100;
const BATCH = 10; // texts fetched at a time: as many as a reader sees first

/** The engine over the files beside a manifest. @param {string} address of the manifest */
export async function openEngine(address) {
  async function read(path) {
    const response = await fetch(new URL(path, address));
    if (!response.ok) {
      throw new Error(`${path}: HTTP ${response.status}`);
    }
    return path.endsWith(".json") ? response.json() : response.text();
  }
  return makeEngine(read, loadLunr);
}

/** lunr asks for AMD's `define`, for in a module it finds no other place to put itself. */
async function loadLunr() {
  globalThis.define = Object.assign((make) => (globalThis.lunr = make()), { amd: true });
  await import(new URL("../lunr.min.js", import.meta.url));
  return globalThis.lunr;
}

/**
 * @param {(path: string) => Promise<any>} read
 * @param {() => Promise<object>} loadLunr
 */
export async function makeEngine(read, loadLunr) {
  const { file, look } = makeStore(read);
  const [manifest, table, lunr] = await Promise.all([
    file("manifest.json"),
    file("lengths.txt"),
    loadLunr(),
  ]);
  const { fields, documents: total } = manifest;
  const fieldsOf = (word) => fields.filter(({ name, always }) => (word.field ? name === word.field : always));
  const lengths = table.split("\n").map((line, place) => {
    const { average } = fields[place];
    return line ? (document) => manifest.lengths[digitOf(line, document)] : () => average;
  });
  const limits = [...manifest.facets, "from", "to"];
  const tableFold = async () => makeFold(await file("folding.json"));
  const facets = new Map(); // those that are loaded
  let query = null; // the latest, whatever its limits: {text, facts}
  let run = null; // the latest search: its candidates, and how far they are looked into

  // --- what a query asks of the index --------------------------------------------------------------

  /** What the index tells of a query. One in traditional characters is folded once its terms are missed. */
  async function ask(text) {
    const words = await lookUp(parseQuery(text, fields, plainFold));
    return judge(words.every((word) => word.isKnown) ? words : await lookUp(await foldFully(text)));
  }

  async function foldFully(text) {
    return parseQuery(text, fields, await tableFold());
  }

  function lookUp(words) {
    let left = MAX_TERMS;
    return Promise.all(
      words.map(async (word) => {
        const all = queryTerms(word.text);
        const terms = all.slice(0, left);
        left -= terms.length;
        const several = await Promise.all(terms.map((term) => look(manifest, term)));
        return {
          ...word,
          clauses: several.map((lines, place) => ({ term: terms[place], fields: fieldsOf(word), lines })),
          isKnown: terms.length === all.length && several.every((lines) => lines.length > 0),
          // A word that is one term: whatever holds the term holds the word.
          isExact: all.length === 1 && terms.length === 1 && bare(terms[0]) === word.text,
        };
      }),
    );
  }

  function judge(words) {
    const wanted = words.filter((word) => !word.excluded);
    const unwanted = words
      .filter((word) => word.excluded)
      .map((word) => ({ ...word, holders: holdersOf(word.clauses) }));
    const clauses = wanted.flatMap((word) => word.clauses);
    const alive = holdersOf(clauses);
    for (const { isExact, holders } of unwanted) {
      alive.forEach((_, document) => {
        alive[document] &= !(isExact && holders[document]);
      });
    }
    const isDoubtful = (document) =>
      wanted.some((word) => !word.isExact) ||
      unwanted.some((word) => !word.isExact && word.holders[document]);
    const hasWords = words.length > 0;
    return { wanted, unwanted, clauses, alive, isDoubtful, hasWords, verdicts: new Map(), scores: null };
  }

  /** Which documents fit all the clauses, each in any of its fields. */
  function holdersOf(clauses) {
    const met = new Uint8Array(total);
    clauses.forEach(({ fields: wanted, lines }, turn) => {
      for (const [, postings] of lines) {
        for (const field of wanted) {
          for (const document of postings[fields.indexOf(field)]?.documents ?? []) {
            met[document] = met[document] === turn ? turn + 1 : met[document];
          }
        }
      }
    });
    return met.map((turns) => turns === clauses.length);
  }

  async function factsOf(text) {
    if (query?.text !== text) {
      query = { text, facts: ask(text) };
    }
    const mine = query;
    try {
      return await mine.facts;
    } catch (error) {
      query = query === mine ? null : query;
      throw error;
    }
  }

  // --- limits --------------------------------------------------------------------------------------

  async function facetOf(name) {
    const { names, documents } = await file(`facets/${name}.json`);
    const found = new Map(names.map((one, place) => [one, readDocuments(documents[place])]));
    facets.set(name, found);
    return found;
  }

  /** The documents that a query's words and the limits leave. */
  async function within(facts, asked) {
    const alive = facts.alive.slice();
    for (const name of manifest.facets.filter((one) => asked[one])) {
      const members = new Set((await facetOf(name)).get(asked[name]));
      alive.forEach((_, document) => (alive[document] &= members.has(document)));
    }
    if (asked.from || asked.to) {
      const [from, to] = await rangeOf(asked);
      alive.fill(0, 0, from).fill(0, to);
    }
    return placesOf(alive);
  }

  /** Documents are numbered by their days, the undated first, which are within no range of days. */
  async function rangeOf({ from, to }) {
    const { undated, days } = await file("dates.json");
    const before = (isOver) =>
      days.reduce((sum, [day, count]) => sum + (isOver(day) ? 0 : count), undated);
    return [before((day) => day >= (from ?? "")), before((day) => to && day > to)];
  }

  // --- what the texts say --------------------------------------------------------------------------

  async function documentOf(number) {
    const document = await file(`texts/${Math.floor(number / 1000)}/${number}.json`);
    return { document, fold: document.folds ? makeFold(document.folds) : plainFold };
  }

  /** Whether a document stands: whether each word is whole in one headline or one paragraph, or must not be. */
  async function settleOne(facts, number) {
    if (facts.isDoubtful(number) && !facts.verdicts.has(number)) {
      const { document, fold } = await documentOf(number);
      const texts = (name) => (document.texts?.[name] ?? []).map(fold);
      const holds = (word) =>
        fieldsOf(word).some(({ name }) => texts(name).some((text) => text.includes(word.text)));
      facts.verdicts.set(number, facts.wanted.every(holds) && !facts.unwanted.some(holds));
    }
    return facts.verdicts.get(number) ?? true;
  }

  /** Look into the next candidates until enough stand, none are left or another search begins; one wish at a time. */
  function goOn(mine, enough) {
    mine.work = mine.work.catch(() => {}).then(() => lookInto(mine, enough));
    return mine.work;
  }

  async function lookInto(mine, enough) {
    while (mine === run && !enough() && mine.next < mine.candidates.length) {
      const batch = mine.candidates.slice(mine.next, mine.next + BATCH);
      const stand = await Promise.all(batch.map((number) => settleOne(mine.facts, number)));
      mine.standing.push(...batch.filter((_, place) => stand[place]));
      mine.next += batch.length;
    }
  }

  /** How many stand: counted, or estimated from those that were looked into. */
  function countOf({ candidates, standing, next }) {
    const rest = candidates.length - next;
    const count = standing.length + Math.round((rest * standing.length) / (next || 1));
    return { count, isExact: rest === 0 };
  }

  // --- what the page asks --------------------------------------------------------------------------

  /**
   * The best or the newest `size` documents that hold what is asked, ready to be shown.
   * @param {{q?: string, sort?: string, from?: string, to?: string}} asked and a name of each facet
   */
  async function search(asked, size) {
    const facts = await factsOf(asked.q ?? "");
    const asksNothing = !facts.hasWords && !limits.some((name) => asked[name]);
    const candidates = asksNothing ? [] : await within(facts, asked);
    if (asked.sort === "date" || facts.clauses.length === 0) {
      candidates.reverse();
    } else {
      facts.scores ??= rank(facts.clauses, facts.alive, { manifest, lengths, lunr });
      const score = (number) => facts.scores.get(number);
      candidates.sort((one, other) => score(other) - score(one) || other - one);
    }
    const doubtful = candidates.filter(facts.isDoubtful).length;
    run = { facts, candidates, doubtful, standing: [], next: 0, work: Promise.resolve() };
    if (doubtful === 0) {
      run.standing = candidates;
      run.next = candidates.length;
    }
    return more(0, size);
  }

  /** The hits from a place on. With nothing to show yet the search goes on, however long it takes. */
  async function more(from, size) {
    const mine = run;
    const end = mine.next + MAX_CHECKED;
    const standing = () => mine.standing.length - from;
    await goOn(mine, () => standing() >= size || (mine.next >= end && standing() > 0));
    const shown = mine.standing.slice(from, from + size);
    const items = await Promise.all(shown.map((number) => itemOf(mine.facts, number)));
    const hasMore = standing() > items.length || mine.next < mine.candidates.length;
    return { items, hasMore };
  }

  async function itemOf({ wanted, scores }, number) {
    const { document, fold } = await documentOf(number);
    const { id, date, publication, topics } = document;
    const score = scores?.get(number);
    return { id, date, publication, topics, score, ...makeExcerpt(document, wanted, fold) };
  }

  /** The number of hits, after looking into the rest of the candidates where they are few. */
  async function settle() {
    const mine = run;
    if (mine.doubtful <= MAX_CHECKED) {
      await goOn(mine, () => false);
    }
    return countOf(mine);
  }

  // What nobody waits for with the first results is loaded when it is wanted.
  const parts = { manifest, file, facets, facetOf, factsOf, within, settleOne, most: MAX_CHECKED };
  const counts = async (asked) => (await import("./choices.js")).countNames(parts, asked);
  const suggest = async (text) => (await import("./choices.js")).suggest(parts, text);

  return { search, more, settle, counts, suggest };
}

/** The numbers of the documents that are alive. */
function placesOf(alive) {
  const found = [];
  for (let place = alive.indexOf(1); place >= 0; place = alive.indexOf(1, place + 1)) {
    found.push(place);
  }
  return found;
}

/** A term without its stars; a star alone is a mark. */
function bare(term) {
  return term === "*" ? term : term.replace(/^\*|\*$/g, "");
}
