// Change sets on their way to the server. A set gets its number when it is made, takes what is typed on its page
// until somebody begins to send it, and is then never changed again: the same number again is the same entry.
// What the server did not take (refused) or somebody else changed too (conflict) is held until a person decides.
import { newRequest, seal, sealBytes, unseal, unsealBytes } from "./seal.js";

let chain = Promise.resolve();

function alone(work) {
  if (navigator.locks) return navigator.locks.request("greenward-queue", work);
  chain = chain.then(work, work);
  return chain;
}

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
const isEmpty = (item) => !Object.keys(item.values).length && !Object.keys(item.reasons).length;
const isOpen = (item, page) => item.kind === "change" && item.page.id === page.id && !item.attempted;

export class Queue {
  constructor(store, person, key) {
    Object.assign(this, { store, person, key });
  }

  async items() {
    const records = (await this.store.all("changes")).filter((record) => record.person === this.person);
    const read = await Promise.allSettled(records.map(async ({ id, sealed }) => ({ ...(await this.#unsealed(sealed)), id })));
    return read.filter((one) => one.status === "fulfilled").map((one) => one.value);
  }

  async counts() {
    const items = await this.items();
    const size = (item) => (item.kind === "change" ? Math.max(1, Object.keys(item.values).length) : 1);
    const sum = (list) => list.reduce((total, item) => total + size(item), 0);
    return { waiting: sum(items.filter((item) => item.kind !== "held")), held: items.filter((item) => item.kind === "held").length };
  }

  async othersCount() {
    return (await this.store.all("changes")).filter((record) => record.person !== this.person).length;
  }

  // Take what was typed on a page; what was refused because of other answers goes along once more.
  append(page, seen, values, reasons = {}) {
    return alone(async () => {
      const items = await this.items();
      const open = items.find((item) => isOpen(item, page)) ?? { kind: "change", page, request: newRequest(), seen, values: {}, reasons: {}, attempted: false, made: Date.now() };
      const fresh = { ...values };
      for (const held of items.filter((item) => item.kind === "held" && item.page.id === page.id)) {
        if (held.field in fresh && held.why === "conflict") {
          await this.#write({ ...held, value: fresh[held.field] });
          delete fresh[held.field];
        } else if (held.field in fresh || held.again) {
          fresh[held.field] ??= held.value;
          await this.store.delete("changes", held.id);
        }
      }
      const next = { ...open, values: { ...open.values, ...fresh }, reasons: { ...open.reasons, ...reasons } };
      if (!isEmpty(next)) await this.#write(next);
    });
  }

  // Forget what was typed in a field, where it has not been sent.
  drop(page, field) {
    return alone(async () => {
      for (const item of await this.items()) {
        if (item.kind === "held" && item.page.id === page.id && item.field === field) await this.store.delete("changes", item.id);
        if (isOpen(item, page) && field in item.values) {
          delete item.values[field];
          await (isEmpty(item) ? this.store.delete("changes", item.id) : this.#write(item));
        }
      }
    });
  }

  say(url, body) {
    return alone(() => this.#write({ kind: "remark", url, body: { ...body, request: newRequest() }, attempted: false, made: Date.now() }));
  }

  next() {
    return alone(async () => {
      const item = (await this.items()).find((one) => one.kind !== "held");
      if (!item || item.attempted) return item;
      await this.#write({ ...item, attempted: true });
      return { ...item, attempted: true };
    });
  }

  done(item) {
    return alone(() => this.store.delete("changes", item.id));
  }

  // Hold some fields of a set; the rest goes on in its place under a new number, for the first was never taken.
  hold(item, problems) {
    return alone(async () => {
      const later = (await this.items()).filter((one) => one.id > item.id && one.kind === "change" && one.page.id === item.page.id);
      const values = { ...item.values };
      for (const [field, problem] of Object.entries(problems)) {
        if (!later.some((one) => field in one.values)) {
          await this.#write({ kind: "held", page: item.page, field, value: item.values[field], seen: item.seen, ...problem });
        }
        delete values[field];
      }
      const rest = { ...item, values, request: newRequest(), attempted: false };
      await (Object.keys(values).length ? this.#write(rest) : this.store.delete("changes", item.id));
    });
  }

  // Others' values have been shown up to ``seen``: what waits here for the same fields is a conflict, the rest
  // goes by the newer state. Return the fields that are in conflict now.
  advance(page, seen, others) {
    return alone(async () => {
      const found = [];
      for (const item of (await this.items()).filter((one) => isOpen(one, page))) {
        for (const [field, theirs] of Object.entries(others)) {
          if (!(field in item.values) || theirs.own || same(item.values[field], theirs.value)) continue;
          await this.#write({ kind: "held", why: "conflict", page, field, value: item.values[field], seen, theirs });
          delete item.values[field];
          found.push(field);
        }
        await (isEmpty(item) ? this.store.delete("changes", item.id) : this.#write({ ...item, seen }));
      }
      return found;
    });
  }

  async settle(page, field, seen, useMine) {
    const held = (await this.items()).find((item) => item.kind === "held" && item.page.id === page.id && item.field === field);
    if (!held) return undefined;
    await alone(() => this.store.delete("changes", held.id));
    if (useMine) await this.append(page, Math.max(seen, held.theirs?.entry ?? 0), { [field]: held.value });
    return held;
  }

  async keepFile(file) {
    const bytes = await file.arrayBuffer();
    const record = { person: this.person, sealed: await this.#sealed({ name: file.name, type: file.type }) };
    record.bytes = this.key ? await sealBytes(this.key, bytes) : bytes;
    return this.store.put("files", record);
  }

  async file(id) {
    const record = await this.store.get("files", id);
    if (!record || record.person !== this.person) return undefined;
    const { name, type } = await this.#unsealed(record.sealed);
    return new File([this.key ? await unsealBytes(this.key, record.bytes) : record.bytes], name, { type });
  }

  fileSent(item, field, id, digest) {
    return alone(async () => {
      item.values[field] = digest;
      item.files = { ...item.files, [field]: id };
      await this.#write(item);
      await this.store.delete("files", id);
    });
  }

  async overlay(page) {
    const record = await this.store.get("overlays", page.id);
    return record?.person === this.person ? this.#unsealed(record.sealed) : undefined;
  }

  async keepOverlay(page, seen, fields) {
    await alone(async () => {
      const before = (await this.overlay(page)) ?? { fields: {} };
      const sealed = await this.#sealed({ seen, fields: { ...before.fields, ...fields } });
      await this.store.put("overlays", { id: page.id, person: this.person, sealed });
    });
  }

  dropOverlay(page) {
    return this.store.delete("overlays", page.id);
  }

  async discard() {
    for (const kind of ["changes", "files", "overlays"]) {
      for (const record of await this.store.all(kind)) {
        if (record.person === this.person) await this.store.delete(kind, record.id);
      }
    }
  }

  async #write(item) {
    const { id, ...content } = item;
    const record = { person: this.person, sealed: await this.#sealed(content) };
    await this.store.put("changes", id === undefined ? record : { ...record, id });
  }

  #sealed(value) {
    return this.key ? seal(this.key, value) : Promise.resolve(structuredClone(value));
  }

  #unsealed(sealed) {
    return this.key ? unseal(this.key, sealed) : Promise.resolve(structuredClone(sealed));
  }
}
