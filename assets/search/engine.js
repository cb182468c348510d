// The search engine: lunr finds candidates and ranks them, the texts themselves decide.

import { makeExcerpt } from "./excerpt.js";
import { parseQuery } from "./query.js";
import { makeFold, queryTerms } from "./tokens.js";

// Terms of a query that are asked of the index; the texts are held to the whole query anyway. 64 pairs of
// Han are more than a sentence, and a page pasted into the box must not stop the browser.
const MAX_TERMS = 64;
const LIMITS = ["publication", "topic", "from", "to"];

/**
 * The engine over the files that jianbao/publish/search.py wrote.
 * @param {{index: string, documents: string, folding: string}} addresses
 * @param {object} lunr
 */
export async function loadEngine({ index, documents, folding }, lunr) {
  const files = await Promise.all([index, documents, folding].map(fetchJson));
  return makeEngine(...files, lunr);
}

async function fetchJson(address) {
  const response = await fetch(address);
  if (!response.ok) {
    throw new Error(`${address}: HTTP ${response.status}`);
  }
  return response.json();
}

/**
 * @param {object} serialized the index of lunr
 * @param {{fields: object[], documents: object[]}} archive numbered by date; lunr knows them by place
 * @param {{from: string, to: string}} folding
 * @param {object} lunr
 */
export function makeEngine(serialized, { fields, documents }, folding, lunr) {
  const fold = makeFold(folding);
  const index = lunr.Index.load(serialized);
  const always = fields.filter((field) => field.always).map((field) => field.name);
  const fieldsOf = (word) => (word.field === null ? always : [word.field]);
  const foldedTexts = remember((key) => {
    const [place, field] = key.split("/");
    return documents[place].texts[field].map(fold);
  });

  /** Whether a word stands whole in one text: one headline, one paragraph. */
  function holds(place, word) {
    return fieldsOf(word).some((field) =>
      foldedTexts(`${place}/${field}`).some((text) => text.includes(word.text)),
    );
  }

  /** The documents that may hold all the words, with lunr's score; all of them when it cannot tell. */
  function candidates(words) {
    const clauses = words.flatMap((word) =>
      queryTerms(word.text).map((term) => ({ term, fields: fieldsOf(word) })),
    );
    if (clauses.length === 0) {
      return documents.map((_, place) => ({ place, score: 0 }));
    }
    const presence = lunr.Query.presence.REQUIRED;
    const found = index.query((query) => {
      for (const { term, fields } of clauses.slice(0, MAX_TERMS)) {
        query.term(term, { fields, presence, usePipeline: false });
      }
    });
    return found.map(({ ref, score }) => ({ place: Number(ref), score }));
  }

  /**
   * The documents that hold what a query asks for, best first or newest first, and what to show of each.
   * @param {string} text
   * @param {{sort?: string, publication?: string, topic?: string, from?: string, to?: string}} [asked]
   */
  function search(text, asked = {}) {
    const words = parseQuery(text, fields, fold);
    const wanted = words.filter((word) => !word.excluded);
    const unwanted = words.filter((word) => word.excluded);
    const asksNothing = words.length === 0 && !LIMITS.some((name) => asked[name]);
    const hits = (asksNothing ? [] : candidates(wanted))
      .filter(({ place }) => isWithin(documents[place], asked))
      .filter(({ place }) => wanted.every((word) => holds(place, word)))
      .filter(({ place }) => !unwanted.some((word) => holds(place, word)))
      .sort(asked.sort === "date" ? byDate : byScore)
      .map(({ place }) => documents[place]);
    return { hits, excerpt: (document) => makeExcerpt(document, wanted, fold) };
  }

  return { search, documents };
}

/** The function, asked once for each key. */
function remember(make) {
  const known = new Map();
  return (key) => {
    if (!known.has(key)) {
      known.set(key, make(key));
    }
    return known.get(key);
  };
}

function byDate(one, other) {
  return other.place - one.place;
}

function byScore(one, other) {
  return other.score - one.score || byDate(one, other);
}

/** Whether a document keeps to the limits; an unknown day is within no range of days. */
function isWithin(document, { publication, topic, from, to }) {
  return (
    (!publication || document.publication === publication) &&
    (!topic || document.topics.includes(topic)) &&
    (!from || (document.date !== null && document.date >= from)) &&
    (!to || (document.date !== null && document.date <= to))
  );
}
