// The light/dark switch. Runs before the page is painted, so that a chosen theme never flashes;
// without a choice the reader's system decides, in style.css.

const KEY = "theme";
const root = document.documentElement;

function remembered() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null; // a browser that keeps nothing for this site
  }
}

function show(theme) {
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
}

function isDark() {
  const chosen = root.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function turn() {
  const theme = isDark() ? "light" : "dark";
  show(theme);
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // the choice holds for this page only
  }
}

show(remembered());
document.addEventListener("DOMContentLoaded", () => {
  const button = document.querySelector("[data-theme-switch]");
  if (!button) return;
  button.hidden = false;
  button.addEventListener("click", turn);
});
