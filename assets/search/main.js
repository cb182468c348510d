// The search page: what a reader types becomes a list of articles and an address to share.
//
// The words of the page stand in templates/search.html; what articles say goes in as text, never as HTML.

import { connect } from "./remote.js";

const PAGE = 10; // results at a time
const PAUSE = 150; // milliseconds after a key before searching: longer than between two keys

const form = document.querySelector("form.search-form");
const box = form.elements.namedItem("q");
const filters = document.querySelector(".search-filters");
const list = document.querySelector("ol.results");
const moreButton = document.querySelector("[data-more]");
const count = document.querySelector("[data-result-count]");
const template = document.querySelector("template#result");
const nothing = { items: [], hasMore: false };

let engine = null; // a promise, once somebody means to search
let ahead = null; // the page after those shown, on its way before it is asked for
let turn = 0; // of the latest query: the answer to an older one is dropped
let timer = 0;
let composing = false; // an input method has begun and not ended

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
      choose(control, asked.get(control.name) ?? "");
    }
  }
}

/** A value, which the list of choices need not hold yet: the names may still be on their way. */
function choose(control, value) {
  const options = control.options && Array.from(control.options, (option) => option.value);
  if (options && !options.includes(value)) {
    control.add(new Option(value, value));
  }
  control.value = value;
}

function pageOfAddress() {
  const number = Number(new URLSearchParams(location.search).get("page"));
  return Number.isInteger(number) ? Math.min(Math.max(number, 1), 100) : 1;
}

function writeAddress({ push = false, page = 1 } = {}) {
  const query = String(new URLSearchParams({ ...readForm(), ...(page > 1 && { page }) }));
  if (query !== String(new URLSearchParams(location.search))) {
    const address = `${location.pathname}${query && `?${query}`}`;
    history[push ? "pushState" : "replaceState"](null, "", address);
  }
}

// --- searching ---------------------------------------------------------------------------------------

/** The engine, loaded at the first wish; after a failure the next wish tries again. */
function wantEngine() {
  engine ??= connect(new URL(form.dataset.search, document.baseURI).href).catch((error) => {
    engine = null;
    throw error;
  });
  return engine;
}

async function search() {
  turn += 1;
  const mine = turn;
  const asked = readForm();
  const size = PAGE * pageOfAddress();
  ahead = null;
  moreButton.hidden = true;
  writeCount({ count: "", isExact: true });
  if (Object.keys(asked).every((name) => name === "sort")) {
    show(nothing);
    say();
    return;
  }
  say("loading");
  try {
    const found = await (await wantEngine()).search(asked, size);
    if (mine === turn) {
      show(found);
      await tell(mine);
      afterwards(() => fillChoices(asked, mine));
    }
  } catch (error) {
    fail(error, mine);
  }
}

function fail(error, mine) {
  console.warn(error);
  if (mine === turn) {
    show(nothing);
    say("failed");
  }
}

/** The number of hits, once it is known; then the next are fetched before they are asked for. */
async function tell(mine) {
  const settled = await (await wantEngine()).settle();
  if (mine === turn) {
    writeCount(settled);
    say("count", ...(settled.count === 0 && settled.isExact ? ["none"] : []));
    moreButton.hidden ||= settled.isExact && list.children.length >= settled.count;
    if (settled.isExact && !moreButton.hidden) {
      next().catch(() => {});
    }
  }
}

/** When the browser has nothing better to do. */
function afterwards(act) {
  (globalThis.requestIdleCallback ?? setTimeout)(act);
}

// --- showing -----------------------------------------------------------------------------------------

/** Sentences of the page by name; the others are hidden. */
function say(...names) {
  for (const sentence of document.querySelectorAll("[data-says]")) {
    sentence.hidden = !names.includes(sentence.dataset.says);
  }
}

function writeCount({ count: number, isExact }) {
  count.dataset.resultCount = number;
  count.textContent = number;
  for (const word of document.querySelectorAll("[data-exact], [data-about]")) {
    word.hidden = isExact === "about" in word.dataset;
  }
}

function show(found) {
  list.replaceChildren();
  append(found);
}

