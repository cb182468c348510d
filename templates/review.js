// n and p lead to the next doubtful place of the page, and to the one before.

const STEPS = { n: 1, j: 1, p: -1, k: -1 };
const places = [...document.querySelectorAll(".received .number")];

addEventListener("keydown", (event) => {
  const step = STEPS[event.key];
  if (!step || !places.length || event.ctrlKey || event.metaKey || event.altKey) return;
  const here = places.findIndex((place) => `#${place.id}` === location.hash);
  const next = here < 0 && step < 0 ? places.length - 1 : here + step;
  location.hash = places[(next + places.length) % places.length].id;
});
