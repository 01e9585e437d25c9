// Answers that look odd together: each warning stands at its section and asks for a reason, which goes with them.
import { question } from "./controls.js";

function make({ id, sentence, reason, fields }) {
  const shown = document.getElementById("survey-warning").content.firstElementChild.cloneNode(true);
  shown.dataset.check = id;
  shown.querySelector("[data-sentence]").textContent = sentence;
  const input = shown.querySelector("input");
  input.id = `reason-${id}`;
  input.value = reason;
  shown.querySelector("label").htmlFor = input.id;
  return { shown, section: fields.map(question).find(Boolean)?.closest("[data-section]") };
}

export function show(found) {
  const before = new Map([...document.querySelectorAll("[data-check]")].map((one) => [one.dataset.check, one]));
  for (const warning of found) {
    const there = before.get(warning.id);
    before.delete(warning.id);
    if (there) {
      there.querySelector("[data-sentence]").textContent = warning.sentence;
      if (document.activeElement !== there.querySelector("input")) there.querySelector("input").value = warning.reason || there.querySelector("input").value;
      there.classList.toggle("reasoned", Boolean(warning.reason));
      continue;
    }
    const { shown, section } = make(warning);
    shown.classList.toggle("reasoned", Boolean(warning.reason));
    section?.querySelector("[data-warnings]").append(shown);
  }
  for (const gone of before.values()) gone.remove();
}

export function listen(keep) {
  document.addEventListener("change", ({ target }) => {
    const warning = target.closest("[data-check]");
    if (warning) keep({ [warning.dataset.check]: target.value.trim() });
  });
}
