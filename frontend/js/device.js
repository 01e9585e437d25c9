// What this machine keeps for the person who is signed in: what waits to be sent, and pages for reading without a
// network. It goes with the person: signing out leaves nothing, and whoever signs in next finds nothing.
import { Queue } from "./survey/queue.js";
import { canSeal, keyFrom } from "./survey/seal.js";
import { Sender } from "./survey/sending.js";
import { Server } from "./survey/server.js";
import { deleteStore, memoryStore, openStore, storeExists } from "./survey/store.js";

const PAGES = "greenward-survey-"; // caches of the service worker
const OWNER = 1;
const person = Number(document.body.dataset.person);
const sessionAddress = document.body.dataset.session;
const channel = "BroadcastChannel" in window ? new BroadcastChannel("greenward") : undefined;

async function forgetPages() {
  if (!("caches" in window)) return;
  for (const name of await caches.keys()) if (name.startsWith(PAGES)) await caches.delete(name);
}

async function forgetWorker() {
  for (const one of (await navigator.serviceWorker?.getRegistrations()) ?? []) await one.unregister();
}

async function openOwn(server, store) {
  const owner = await store.get("owner", OWNER);
  if (owner?.person === person) return owner.key;
  if (owner) {
    await store.delete("owner", OWNER);
    for (const record of await store.all("overlays")) if (record.person !== person) await store.delete("overlays", record.id);
    await forgetPages();
    channel?.postMessage({ from: "device", type: "taken_over", person });
  }
  const session = await server.session();
  if (session.state !== "signed_in") throw new Error(session.state);
  const key = await keyFrom(session.key);
  await store.put("owner", { id: OWNER, person, key });
  return key;
}

// The device as this page uses it; ``lasting`` says whether what is typed survives the page.
async function open() {
  const server = new Server(person, sessionAddress);
  const asking = document.querySelector("[data-survey]") !== null;
  let [store, key, lasting] = [undefined, undefined, false];
  try {
    if (canSeal() && (asking || (await storeExists()))) {
      store = await openStore();
      key = await openOwn(server, store);
      lasting = true;
    }
  } catch {
    store?.close();
    [store, key, lasting] = [undefined, undefined, false]; // no room, a private window, or the network went just now
  }
  const queue = new Queue(store ?? memoryStore(), person, key);
  const sender = new Sender(queue, server, channel);
  return { person, server, queue, sender, lasting, channel };
}

export const device = open();

export async function leaveNothing() {
  const { queue, sender, lasting } = await device;
  sender.stop();
  await forgetWorker();
  await forgetPages();
  sessionStorage.clear(); // where HTMX keeps the pages that one came from
  await queue.discard();
  if (lasting) {
    await queue.store.delete("owner", OWNER);
    const othersWait = (await queue.othersCount()) > 0;
    queue.store.close();
    if (!othersWait) await deleteStore();
  }
  channel?.postMessage({ from: "device", type: "signed_out", person });
}

// Before signing out: say what has not been sent, and let the person wait for it or give it up.
const dialog = document.getElementById("unsent");

function choice() {
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.onclose = () => resolve(dialog.returnValue);
  });
}

async function unsent() {
  const { waiting, held } = await (await device).queue.counts();
  return waiting + held;
}

function say(number) {
  dialog.querySelector("[data-number]").textContent = String(number);
}

async function mayLeave() {
  const { sender } = await device;
  dialog.querySelector("[data-waiting]").hidden = true;
  for (let number = await unsent(); number; number = await unsent()) {
    say(number);
    const chosen = await choice();
    if (chosen === "discard") return true;
    if (chosen !== "send") return false;
    await sender.run();
    if ((await unsent()) === 0) return true;
    dialog.querySelector("[data-waiting]").hidden = false;
  }
  return true;
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-signs-out]") || !dialog) return;
  event.preventDefault();
  if (!(await mayLeave())) return;
  const signedOut = await endSession(form);
  await leaveNothing().catch(() => forgetPages());
  if (signedOut) location.assign("/");
  else form.submit(); // no network, or an old form: the browser says so itself
});

async function endSession(form) {
  try {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "manual" });
    return answer.type === "opaqueredirect";
  } catch {
    return false;
  }
}

channel?.addEventListener("message", ({ data }) => {
  if (data.from !== "device") return;
  if (data.type === "signed_out" || data.person !== person) location.reload();
});

// Whatever waits is sent from any page of the product, not only from its form.
device.then(async ({ sender, lasting, queue }) => {
  if (lasting && (await queue.counts()).waiting) sender.soon(0);
});
