// Folds and cuts each text: {folding, texts} on standard input → [{folded, tokens, terms}] on output.

import { readFileSync } from "node:fs";

import { makeFold, queryTerms, tokens } from "../../assets/search/tokens.js";

const { folding, texts } = JSON.parse(readFileSync(0, "utf8"));
const fold = makeFold(folding);
const answers = texts.map((text) => {
  const folded = fold(text);
  return { folded, tokens: tokens(folded), terms: queryTerms(folded) };
});
process.stdout.write(JSON.stringify(answers));
