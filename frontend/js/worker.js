// Keeps opened survey forms, and what they are made of, for reading without a network. Nothing of other modules:
// it lives at /survey/ and keeps only pages that say so (X-Greenward-Keep). The server writes the first two lines.
const VERSION = "development";
const SHELL = [];
const PREFIX = "greenward-survey-";
const CACHE = PREFIX + VERSION;
const OFFLINE = "/survey/offline.html";
const STATIC = "/static/";
const HASHED = /\.[0-9a-f]{12}\.\w+$/; // its content never changes
const MOST_PAGES = 60;
const PATIENCE = 8000; // ms until a kept page is shown instead

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("message", (event) => {
  if (event.data?.type === "keep") event.waitUntil(fetchAndKeep(event.data.address));
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(event, url));
  else if (url.pathname.startsWith(STATIC)) event.respondWith(asset(request, url));
});

async function install() {
  const cache = await caches.open(CACHE);
  await cache.addAll(SHELL.map((address) => new Request(address, { cache: "no-cache" })));
  const offline = await fetch(OFFLINE, { credentials: "omit", cache: "no-store" }); // nobody's page
  if (offline.ok) await cache.put(OFFLINE, offline);
  await self.skipWaiting();
}

// Pages kept by an older version still need its files: they go when their pages have been kept anew.
async function activate() {
  await self.clients.claim();
  await dropEmpty();
}

const names = async () => (await caches.keys()).filter((name) => name.startsWith(PREFIX)).sort((a, b) => (b === CACHE) - (a === CACHE));
const isPage = (request) => !new URL(request.url).pathname.startsWith(STATIC) && new URL(request.url).pathname !== OFFLINE;

async function dropEmpty() {
  for (const name of await names()) {
    if (name !== CACHE && !(await (await caches.open(name)).keys()).some(isPage)) await caches.delete(name);
  }
}

async function found(address) {
  for (const name of await names()) {
    const kept = await (await caches.open(name)).match(address);
    if (kept) return kept;
  }
  return undefined;
}

// A page's address without what does not change which form it is.
function addressOf(url) {
  const form = url.searchParams.get("form");
  return url.pathname + (form ? `?form=${encodeURIComponent(form)}` : "");
}

async function keep(address, response) {
  const cache = await caches.open(CACHE);
  await cache.put(address, response);
  for (const name of await names()) if (name !== CACHE) await (await caches.open(name)).delete(address);
  const pages = (await cache.keys()).filter(isPage);
  for (const old of pages.slice(0, Math.max(0, pages.length - MOST_PAGES))) await cache.delete(old);
  await dropEmpty();
}

const mayKeep = (response) => response.ok && response.headers.get("X-Greenward-Keep") === "1";

async function fetchAndKeep(address) {
  const url = new URL(address, location.origin);
  if (!url.pathname.startsWith("/survey/")) return;
  const response = await fetch(url, { credentials: "same-origin", redirect: "manual", cache: "no-store" }).catch(() => undefined);
  if (response && mayKeep(response)) await keep(addressOf(url), response);
}

async function page(event, url) {
  const address = addressOf(url);
  const kept = found(address);
  const network = fetch(event.request).then((response) => {
    if (mayKeep(response)) event.waitUntil(keep(address, response.clone()));
    return response;
  });
  try {
    const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE, undefined));
    const first = await Promise.race([network, patience]);
    return first ?? (await kept) ?? (await network);
  } catch {
    return (await kept) ?? (await found(OFFLINE)) ?? Response.error();
  }
}

async function asset(request, url) {
  if (HASHED.test(url.pathname)) {
    const kept = await found(request.url);
    if (kept) return kept;
  }
  try {
    const response = await fetch(request);
    if (response.ok) (await caches.open(CACHE)).put(request.url, response.clone()).catch(() => undefined);
    return response;
  } catch {
    return (await found(request.url)) ?? Response.error();
  }
}
