// What is suggested for each text: {files, texts} on standard input → [[{text, kind, id}, …], …] on output.

import lunr from "lunr";

import { makeEngine } from "../../assets/search/engine.js";
import { given, makeReader } from "./files.mjs";

const engine = await makeEngine(makeReader(given.files), async () => lunr);
await engine.counts({});
process.stdout.write(JSON.stringify(await Promise.all(given.texts.map(engine.suggest))));
