// The engine in a thread of its own: {id, name, values} comes in, {id, value} or {id, error} goes out.

import { openEngine } from "./engine.js";
// What the engine imports, so that all of it comes at once and not one file after the other.
import "./excerpt.js";
import "./query.js";
import "./rank.js";
import "./store.js";
import "./tokens.js";
import "./wire.js";

let engine = null;

self.onmessage = async ({ data: { id, name, values } }) => {
  try {
    if (engine === null) {
      engine = await openEngine(...values);
    }
    self.postMessage({ id, value: await engine[name]?.(...values) });
  } catch (error) {
    self.postMessage({ id, error: String(error) });
  }
};
