// Copying what is to be quoted. A button with data-copy="ID" copies the text of that element and says so: on itself for a
// while, and in the <output> beside it, which screen readers tell. Without a clipboard the button stays hidden; one click
// on the text selects all of it then (style.css).

const WHILE = 3000;
const timers = new Map();

async function copy(button) {
  const text = document.getElementById(button.dataset.copy);
  const said = button.parentElement.querySelector("output");
  said.value = "";
  try {
    await navigator.clipboard.writeText(text.textContent.trim());
  } catch {
    getSelection().selectAllChildren(text); // the browser does not let us; the reader's own keys may
    return;
  }
  said.value = button.textContent = button.dataset.copied;
  clearTimeout(timers.get(button));
  timers.set(button, setTimeout(() => (button.textContent = button.dataset.label), WHILE));
}

if (navigator.clipboard) {
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", () => copy(button));
  }
}
