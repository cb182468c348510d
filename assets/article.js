// An article's page: the text in the other script, the source beside the text, the address to share.
//
// Without this the page is whole: the text as printed, the source in an element that opens, the address as a link.

const story = document.querySelector(".story");
const original = document.querySelector(".original");

// --- the other script --------------------------------------------------------------------------------

const SCRIPT = "script"; // remembered for all articles: the language that a reader likes better
const printed = { language: story.lang, texts: new Map() };
const other = story.dataset.otherScript;
const switchButton = document.querySelector("[data-script-switch]");
const note = document.querySelector("[data-script-note]");

/** `data-other` holds, before each character that differs, how many stay as they are. */
function* charsInOther(element, text) {
  const changes = element.dataset.other.matchAll(/(\d+)(\D)/gu);
  let next = changes.next();
  let left = Number(next.value?.[1]);
  for (const char of text) {
    if (!next.done && left === 0) {
      yield next.value[2];
      next = changes.next();
      left = Number(next.value?.[1]);
    } else {
      yield char;
      left -= 1;
    }
  }
}

function textsOf(element) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    found.push(walker.currentNode);
  }
  return found;
}

function showOther() {
  for (const element of story.querySelectorAll("[data-other]")) {
    const chars = charsInOther(element, element.textContent);
    for (const text of textsOf(element)) {
      printed.texts.set(text, text.data);
      text.data = Array.from(text.data, () => chars.next().value).join("");
    }
  }
}

function showPrinted() {
  printed.texts.forEach((data, text) => (text.data = data));
  printed.texts.clear();
}

function turnTo(isOther) {
  isOther ? showOther() : showPrinted();
  story.lang = isOther ? other : printed.language;
  switchButton.setAttribute("aria-pressed", String(isOther));
  note.hidden = !isOther;
}

function remember(language) {
  try {
    localStorage.setItem(SCRIPT, language);
  } catch {
    // the choice holds for this page only
  }
}

function remembered() {
  try {
    return localStorage.getItem(SCRIPT);
  } catch {
    return null; // a browser that keeps nothing for this site
  }
}

switchButton.hidden = false;
switchButton.addEventListener("click", () => {
  const isOther = story.lang !== other;
  turnTo(isOther);
  remember(isOther ? other : printed.language);
});
if (remembered() === other) {
  turnTo(true);
}

// --- the source beside the text ----------------------------------------------------------------------

const WIDE = matchMedia("(min-width: 62rem)"); // as in style.css, where the source stands beside the text

/** The paragraph and its piece of the source, from either. */
function pairOf(target) {
  const piece = target.closest(".piece[data-of]");
  const paragraph = piece ? document.getElementById(piece.dataset.of) : target.closest(".body [id]");
  return paragraph && { paragraph, piece: piece ?? document.getElementById(`o-${paragraph.id}`) };
}

function point(pair) {
  document.querySelectorAll(".pointed").forEach((one) => one.classList.remove("pointed"));
  pair?.paragraph.classList.add("pointed");
  pair?.piece?.classList.add("pointed");
}

/** Bring the other one of a pair into view; beside the text only within its own column. */
function goTo(pair, from) {
  const goal = from.closest(".piece") ? pair.paragraph : pair.piece;
  if (!goal) {
    return;
  }
  if (goal === pair.piece && WIDE.matches) {
    const { top, height } = goal.getBoundingClientRect();
    const place = original.getBoundingClientRect();
    original.scrollBy({ top: top - place.top - Math.max(0, (place.height - height) / 3) });
  } else {
    goal.scrollIntoView({ block: "center" });
  }
}

for (const side of original ? [story, original] : []) {
  side.addEventListener("pointerover", ({ target, pointerType }) => {
    const pair = original.open && pairOf(target);
    if (pair) {
      point(pair);
      if (pointerType === "mouse" && WIDE.matches && side === story) {
        goTo(pair, target);
      }
    }
  });
  side.addEventListener("click", ({ target }) => {
    const pair = original.open && !target.closest("a, button") && pairOf(target);
    if (pair && getSelection().isCollapsed) {
      point(pair);
      goTo(pair, target);
    }
  });
}

original?.addEventListener("toggle", () => point(null));

// --- the address -------------------------------------------------------------------------------------

const shareButton = document.querySelector("[data-share]");
const { href } = document.querySelector(".permalink");

if (navigator.share) {
  shareButton.hidden = false;
  shareButton.addEventListener("click", () => {
    navigator.share({ title: document.title, url: href }).catch(() => {}); // closed without a choice
  });
}
