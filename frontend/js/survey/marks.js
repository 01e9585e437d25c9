// What stands beside a question: not yet sent, saved, refused with the reason, changed by somebody else, in conflict.
import { reveal } from "./controls.js";

const copy = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);

export function fill(text, values) {
  return text.replace(/%\((\w+)\)s/g, (_all, name) => String(values[name] ?? ""));
}

function place(box, kind) {
  let mark = box.querySelector(`:scope > .mark-${kind}`);
  if (!mark) {
    mark = document.createElement("p");
    mark.className = `mark mark-${kind}`;
    box.append(mark);
  }
  return mark;
}

const remove = (box, kind) => box.querySelector(`:scope > .mark-${kind}`)?.remove();

export function saying(box, kind, text) {
  if (text) place(box, kind).textContent = text;
  else remove(box, kind);
}

// The reason of a fault stands in the question's notes, where screen readers find it from the control.
export function faulty(box, text) {
  const notes = box.querySelector(".notes");
  notes.querySelector(".error")?.remove();
  for (const input of box.querySelectorAll("[data-value], input[type=radio]")) input.setAttribute("aria-invalid", String(Boolean(text)));
  if (!text) return;
  const error = document.createElement("p");
  error.className = "error";
  error.textContent = text;
  notes.prepend(error);
}

export function waiting(box, words) {
  box.dataset.saving = "waiting";
  saying(box, "state", words.waiting);
}

export function saved(box, words, at) {
  box.dataset.saving = "saved";
  saying(box, "state", fill(words.saved, { at }));
  saying(box, "news", "");
}

export function refused(box, words, { message, drop }) {
  box.dataset.saving = "refused";
  reveal(box);
  faulty(box, message || words.refused);
  const mark = place(box, "state");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-sm";
  button.textContent = words.give_up;
  button.addEventListener("click", drop);
  mark.replaceChildren(words.not_saved, " ", button);
}

export function conflict(box, { mine, theirs, choose }) {
  box.dataset.saving = "conflict";
  reveal(box);
  box.querySelector(":scope > .conflict")?.remove();
  const shown = copy("survey-conflict");
  shown.querySelector("[data-mine]").textContent = mine;
  shown.querySelector("[data-theirs]").textContent = theirs.shown;
  shown.querySelector("[data-source]").textContent = [theirs.source, theirs.at].filter(Boolean).join(" · ");
  for (const button of shown.querySelectorAll("button")) button.addEventListener("click", () => choose(button.value === "mine"));
  box.append(shown);
  saying(box, "state", "");
}

export function settled(box) {
  box.querySelector(":scope > .conflict")?.remove();
  delete box.dataset.saving;
}

export function news(box, words, change) {
  saying(box, "news", fill(change.own ? words.own_news : words.news, { by: change.by, value: change.shown, at: change.at }));
}

// How an answer reads to people: as the control shows it.
export function inWords(box, value) {
  if (Array.isArray(value)) return value.map((row) => Object.values(row).join(" ")).join("；");
  if (value?.["#file"] !== undefined) return "…";
  const label = box.querySelector(`input[type=radio][value="${CSS.escape(String(value ?? ""))}"]`)?.parentElement.textContent;
  const option = [...box.querySelectorAll("select[data-value] option")].find((one) => one.value === value)?.textContent;
  return (label ?? option ?? `${value ?? ""}${box.querySelector(".unit")?.textContent ?? ""}`).trim();
}
