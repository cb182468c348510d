// The engine for the page: in a worker, or in the page itself where there are none.

const policy = globalThis.trustedTypes?.createPolicy("jianbao", { createScriptURL: near });

/** An address of a script, if it is of this site. */
function near(address) {
  if (new URL(address).origin !== location.origin) {
    throw new TypeError(`${address} is of another site`);
  }
  return address;
}

/** @param {string} manifest its address */
export async function connect(manifest) {
  try {
    return await inWorker(manifest);
  } catch (error) {
    console.warn(error);
    const { openEngine } = await import("./engine.js");
    return openEngine(manifest);
  }
}

async function inWorker(manifest) {
  const { href } = new URL("worker.js", import.meta.url);
  const worker = new Worker(policy ? policy.createScriptURL(href) : near(href), { type: "module" });
  const waiting = new Map();
  let last = 0;
  const ask = (name, ...values) =>
    new Promise((resolve, reject) => {
      last += 1;
      waiting.set(last, { resolve, reject });
      worker.postMessage({ id: last, name, values });
    });
  worker.onmessage = ({ data: { id, value, error } }) => {
    const { resolve, reject } = waiting.get(id);
    waiting.delete(id);
    error === undefined ? resolve(value) : reject(new Error(error));
  };
  worker.onerror = () => waiting.forEach(({ reject }) => reject(new Error("the worker failed")));
  try {
    await ask("open", manifest);
  } catch (error) {
    worker.terminate();
    throw error;
  }
  const names = ["search", "more", "settle", "counts", "suggest"];
  return Object.fromEntries(names.map((name) => [name, (...values) => ask(name, ...values)]));
}
