// Controls that are more than one input: rows of a table, an attachment, a position.
import { addRow, questionOf } from "./controls.js";
import { fill } from "./marks.js";

const MEGABYTE = 1024 * 1024;
const PRECISION = 6; // decimals of a degree: a tenth of a metre
const PATIENCE = 20_000; // ms

// The server decides; this only spares a long upload.
export const tooLarge = (file, most, words) => (file.size > most * MEGABYTE ? fill(words.too_large, { most }) : "");

export function attached(box, name) {
  const shown = box.querySelector("[data-attached]");
  shown.hidden = false;
  shown.querySelector("a").textContent = name;
}

function addTo(box) {
  addRow(box).querySelector("[data-value]").focus();
}

function removeFrom(box, row) {
  const next = row.nextElementSibling ?? row.previousElementSibling;
  row.remove();
  if (!next) addRow(box);
  (next ?? box).querySelector("[data-value]").focus();
}

function locate(button, box, words, typed) {
  const told = box.querySelector("[data-located]");
  told.textContent = words.locating;
  button.disabled = true;
  const done = (text) => {
    told.textContent = text;
    button.disabled = false;
  };
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      box.querySelector("[data-value]").value = `${coords.longitude.toFixed(PRECISION)},${coords.latitude.toFixed(PRECISION)}`;
      done(fill(words.located, { metres: Math.round(coords.accuracy) }));
      typed(box);
    },
    (error) => done(error.code === error.PERMISSION_DENIED ? words.location_denied : words.location_failed),
    { enableHighAccuracy: true, timeout: PATIENCE },
  );
}

export function listen(root, words, typed) {
  root.addEventListener("click", ({ target }) => {
    const button = target.closest("button[data-act]");
    const box = button && questionOf(button);
    if (!box) return;
    if (button.dataset.act === "add-row") addTo(box);
    if (button.dataset.act === "remove-row") {
      removeFrom(box, button.closest("[data-row]"));
      typed(box);
    }
    if (button.dataset.act === "locate") locate(button, box, words, typed);
    if (button.dataset.act === "detach") {
      box.querySelector("[data-value]").value = "";
      box.querySelector("[data-attached]").hidden = true;
      typed(box);
    }
  });
  if (!("geolocation" in navigator)) for (const button of root.querySelectorAll('[data-act="locate"]')) button.hidden = true;
}
