// How far each section is: answered or known among the questions that are asked now.
const DONE = new Set(["answered", "known"]);

export function count() {
  for (const section of document.querySelectorAll("[data-section]")) {
    const asked = [...section.querySelectorAll("[data-field]")].filter((box) => !box.hidden);
    const done = asked.filter((box) => DONE.has(box.dataset.state)).length;
    for (const shown of document.querySelectorAll(`[data-progress="${section.dataset.section}"]`)) {
      shown.textContent = `${done}/${asked.length}`;
      shown.classList.toggle("complete", done === asked.length);
    }
  }
}

let planned = false;

export function countSoon() {
  if (planned) return;
  planned = true;
  requestAnimationFrame(() => {
    planned = false;
    count();
  });
}
