// Boots the gate without a network. The lines above this one name the files and the hash of their contents.
"use strict";
const NAME = `gate-${VERSION}`;
const known = new Set(FILES);

self.addEventListener("install", (event) => {
  const fresh = FILES.map((file) => new Request(file, { cache: "reload" }));
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(fresh)));
});
self.addEventListener("activate", (event) => {
  const old = (name) => name.startsWith("gate-") && name !== NAME;
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});
self.addEventListener("fetch", (event) => {
  const { pathname } = new URL(event.request.url);
  if (event.request.method !== "GET" || !(known.has(pathname) || READER.includes(pathname))) return;
  const kept = caches.match(pathname, { ignoreVary: true });
  event.respondWith(kept.then((found) => found ?? fetch(event.request)));
});
