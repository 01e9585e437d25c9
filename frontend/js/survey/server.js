// Talking to the server: every call names the person for whom this page works, so that nothing of theirs is ever
// taken for somebody else who has signed in at the same machine.
const PATIENCE = 20_000; // ms; on a bad line, giving up and trying again beats waiting
const UPLOAD_PATIENCE = 180_000;

export class NoNetworkError extends Error {}

export class Server {
  constructor(person, sessionAddress) {
    Object.assign(this, { person, sessionAddress, csrf: "" });
  }

  // The person signed in now with their key, "signed_out", or "other_person".
  async session() {
    const { status, data } = await this.#fetch(this.sessionAddress, { method: "GET" }, PATIENCE);
    if (status !== 200 || !data) return { state: "signed_out" };
    this.csrf = data.csrf;
    return data.person === this.person ? { state: "signed_in", ...data } : { state: "other_person" };
  }

  // Send JSON; a stale token is fetched anew and the call repeated, which the server takes once.
  async send(address, body, options = {}) {
    return this.#withToken(() => this.#fetch(address, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), ...options }, PATIENCE));
  }

  async upload(address, file) {
    return this.#withToken(() => {
      const body = new FormData();
      body.append("file", file, file.name);
      return this.#fetch(address, { method: "POST", body }, UPLOAD_PATIENCE);
    });
  }

  async fragment(address) {
    const response = await this.#raw(address, { headers: { Accept: "text/html", "HX-Request": "true" } }, PATIENCE);
    return response.ok ? response.text() : undefined;
  }

  async #withToken(call) {
    if (!this.csrf) await this.session();
    const answer = await call();
    if (answer.status !== 403 || answer.data?.code !== "form_expired") return answer;
    const { state } = await this.session();
    return state === "signed_in" ? call() : { status: 401, data: { code: state } };
  }

  async #fetch(address, options, patience) {
    const headers = { Accept: "application/json", "X-Greenward-Person": String(this.person), ...options.headers };
    if (this.csrf && options.method === "POST") headers["X-CSRFToken"] = this.csrf;
    const response = await this.#raw(address, { ...options, headers }, patience);
    if (response.type === "opaqueredirect") return { status: 401, data: { code: "signed_out" } };
    const isJson = (response.headers.get("Content-Type") ?? "").includes("json");
    return { status: response.status, data: isJson ? await response.json().catch(() => undefined) : undefined };
  }

  async #raw(address, options, patience) {
    try {
      return await fetch(address, { credentials: "same-origin", redirect: "manual", cache: "no-store", signal: AbortSignal.timeout(patience), ...options });
    } catch (error) {
      throw new NoNetworkError(String(error), { cause: error });
    }
  }
}
