// The score of each document as lunr gives it, from the few terms and documents that a query is about.

const IS_BEGINNING = /^[^*]+\*$/; // a term with a star behind, and nothing but the star of a wildcard

/**
 * @param {{term: string, fields: object[], lines: [string, object[]][]}[]} clauses terms of the query, the fields they
 *     are looked for in, and what they stand for: terms of the index with their postings
 * @param {Uint8Array} alive which documents hold them all: others would only cost time
 * @returns {Map<number, number>} document → score
 */
export function rank(clauses, alive, { manifest, lengths, lunr }) {
  const { fields, k1, b, documents } = manifest;
  const used = fields
    .map((field, place) => ({ ...field, place, terms: termsIn(field) }))
    .filter(({ terms }) => terms.size > 0);
  const postings = new Map(clauses.flatMap((clause) => clause.lines));
  const vectors = new Map(used.map(({ place }) => [place, new Map()]));

  /** The terms that are looked for in a field. */
  function termsIn(field) {
    const lines = clauses.flatMap((clause) => (clause.fields.includes(field) ? clause.lines : []));
    return new Set(lines.map(([term]) => term));
  }

  /** BM25, operation by operation as in lunr's builder, so that not a bit differs. */
  function weigh({ average, boost, place }, document, count, idf) {
    const length = lengths[place](document);
    const score = (idf * ((k1 + 1) * count)) / (k1 * (1 - b + b * (length / average)) + count);
    return Math.round(score * boost * 1000) / 1000;
  }

  /** A term's entry: a document stands at its first term only, for lunr finds all weights in the vectors. */
  function enter(term, _index) {
    const several = postings.get(term);
    const held = several.reduce((sum, posting) => sum + posting.documents.length, 0);
    const idf = Math.log(1 + Math.abs((documents - held + 0.5) / (held + 0.5)));
    const entry = { _index };
    for (const field of used) {
      const { documents: holders = [], counts } = (field.terms.has(term) && several[field.place]) || {};
      const own = vectors.get(field.place);
      const found = (entry[field.name] = {});
      holders.forEach((document, at) => {
        if (alive[document]) {
          const vector = own.get(document) ?? [];
          if (vector.length === 0) {
            found[document] = {};
            own.set(document, vector);
          }
          vector.push(_index, weigh(field, document, counts[at], idf));
        }
      });
    }
    return [term, entry];
  }

  // lunr wants its terms in the order of UTF-16 units, which is that of sort().
  const invertedIndex = [...postings.keys()].sort().map(enter);
  const index = lunr.Index.load({
    version: lunr.version,
    fields: used.map(({ name }) => name),
    fieldVectors: used.flatMap(({ name, place }) =>
      Array.from(vectors.get(place), ([document, vector]) => [`${name}/${document}`, vector]),
    ),
    invertedIndex,
    pipeline: [],
  });
  const found = index.query((query) => {
    for (const { term, fields: wanted, lines } of clauses) {
      const options = { fields: wanted.map(({ name }) => name), usePipeline: false };
      if (IS_BEGINNING.test(term)) {
        query.term(term, options);
        continue;
      }
      for (const [one] of lines) {
        // With a distance lunr takes a star for the mark it is: which terms it stands for is settled.
        query.term(one, { ...options, editDistance: 0 });
      }
    }
  });
  return new Map(found.map(({ ref, score }) => [Number(ref), score]));
}
