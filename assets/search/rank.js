// The score of each document as lunr gives it, from the few terms and documents that a query is about.

/**
 * @param {{fields: string[], lines: [string, object[]][]}[]} clauses fields to look in, terms with their postings
 * @param {Uint8Array} alive which documents hold them all: others would only cost time
 * @returns {Map<number, number>} document → score
 */
export function rank(clauses, alive, { manifest, lengths, lunr }) {
  const { fields, k1, b, documents } = manifest;
  const used = new Set(clauses.flatMap((clause) => clause.fields));
  const postings = new Map(clauses.flatMap((clause) => clause.lines));
  const vectors = new Map();

  /** BM25, operation by operation as in lunr's builder, so that not a bit differs. */
  function weigh(place, document, count, idf) {
    const { average, boost } = fields[place];
    const length = lengths[place](document);
    const score = (idf * ((k1 + 1) * count)) / (k1 * (1 - b + b * (length / average)) + count);
    return Math.round(score * boost * 1000) / 1000;
  }

  // lunr wants its terms in the order of UTF-16 units, which is that of sort().
  const invertedIndex = [...postings.keys()].sort().map((term, _index) => {
    const several = postings.get(term);
    const held = several.reduce((sum, posting) => sum + posting.documents.length, 0);
    const idf = Math.log(1 + Math.abs((documents - held + 0.5) / (held + 0.5)));
    const entry = { _index };
    fields.forEach(({ name }, place) => {
      entry[name] = {};
      const posting = used.has(name) && several[place];
      for (let at = 0; posting && at < posting.documents.length; at += 1) {
        const document = posting.documents[at];
        if (alive[document]) {
          const key = `${name}/${document}`;
          entry[name][document] = {};
          vectors.set(key, vectors.get(key) ?? []);
          vectors.get(key).push(_index, weigh(place, document, posting.counts[at], idf));
        }
      }
    });
    return [term, entry];
  });
  const index = lunr.Index.load({
    version: lunr.version,
    fields: fields.map((field) => field.name),
    fieldVectors: [...vectors],
    invertedIndex,
    pipeline: [],
  });
  const found = index.query((query) => {
    for (const { fields: names, lines } of clauses) {
      for (const [term] of lines) {
        // With a distance lunr takes a star for the mark it is: which terms it stands for is settled.
        query.term(term, { fields: names, usePipeline: false, editDistance: 0 });
      }
    }
  });
  return new Map(found.map(({ ref, score }) => [Number(ref), score]));
}
