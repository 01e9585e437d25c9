// Sending what waits, oldest first, one at a time whatever tabs are open. What happened is told as events:
// state (saving, saved, waiting, offline, signed_out, other_person, trouble), taken, held.
import { NoNetworkError } from "./server.js";

const FIRST_WAIT = 2000; // ms, doubled after every failure
const LONGEST_WAIT = 60_000;
const TRANSIENT = new Set([408, 425, 429, 500, 502, 503, 504]);

const mutex = (work) => (navigator.locks ? navigator.locks.request("greenward-sending", work) : work());

export class Sender extends EventTarget {
  #timer;
  #wait = FIRST_WAIT;
  #running;
  #again = false;
  #stopped = false;

  constructor(queue, server, channel) {
    super();
    Object.assign(this, { queue, server, channel });
    addEventListener("online", () => this.soon(0));
    addEventListener("offline", () => this.#tell("state", { state: "offline" }));
    channel?.addEventListener("message", ({ data }) => {
      if (data.from === "sender" && data.person === this.server.person) this.dispatchEvent(new CustomEvent(data.type, { detail: data.detail }));
    });
  }

  soon(delay) {
    if (this.#stopped) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.run(), delay);
  }

  stop() {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  // Send all that waits; resolves when nothing is left or something stands in the way.
  async run() {
    if (this.#running) {
      this.#again = true;
      return this.#running;
    }
    this.#running = mutex(() => this.#all()).finally(() => {
      this.#running = undefined;
      if (this.#again) this.soon(0);
      this.#again = false;
    });
    return this.#running;
  }

  async #all() {
    try {
      for (let item = await this.queue.next(); item && !this.#stopped; item = await this.queue.next()) {
        this.#tell("state", { state: "saving" });
        if (!(await this.#one(item))) return;
        this.#wait = FIRST_WAIT;
      }
      this.#tell("state", { state: "saved" });
    } catch (error) {
      if (!(error instanceof NoNetworkError)) throw error;
      this.#tell("state", { state: "offline" });
      this.#later();
    }
  }

  #later() {
    this.soon(this.#wait);
    this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT);
  }

  async #one(item) {
    const answer = item.kind === "remark" ? await this.server.send(item.url, item.body) : await this.#change(item);
    if (!answer) return true;
    const { status, data } = answer;
    if (status === 200) {
      await this.queue.done(item);
      if (item.kind === "change") await this.#saved(item, data);
      else this.#tell("said", { url: item.url });
      return true;
    }
    if (status === 401) {
      this.#tell("state", { state: data?.code ?? "signed_out" });
      return false;
    }
    if (TRANSIENT.has(status)) {
      this.#tell("state", { state: "trouble" });
      this.#later();
      return false;
    }
    if (item.kind === "remark") {
      await this.queue.done(item);
      this.#tell("unsaid", { url: item.url, text: item.body.text, message: sentence(data) });
    } else {
      await this.#refused(item, status, data);
    }
    return true;
  }

  // Attachments first: what the set holds in their place is the digest that the server gives.
  async #change(item) {
    for (const [field, value] of Object.entries(item.values)) {
      if (value?.["#file"] === undefined) continue;
      const file = await this.queue.file(value["#file"]);
      const answer = file ? await this.server.upload(item.page.upload, file) : { status: 422 };
      if (answer.status === 401 || TRANSIENT.has(answer.status)) return answer;
      if (answer.status !== 200) {
        const why = answer.data?.fields?.file?.message ?? sentence(answer.data);
        await this.queue.hold(item, { [field]: { why: "refused", message: why } });
        this.#tell("held", { page: item.page.id, fields: [field] });
        return undefined;
      }
      await this.queue.fileSent(item, field, value["#file"], answer.data.digest);
    }
    const { request, seen, values, reasons, page } = item;
    return this.server.send(page.save, { request, form: page.form, seen, values, reasons });
  }

  async #saved(item, data) {
    const conflicts = await this.queue.advance(item.page, data.seen, data.others);
    await this.queue.keepOverlay(item.page, data.seen, { ...item.values, ...data.written });
    this.#tell("taken", { page: item.page.id, values: item.values, files: item.files, ...data });
    if (conflicts.length) this.#tell("held", { page: item.page.id, fields: conflicts });
  }

  async #refused(item, status, data) {
    const named = Object.keys(item.values).filter((field) => data?.fields?.[field] || data?.closed?.includes(field));
    const fields = named.length ? named : Object.keys(item.values);
    const problems = Object.fromEntries(fields.map((field) => [field, this.#problem(status, data, field)]));
    await this.queue.hold(item, problems);
    this.#tell("held", { page: item.page.id, fields, status });
  }

  #problem(status, data, field) {
    const told = data?.fields?.[field];
    if (status === 409 && told) return { why: "conflict", theirs: { ...told, value: told.written } };
    return { why: "refused", message: told?.message ?? sentence(data), again: Boolean(data?.checks) };
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
    this.channel?.postMessage({ from: "sender", person: this.server.person, type, detail });
  }
}

function sentence(data) {
  return [data?.detail, data?.hint].filter(Boolean).join(" ");
}
