// Keeps the shell, so that the client starts without a network. Never keeps anything that belongs to a person.
// The build puts the list of its files here.
const FILES = [..."FILES_OF_THE_BUILD"];
const SHELL = ["/", "/theme.js", "/icon.svg", "/manifest.webmanifest"];
const CACHE = `convo-${FILES.join().length}-${hash(FILES.join())}`;

function hash(text) {
  let sum = 0;
  for (let index = 0; index < text.length; index += 1) sum = (sum * 31 + text.charCodeAt(index)) >>> 0;
  return sum.toString(36);
}

self.addEventListener("install", (event) => {
  // It takes over when the last tab of the build before is closed: until then that tab finds its files here.
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll([...SHELL, ...FILES])));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (/^\/(api|docs|health)(\/|$)/.test(url.pathname)) return;
  if (url.pathname.startsWith("/assets/")) {
    event.respondWith(caches.match(request).then((found) => found || fetch(request)));
  } else if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => caches.match("/")));
  } else if (SHELL.includes(url.pathname)) {
    event.respondWith(fetch(request).catch(() => caches.match(request)));
  }
});
