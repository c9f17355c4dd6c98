// Keeps what the page is made of. The build puts in a version and the list of files (offline-plugin.ts).
// @ts-check
/// <reference lib="webworker" />
/** @type {ServiceWorkerGlobalScope} */
const worker = /** @type {any} */ (self);

const VERSION = "__VERSION__";
/** @type {readonly string[]} */
const FILES = "__FILES__";

worker.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(VERSION)
      .then((cache) => cache.addAll(FILES))
      .then(() => worker.skipWaiting()),
  );
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) =>
        Promise.all(names.filter((name) => name !== VERSION).map((name) => caches.delete(name))),
      )
      .then(() => worker.clients.claim()),
  );
});

/** The network first, so that a new page is seen at once; what was kept where it does not answer. */
worker.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).origin !== worker.location.origin) return;
  event.respondWith(
    fetch(request).catch(async () => {
      const kept = await caches.match(request, { ignoreSearch: true, ignoreVary: true });
      return kept ?? Response.error();
    }),
  );
});
