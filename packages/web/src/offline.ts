/** Once the page is there, it is kept: it opens without a network, and can be installed. Not while it is developed. */
export function keepOffline(): void {
  if (import.meta.env.DEV || !("serviceWorker" in navigator)) return;
  navigator.serviceWorker.register("./service-worker.js").catch(() => {
    // not allowed here: the page needs the network then
  });
}
