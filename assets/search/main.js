// The search page: what a reader types becomes a list of articles and an address to share.
//
// The words of the page stand in templates/search.html; what articles say goes in as text, never as HTML.

import { loadEngine } from "./engine.js";

const PAGE = 20; // results at a time
const PAUSE = 150; // milliseconds after a key before searching: longer than between two keys

const form = document.querySelector("form.search-form");
const box = form.elements.namedItem("q");
const list = document.querySelector("ol.results");
const more = document.querySelector("[data-more]");
const count = document.querySelector("[data-result-count]");
const template = document.querySelector("template#result");
const nothing = { hits: [], excerpt: null };

let engine = null; // a promise, once somebody means to search
let result = nothing;
let turn = 0; // of the latest query: the answer to an older one is dropped
let timer = 0;

// --- the form and the address say the same -----------------------------------------------------------

/** What the form asks; controls without a value are left out. */
function readForm() {
  const values = [...new FormData(form)].map(([name, value]) => [name, value.trim()]);
  return Object.fromEntries(values.filter(([, value]) => value !== ""));
}

function readAddress() {
  const asked = new URLSearchParams(location.search);
  for (const control of form.elements) {
    if (control.name) {
      const value = asked.get(control.name) ?? "";
      offer(control, value);
      control.value = value;
    }
  }
}

/** A choice that its list does not hold yet: the archive may still be on its way. */
function offer(control, value) {
  const options = control.options && Array.from(control.options, (option) => option.value);
  if (options && !options.includes(value)) {
    control.add(new Option(value, value));
  }
}

function writeAddress({ push }) {
  const query = String(new URLSearchParams(readForm()));
  if (query !== String(new URLSearchParams(location.search))) {
    const address = `${location.pathname}${query && `?${query}`}`;
    history[push ? "pushState" : "replaceState"](null, "", address);
  }
}

// --- searching ---------------------------------------------------------------------------------------

/** The engine, loaded at the first wish; after a failure the next wish tries again. */
function wantEngine() {
  engine ??= loadEngine({ ...form.dataset }, globalThis.lunr).then(
    (loaded) => {
      fillChoices(loaded.documents);
      return loaded;
    },
    (error) => {
      engine = null;
      throw error;
    },
  );
  return engine;
}

async function search() {
  turn += 1;
  const mine = turn;
  const { q = "", ...asked } = readForm();
  writeCount("");
  if (q === "" && Object.keys(asked).every((name) => name === "sort")) {
    show(nothing);
    say();
  } else {
    say("loading");
    const found = await answer(q, asked);
    if (mine === turn) {
      show(found ?? nothing);
      tell(found);
    }
  }
}

/** The engine's result, null when it could not be had. */
async function answer(text, asked) {
  try {
    return (await wantEngine()).search(text, asked);
  } catch (error) {
    console.error(error);
    return null;
  }
}

// --- showing -----------------------------------------------------------------------------------------

function tell(found) {
  if (found === null) {
    say("failed");
  } else {
    writeCount(String(found.hits.length));
    say("count", ...(found.hits.length === 0 ? ["none"] : []));
  }
}

/** Sentences of the page by name; the others are hidden. */
function say(...names) {
  for (const sentence of document.querySelectorAll("[data-says]")) {
    sentence.hidden = !names.includes(sentence.dataset.says);
  }
}

function writeCount(number) {
  count.dataset.resultCount = number;
  count.textContent = number;
}

function show(found) {
  result = found;
  list.replaceChildren();
  showMore();
}

/** Put the next results below the others; the first of them is given back. */
function showMore() {
  const shown = list.children.length;
  const items = result.hits.slice(shown, shown + PAGE).map(makeItem);
  list.append(...items);
  more.hidden = list.children.length >= result.hits.length;
  return items[0];
}

function makeItem(article) {
  const item = template.content.firstElementChild.cloneNode(true);
  const slot = (name) => item.querySelector(`[data-slot="${name}"]`);
  const address = form.dataset.article.replace("ID", article.id);
  const { title, passage, anchor } = result.excerpt(article);
  item.dataset.articleId = article.id;
  slot("title").href = address;
  slot("passage").href = anchor === null ? address : `${address}#${anchor}`;
  write(slot("title"), title);
  write(slot("passage"), passage);
  write(slot("publication"), [{ text: article.publication ?? "" }]);
  write(slot("topics"), [{ text: article.topics.join(" · ") }]);
  if (article.date !== null) {
    slot("date").dateTime = article.date;
    write(slot("date"), [{ text: article.date }]);
  }
  return item;
}

/** Pieces of text into an element, the marked ones as <mark>; without any, its own words stay. */
function write(element, pieces) {
  if (pieces.length > 0) {
    element.replaceChildren(...pieces.map(makePiece));
  }
}

function makePiece({ text, marked }) {
  const node = document.createElement(marked ? "mark" : "span");
  node.append(text);
  return marked ? node : node.firstChild;
}

/** The newspapers and topics of the archive, to choose from. */
function fillChoices(articles) {
  const choices = {
    publication: articles.map((article) => article.publication ?? ""),
    topic: articles.flatMap((article) => article.topics),
  };
  for (const [name, values] of Object.entries(choices)) {
    const control = form.elements.namedItem(name);
    for (const value of [...new Set(values)].sort((a, b) => a.localeCompare(b, "zh"))) {
      offer(control, value);
    }
  }
}

// --- what a reader does ------------------------------------------------------------------------------

function searchNow({ push }) {
  clearTimeout(timer);
  writeAddress({ push });
  search();
}

function searchSoon() {
  clearTimeout(timer);
  timer = setTimeout(() => searchNow({ push: false }), PAUSE);
}

/** Whether an input method is at work: its Enter chooses characters and means no search. */
function isComposing(event) {
  return event.isComposing || event.keyCode === 229;
}

function isTypedInto(element) {
  return element.matches("input, select, textarea, [contenteditable]");
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  searchNow({ push: true });
});

form.addEventListener("input", (event) => {
  if (!isComposing(event)) {
    searchSoon();
  }
});

box.addEventListener("compositionend", searchSoon);

box.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && isComposing(event)) {
    event.preventDefault();
  }
});

// Loading begins before the first word is typed; should it fail, the query will say so.
box.addEventListener("focus", () => wantEngine().catch(() => {}), { once: true });

more.addEventListener("click", () => {
  showMore()?.querySelector("a").focus();
});

document.addEventListener("keydown", (event) => {
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !isComposing(event);
  if (event.key === "/" && plain && !isTypedInto(event.target)) {
    event.preventDefault();
    box.focus();
  }
});

window.addEventListener("popstate", () => {
  readAddress();
  search();
});

readAddress();
search();
