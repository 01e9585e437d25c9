// One line that says where what was typed is: saved at, waiting, offline, or what stands in the way.
import { fill } from "./marks.js";

export class Status {
  #state = "";
  #at = "";

  lasting = true;

  constructor(element, words) {
    Object.assign(this, { element, words });
    this.text = element.querySelector("[data-text]");
    this.login = element.querySelector("[data-login]");
  }

  set(state, at = "") {
    this.#state = state;
    if (at) this.#at = at;
  }

  show({ waiting, held }) {
    const state = this.#now(waiting, held);
    if (this.element.dataset.state === state && this.shown === `${waiting} ${held} ${this.#at}`) return;
    this.element.dataset.state = state;
    this.shown = `${waiting} ${held} ${this.#at}`;
    const words = this.lasting || waiting + held === 0 ? this.words.status : this.words.status_not_lasting;
    const parts = [fill(words[state] ?? "", { n: waiting, at: this.#at })];
    if (held) parts.push(fill(this.words.held, { n: held }));
    this.text.textContent = parts.filter(Boolean).join(" · ");
    this.login.hidden = state !== "signed_out" && state !== "other_person";
    document.documentElement.toggleAttribute("data-unsent", waiting + held > 0);
  }

  #now(waiting, held) {
    if (this.#state === "signed_out" || this.#state === "other_person") return this.#state;
    if (!navigator.onLine || this.#state === "offline") return waiting ? "offline_waiting" : "offline";
    if (this.#state === "trouble" && waiting) return "trouble";
    if (this.#state === "saving" && waiting) return "saving";
    if (waiting) return "waiting";
    if (held) return "nothing";
    return this.#at ? "saved" : "ready";
  }
}
