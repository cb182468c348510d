// On this day: leads to the day that the reader's clock says, where the archive holds anything of it.

const place = document.querySelector("[data-today]");
const now = new Date();
const two = (number) => String(number).padStart(2, "0");
const day = `${two(now.getMonth() + 1)}-${two(now.getDate())}`;
const found = document.querySelector(`[data-day="${day}"]`);
if (place && found) {
  const link = place.querySelector("a");
  link.href = found.href;
  link.textContent = found.title;
  found.setAttribute("aria-current", "date");
  place.hidden = false;
}
