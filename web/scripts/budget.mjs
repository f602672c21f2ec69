// Fails when the client grows too large: what loads first, and what each screen adds (gzip, 1 kB = 1000 bytes).
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const INITIAL_KB = 170;
const CHUNK_KB = 60;
const dist = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", dist), "utf8"));

const sizeOf = (file) => gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length / 1000;

/** A chunk with everything that it imports at once. */
function closure(key, seen = new Set()) {
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const each of manifest[key].imports ?? []) closure(each, seen);
  return seen;
}

const entry = Object.keys(manifest).find((key) => manifest[key].isEntry);
const initial = closure(entry);
// The language is loaded before the first paint; one of them, whichever is larger.
const words = Math.max(
  ...Object.values(manifest)
    .filter(({ src }) => src?.endsWith(".po") && !src.includes("/more/"))
    .map(({ file }) => sizeOf(file)),
);
const total = [...initial].reduce((sum, key) => sum + sizeOf(manifest[key].file), words);
let failed = total > INITIAL_KB;
process.stdout.write(`${total.toFixed(1).padStart(7)} kB of ${INITIAL_KB}  initial\n`);

const routes = Object.entries(manifest)
  .filter(
    ([key, { isDynamicEntry, file }]) =>
      isDynamicEntry && !initial.has(key) && file.endsWith(".js") && !key.endsWith(".po"),
  )
  .map(([key]) => {
    const own = [...closure(key)].filter((each) => !initial.has(each));
    return [own.reduce((sum, each) => sum + sizeOf(manifest[each].file), 0), key];
  })
  .sort(([a], [b]) => b - a);
for (const [size, key] of routes) {
  if (size > CHUNK_KB) failed = true;
  process.stdout.write(`${size.toFixed(1).padStart(7)} kB of ${CHUNK_KB}   ${key}\n`);
}
if (failed) {
  process.stderr.write("The client is over its budget.\n");
  process.exit(1);
}
