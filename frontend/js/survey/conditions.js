// Questions that are asked only under a condition. What the server could write as plain comparisons joined by
// "and" is decided here at once; an unknown answer never hides a question. The rest the server says after saving.
import { plain } from "./checks.js";
import { question, standing } from "./controls.js";

const numeric = new Set(["count", "number", "year"]);

function known(box) {
  const value = standing(box);
  if (typeof value !== "string" || value === "") return undefined;
  if (box.dataset.type === "bool") return value === "true";
  if (!numeric.has(box.dataset.type)) return value;
  const number = Number(plain(value).replaceAll(",", ""));
  return Number.isNaN(number) ? undefined : number;
}

const compare = {
  "==": (a, b) => a === b,
  "!=": (a, b) => a !== b,
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
};

function fails([field, sign, wanted]) {
  const box = question(field);
  const value = box && known(box);
  return value !== undefined && !compare[sign](value, wanted);
}

export function hide(box, hidden) {
  if (box.hidden === hidden) return false;
  box.hidden = hidden;
  return true;
}

// Decide all conditions that can be decided here; return whether a question came or went.
export function decide() {
  let changed = false;
  for (const box of document.querySelectorAll("[data-when]")) changed = hide(box, JSON.parse(box.dataset.when).some(fails)) || changed;
  return changed;
}

// Follow the server where the conditions are its own.
export function follow(hidden) {
  const names = new Set(hidden);
  let changed = false;
  for (const box of document.querySelectorAll("[data-conditional]:not([data-when])")) changed = hide(box, names.has(box.dataset.field)) || changed;
  return changed;
}