function append({ items, hasMore }) {
  const made = items.map(makeItem);
  list.append(...made);
  moreButton.hidden = !hasMore;
  return made[0];
}

/** The results after those shown, once, however often they are asked for. */
function next() {
  ahead ??= wantEngine()
    .then((ready) => ready.more(list.children.length, PAGE))
    .catch((error) => {
      ahead = null;
      throw error;
    });
  return ahead;
}

async function showMore() {
  const mine = turn;
  const wanted = next();
  try {
    const found = await wanted;
    if (mine === turn && wanted === ahead) {
      ahead = null;
      append(found)?.querySelector("a").focus();
      writeAddress({ page: Math.ceil(list.children.length / PAGE) });
      await tell(mine);
    }
  } catch (error) {
    console.warn(error);
    say("count", "failed");
  }
}

function makeItem({ id, date, publication, topics, title, passage, anchor }) {
  const item = template.content.firstElementChild.cloneNode(true);
  const slot = (name) => item.querySelector(`[data-slot="${name}"]`);
  const address = addressOf(id);
  item.dataset.articleId = id;
  slot("title").href = address;
  slot("passage").href = anchor ? `${address}#${anchor}` : address;
  write(slot("title"), title);
  write(slot("passage"), passage);
  slot("publication").textContent = publication ?? "";
  slot("topics").textContent = (topics ?? []).join(" · ");
  if (date) {
    slot("date").dateTime = date;
    slot("date").textContent = date;
  }
  return item;
}

function addressOf(id) {
  return form.dataset.article.replace("ID", id);
}

/** Pieces of text into an element, the marked ones as <mark>; without any, its own words stay. */
function write(element, pieces) {
  if (pieces.length > 0) {
    element.replaceChildren(...pieces.map(makePiece));
  }
}

function makePiece({ text, marked }) {
  const mark = document.createElement("mark");
  mark.textContent = text;
  return marked ? mark : text;
}

/** The names to choose from, each with the number of hits that it would leave. */
async function fillChoices(asked, mine) {
  const several = await (await wantEngine()).counts(asked).catch(() => []);
  for (const { name, names, isExact } of mine === turn ? several : []) {
    const control = form.elements.namedItem(name);
    if (control) {
      const chosen = control.value;
      const most = isExact ? "" : "≤";
      const options = names.map(([one, hits]) => new Option(`${one} (${most}${hits})`, one));
      control.replaceChildren(control.options[0], ...options);
      choose(control, chosen);
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

/** A suggestion leads to its article, or becomes a choice or a word with a prefix. */
function take({ text, kind, id }) {
  if (kind === "title") {
    location.assign(addressOf(id));
    return;
  }
  const control = form.elements.namedItem(kind);
  box.value = control ? "" : `${kind}:"${text}"`;
  if (control) {
    choose(control, text);
  }
  searchNow({ push: true });
}

/** Whether an input method is at work: its keys choose characters and mean nothing to the page. */
function isComposing(event) {
  return composing || event?.isComposing || event?.keyCode === 229;
}

box.addEventListener("compositionstart", () => (composing = true));
box.addEventListener("compositionend", () => (composing = false));

form.addEventListener("submit", (event) => {
  event.preventDefault();
  searchNow({ push: true });
});

form.addEventListener("input", (event) => {
  if (event.target.matches("select")) {
    searchNow({ push: true });
  } else if (!isComposing(event)) {
    searchSoon();
  }
});

box.addEventListener("compositionend", searchSoon);

// Loading begins before the first word is typed; should it fail, the query will say so.
box.addEventListener("focus", () => wantEngine().catch(() => {}));

for (const name of ["pointerenter", "focusin"]) {
  filters.addEventListener(name, () => fillChoices(readForm(), turn), { once: true });
}

moreButton.addEventListener("click", showMore);

document.addEventListener("keydown", (event) => {
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !isComposing(event);
  if (event.key === "/" && plain && !event.target.matches("input, select, textarea, [contenteditable]")) {
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

// Without suggestions the search is as good, so nothing waits for them.
afterwards(async () => {
  const { offerSuggestions } = await import("./suggest.js").catch(() => ({}));
  offerSuggestions?.(box, isComposing, async (text) => (await wantEngine()).suggest(text), take);
});
