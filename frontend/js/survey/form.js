// The survey form: what is typed is kept on this machine at once, sent soon, and shown for what it is meanwhile.
import { device } from "../device.js";
import { explained, fault } from "./checks.js";
import { Company } from "./company.js";
import { decide, follow } from "./conditions.js";
import { isBlank, question, questionOf, reveal, valueOf, write } from "./controls.js";
import * as extras from "./extras.js";
import * as marks from "./marks.js";
import { install } from "./offline.js";
import { countSoon } from "./progress.js";
import * as remarks from "./remarks.js";
import { Status } from "./status.js";
import * as warnings from "./warnings.js";

const AFTER_CHANGE = 400; // ms
const AFTER_TYPING = 4000; // ms: a pause in the middle of a number is no answer yet

const root = document.querySelector("[data-survey]");
const words = JSON.parse(document.getElementById("survey-words").textContent);
const { save, form, upload, presence, worker } = root.dataset;
const page = { id: `${save}#${form}`, save, form, upload };
const local = new Map(); // field → what was typed here and is not known to be saved
const line = new Status(document.getElementById("autosave"), words);
let seen = Number(root.dataset.seen);
let unwritten = { values: {}, reasons: {} };
let queue;
let sender;
let opened; // a promise of both
let writing = Promise.resolve();

async function status(state, at) {
  if (state) line.set(state, at);
  await opened;
  line.show(await queue.counts());
}

// Typed answers go to the queue one write after the other; what comes meanwhile goes with the next.
function keep(values, reasons = {}) {
  Object.assign(unwritten.values, values);
  Object.assign(unwritten.reasons, reasons);
  writing = writing.then(async () => {
    await opened;
    const batch = unwritten;
    unwritten = { values: {}, reasons: {} };
    if (Object.keys({ ...batch.values, ...batch.reasons }).length) await queue.append(page, seen, batch.values, batch.reasons);
    await status();
  });
  return writing;
}

async function sendSoon(delay) {
  await opened;
  sender.soon(delay);
}

function look(box) {
  const code = fault(valueOf(box), box.dataset);
  marks.faulty(box, code ? explained(words, code, box.dataset) : "");
}

async function typed(box, delay, value = valueOf(box)) {
  const { field, state } = box.dataset;
  look(box);
  if (decide()) countSoon();
  if (isBlank(value) && state === "expired") return forget(box); // asked anew and left blank: nothing was said
  if (box.dataset.saving !== "conflict") marks.waiting(box, words);
  local.set(field, value);
  await keep({ [field]: value });
  return sendSoon(delay);
}

async function forget(box) {
  if (!local.delete(box.dataset.field)) return;
  marks.settled(box);
  marks.saying(box, "state", "");
  await writing;
  await queue.drop(page, box.dataset.field);
  await status();
}

function confirm(box) {
  const value = JSON.parse(box.dataset.written);
  write(box, value);
  return typed(box, 0, value);
}

function isSame(field, value, files) {
  const mine = local.get(field);
  return JSON.stringify(mine) === JSON.stringify(value) || (mine?.["#file"] !== undefined && mine["#file"] === files?.[field]);
}

function taken(detail) {
  if (detail.page !== page.id) return;
  seen = Math.max(seen, detail.seen);
  for (const [field, value] of Object.entries(detail.values)) {
    const box = question(field);
    if (!box || (local.has(field) && !isSame(field, value, detail.files))) continue; // typed on since
    if (local.delete(field) && box.dataset.type === "file") write(box, value);
    if (document.activeElement?.closest("[data-field]") !== box) write(box, detail.written[field] ?? value);
    holds(box, detail.written[field] ?? value);
    marks.faulty(box, "");
    marks.saved(box, words, detail.at);
  }
  others(detail.others);
  state(detail);
  status("saved", detail.at);
}

function holds(box, value) {
  box.dataset.state = isBlank(value) ? "needed" : "answered";
  box.dataset.written = JSON.stringify(value);
  box.dataset.known = typeof value === "string" ? value : "";
}

function state({ hidden, warnings: found }) {
  if (hidden) follow(hidden);
  decide();
  if (found) warnings.show(found);
  countSoon();
}

// Values that others saved: shown where nothing was typed here; the queue has told conflicts apart already.
function others(changes) {
  const kept = {};
  for (const [field, change] of Object.entries(changes ?? {})) {
    const box = question(field);
    if (!box || local.has(field)) continue;
    write(box, change.value);
    holds(box, change.value);
    kept[field] = change.value;
    marks.news(box, words, change);
  }
  if (Object.keys(kept).length) queue.keepOverlay(page, seen, kept);
}

