// Without a network: which forms this machine holds.
const PREFIX = "greenward-survey-";
const list = document.getElementById("kept");
const shown = new Set();

for (const name of (await caches.keys()).filter((one) => one.startsWith(PREFIX))) {
  const cache = await caches.open(name);
  for (const request of await cache.keys()) {
    const { pathname, search } = new URL(request.url);
    if (pathname.startsWith("/static/") || pathname === "/survey/offline.html" || shown.has(pathname + search)) continue;
    shown.add(pathname + search);
    const kept = new DOMParser().parseFromString(await (await cache.match(request)).text(), "text/html");
    const link = document.createElement("a");
    link.href = pathname + search;
    link.textContent = kept.querySelector("h1")?.textContent ?? kept.title;
    list.append(document.createElement("li"));
    list.lastElementChild.append(link);
  }
}
document.getElementById("nothing-kept").hidden = shown.size > 0;
