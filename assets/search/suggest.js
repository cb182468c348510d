// Suggestions below the search box: a list that keys and pointer choose from (ARIA's combobox).

/**
 * @param {HTMLInputElement} box
 * @param {(event?: Event) => boolean} isComposing whether an input method is at work
 * @param {(text: string) => Promise<{text: string, kind: string}[]>} suggest
 * @param {(suggestion: object) => void} take
 */
export function offerSuggestions(box, isComposing, suggest, take) {
  const list = document.getElementById(box.getAttribute("aria-controls"));
  let offered = [];
  let at = -1;

  async function offer() {
    const text = box.value;
    const found = await suggest(text).catch(() => []);
    if (box.value === text && document.activeElement === box) {
      show(found);
    }
  }

  function show(found) {
    offered = found;
    list.replaceChildren(...found.map(makeOption));
    list.hidden = found.length === 0;
    box.setAttribute("aria-expanded", String(!list.hidden));
    mark(-1);
  }

  function makeOption({ text, kind }, place) {
    const option = document.createElement("li");
    const label = document.createElement("span");
    option.id = `suggestion-${place}`;
    option.role = "option";
    label.textContent = list.dataset[kind] ?? "";
    option.append(text, " ", label);
    // Before the box loses the focus, and with it the list.
    option.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      choose(place);
    });
    return option;
  }

  function mark(place) {
    at = place;
    Array.from(list.children).forEach((option, one) =>
      option.setAttribute("aria-selected", String(one === at)),
    );
    box.setAttribute("aria-activedescendant", at < 0 ? "" : `suggestion-${at}`);
  }

  function choose(place) {
    const chosen = offered[place];
    show([]);
    take(chosen);
  }

  /** One place up or down, the box itself being before the first and after the last. */
  function move(step) {
    const places = offered.length + 1;
    mark(((at + 1 + step + places) % places) - 1);
  }

  const keys = {
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    Escape: () => (offered.length ? show([]) : box.blur()),
    Enter: () => choose(at),
  };

  box.addEventListener("keydown", (event) => {
    const isMeant = event.key === "Escape" || (offered.length > 0 && (event.key !== "Enter" || at >= 0));
    if (isComposing(event)) {
      event.key === "Enter" && event.preventDefault();
    } else if (Object.hasOwn(keys, event.key) && isMeant) {
      event.preventDefault();
      keys[event.key]();
    }
  });
  box.addEventListener("input", (event) => !isComposing(event) && offer());
  box.addEventListener("compositionend", offer);
  box.addEventListener("blur", () => show([]));
  box.form.addEventListener("submit", () => show([]));
  if (box.value && document.activeElement === box && !isComposing()) {
    offer(); // somebody was faster
  }
}
