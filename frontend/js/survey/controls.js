// A question and its control: what stands in it as the server reads it (text, or rows of a table), and back.
export const questionOf = (element) => element.closest("[data-field]");

export function question(field) {
  return document.getElementById(`q-${field}`);
}

const inputs = (box) => box.querySelectorAll("[data-value]");

function rowsOf(box) {
  return [...box.querySelectorAll("[data-row]")].map((row) => Object.fromEntries([...inputs(row)].map((input) => [input.dataset.value, input.value.trim()])));
}

export function valueOf(box) {
  switch (box.dataset.type) {
    case "bool":
      return box.querySelector("input:checked")?.value ?? "";
    case "table":
      return rowsOf(box).filter((row) => Object.values(row).some(Boolean));
    default:
      return box.querySelector("[data-value]")?.value.trim() ?? "";
  }
}

export const isBlank = (value) => value === "" || value === null || value === undefined || (Array.isArray(value) && !value.length);

export function addRow(box, values = {}) {
  const row = box.querySelector("template").content.firstElementChild.cloneNode(true);
  const body = box.querySelector("[data-rows]");
  const number = body.children.length;
  for (const input of inputs(row)) {
    input.value = values[input.dataset.value] ?? "";
    input.name = `${box.dataset.field}.${number}.${input.dataset.value}`;
  }
  body.append(row);
  return row;
}

function writeRows(box, rows) {
  box.querySelector("[data-rows]").replaceChildren();
  for (const row of [...rows, {}]) addRow(box, row);
}

function writeFile(box, value) {
  const waiting = box.querySelector("[data-attached]");
  box.querySelector("[data-value]").value = typeof value === "string" ? value : "";
  waiting.hidden = isBlank(value);
  const link = waiting.querySelector("a");
  if (typeof value === "string" && value) link.href = box.dataset.files.replace("0".repeat(64), value);
  else link.removeAttribute("href");
}

export function write(box, value) {
  const type = box.dataset.type;
  if (type === "table") return writeRows(box, Array.isArray(value) ? value : []);
  if (type === "file") return writeFile(box, value);
  if (type === "bool") {
    for (const input of box.querySelectorAll("input[type=radio]")) input.checked = input.value === (value ?? "");
    return undefined;
  }
  const input = box.querySelector("[data-value]");
  if (input) input.value = value ?? "";
  return undefined;
}

// What counts in conditions: what stands in the control, else what is known from before.
export function standing(box) {
  const value = valueOf(box);
  return isBlank(value) ? box.dataset.known ?? "" : value;
}

// A known answer lies folded; whoever must look at it opens everything around it.
export function reveal(box) {
  for (let around = box.closest("details"); around; around = around.parentElement.closest("details")) around.open = true;
  for (const inside of box.querySelectorAll("details.change")) inside.open = true;
}