async function held() {
  const items = await queue.items();
  for (const item of items.filter((one) => one.kind === "held" && one.page.id === page.id)) {
    const box = question(item.field);
    if (!box) continue;
    box.hidden = false;
    local.set(item.field, item.value);
    write(box, item.value);
    if (item.why === "conflict") {
      marks.conflict(box, { mine: marks.inWords(box, item.value), theirs: item.theirs, choose: (mine) => choose(box, mine) });
    } else {
      marks.refused(box, words, { message: item.message, drop: () => choose(box, false) });
    }
  }
  await status();
}

async function choose(box, mine) {
  const { field } = box.dataset;
  await writing;
  const item = await queue.settle(page, field, seen, mine);
  marks.settled(box);
  marks.faulty(box, "");
  marks.saying(box, "state", "");
  if (mine) {
    marks.waiting(box, words);
    await sendSoon(0);
  } else {
    local.delete(field);
    const value = item?.theirs ? item.theirs.value : JSON.parse(box.dataset.written || '""');
    write(box, box.dataset.state === "expired" && !item?.theirs ? "" : value);
    if (item?.theirs) holds(box, value);
  }
  state({});
  await status();
  box.querySelector("input:not([type=hidden]), select, textarea")?.focus();
}

async function heard(answer, out) {
  if (out) return status(out);
  await writing;
  const conflicts = await queue.advance(page, answer.seen, answer.others);
  seen = Math.max(seen, answer.seen);
  others(answer.others);
  state(answer);
  if (conflicts.length) await held();
  return undefined;
}

// What waits from before this page was opened, and what was saved after the page was kept, stands in it again.
async function restore() {
  const overlay = await queue.overlay(page);
  if (overlay && overlay.seen > seen) {
    for (const [field, value] of Object.entries(overlay.fields)) {
      const box = question(field);
      if (!box || local.has(field)) continue;
      write(box, value);
      holds(box, value);
    }
    seen = overlay.seen;
  } else if (overlay) {
    await queue.dropOverlay(page);
  }
  for (const item of await queue.items()) {
    if (item.kind !== "change" || item.page.id !== page.id) continue;
    for (const [field, value] of Object.entries(item.values)) bring(question(field), field, value);
  }
  await held();
  state({});
}

function bring(box, field, value) {
  if (!box || local.has(field)) return;
  local.set(field, value);
  write(box, value);
  reveal(box);
  look(box);
  marks.waiting(box, words);
}

async function attach(box, input) {
  const [file] = input.files;
  if (!file) return;
  const problem = extras.tooLarge(file, Number(root.dataset.largest), words);
  marks.faulty(box, problem);
  if (problem) return;
  await opened;
  const value = { "#file": await queue.keepFile(file) };
  extras.attached(box, file.name);
  await typed(box, 0, value);
}

function listen() {
  root.addEventListener("input", ({ target }) => {
    if (questionOf(target) && target.matches("[data-value]:not([type=file])")) typed(questionOf(target), AFTER_TYPING);
  });
  root.addEventListener("change", ({ target }) => {
    const box = questionOf(target);
    if (box && target.matches("input[type=file]")) attach(box, target);
    else if (box && target.matches("[data-value], input[type=radio]")) typed(box, AFTER_CHANGE);
  });
  root.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=confirm]");
    if (!button) return;
    event.preventDefault();
    confirm(questionOf(button));
  });
  root.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-section]")) return;
    event.preventDefault(); // every answer has been kept already: the button only sends at once
    writing.then(() => sendSoon(0));
  });
  extras.listen(root, words, (box) => typed(box, 0));
  warnings.listen((reasons) => keep({}, reasons).then(() => sendSoon(0)));
  addEventListener("beforeunload", (event) => {
    if (!line.lasting && document.documentElement.hasAttribute("data-unsent")) event.preventDefault();
  });
  document.addEventListener("visibilitychange", () => document.hidden && sendSoon(0));
}

async function start() {
  opened = device.then((own) => {
    ({ queue, sender } = own);
    line.lasting = own.lasting;
    return own;
  });
  listen(); // before anything is awaited: nothing typed early is lost
  const { server, lasting } = await opened;
  sender.addEventListener("state", ({ detail }) => status(detail.state));
  sender.addEventListener("taken", ({ detail }) => taken(detail));
  sender.addEventListener("held", ({ detail }) => detail.page === page.id && held());
  addEventListener("offline", () => status());
  addEventListener("online", () => status());
  await restore();
  document.documentElement.dataset.ready = "";
  remarks.listen();
  await status();
  const company = new Company({ server, address: presence, element: document.getElementById("company"), words, ask: () => ({ form, seen }), heard });
  company.beat();
  sender.soon(0);
  if (lasting) install(worker);
}

start();
