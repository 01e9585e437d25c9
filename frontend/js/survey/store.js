// The database of this machine: whose it is (owner), what waits to be sent (changes), attachments that wait with
// it (files), and what was saved since a page was kept for reading without a network (overlays).
const NAME = "greenward-survey";
const VERSION = 1;
const KINDS = { owner: { keyPath: "id" }, changes: { keyPath: "id", autoIncrement: true }, files: { keyPath: "id", autoIncrement: true }, overlays: { keyPath: "id" } };

const settled = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

class Store {
  constructor(database) {
    this.database = database;
    database.onversionchange = () => database.close(); // somebody signs out in another tab
  }

  static open() {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      for (const [kind, options] of Object.entries(KINDS)) request.result.createObjectStore(kind, options);
    };
    return settled(request).then((database) => new Store(database));
  }

  #in(kind, mode) {
    return this.database.transaction(kind, mode, { durability: "strict" }).objectStore(kind);
  }

  get(kind, id) {
    return settled(this.#in(kind, "readonly").get(id));
  }

  all(kind) {
    return settled(this.#in(kind, "readonly").getAll());
  }

  put(kind, record) {
    return settled(this.#in(kind, "readwrite").put(record));
  }

  delete(kind, id) {
    return settled(this.#in(kind, "readwrite").delete(id));
  }

  close() {
    this.database.close();
  }
}

// Where the browser keeps nothing (a private window, an address that is not secure), what is typed lives as long
// as the page; the page says so.
class MemoryStore {
  #kinds = Object.fromEntries(Object.keys(KINDS).map((kind) => [kind, new Map()]));
  #last = 0;

  get(kind, id) {
    return Promise.resolve(this.#kinds[kind].get(id));
  }

  all(kind) {
    return Promise.resolve([...this.#kinds[kind].values()].sort((a, b) => (a.id < b.id ? -1 : 1)));
  }

  put(kind, record) {
    const id = record.id ?? (this.#last += 1);
    this.#kinds[kind].set(id, { ...record, id });
    return Promise.resolve(id);
  }

  delete(kind, id) {
    this.#kinds[kind].delete(id);
    return Promise.resolve();
  }

  close() {}
}

export const memoryStore = () => new MemoryStore();
export const openStore = () => Store.open();

export async function storeExists() {
  if (!indexedDB.databases) return true; // an old browser does not tell
  return (await indexedDB.databases()).some((database) => database.name === NAME);
}

export async function deleteStore() {
  await settled(indexedDB.deleteDatabase(NAME));
}
