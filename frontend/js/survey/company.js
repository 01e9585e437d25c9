// Who else has this form open, and what they saved meanwhile: asked every twenty seconds while the page is seen.
const EVERY = 20_000;

export class Company {
  #timer;

  constructor({ server, address, element, words, ask, heard }) {
    Object.assign(this, { server, address, element, words, ask, heard });
    document.addEventListener("visibilitychange", () => (document.hidden ? this.#leave() : this.beat()));
    addEventListener("pagehide", () => this.#leave());
    addEventListener("online", () => this.beat());
  }

  async beat() {
    clearTimeout(this.#timer);
    if (document.hidden) return;
    try {
      const answer = await this.server.send(this.address, this.ask());
      if (answer.status === 200) {
        this.#show(answer.data.people);
        await this.heard(answer.data);
      } else if (answer.status === 401) {
        await this.heard(undefined, answer.data?.code ?? "signed_out");
      }
    } catch {
      this.#show([]); // no network: whoever is there cannot be seen
    }
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.beat(), EVERY);
  }

  #show(people) {
    this.element.textContent = people.length ? this.words.company.replace("%(people)s", people.join("、")) : "";
    this.element.hidden = !people.length;
  }

  #leave() {
    clearTimeout(this.#timer);
    if (this.server.csrf) this.server.send(this.address, { leave: true }, { keepalive: true }).catch(() => undefined);
  }
}
