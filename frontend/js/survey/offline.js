// The service worker keeps opened forms for reading without a network, and the product can be put on the desk or
// home screen. This page is handed over once: it was loaded before the worker stood by.
export async function install(address) {
  if (!("serviceWorker" in navigator)) return;
  try {
    const registration = await navigator.serviceWorker.register(address);
    await navigator.serviceWorker.ready;
    registration.active?.postMessage({ type: "keep", address: location.pathname + location.search });
    registration.update().catch(() => undefined);
  } catch {
    // Without the worker the form works as long as there is a network; what is typed is kept all the same.
  }
}
