// Adds the platform packages that are named as optional but could not be resolved from the registry in use.
// Without them `npm ci` refuses the lock file that `npm install` has just written.
import { readFileSync, writeFileSync } from "node:fs";

const path = new URL("../package-lock.json", import.meta.url);
const lock = JSON.parse(readFileSync(path, "utf8"));
const OSES = ["android", "darwin", "freebsd", "linux", "openharmony", "win32"];
const CPUS = { arm: "arm", arm64: "arm64", ia32: "ia32", ppc64: "ppc64", s390x: "s390x", x64: "x64" };

let added = 0;
for (const entry of Object.values({ ...lock.packages })) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const key = `node_modules/${name}`;
    if (lock.packages[key]) continue;
    const parts = name.split(/[/-]/);
    const cpu = parts.find((part) => part in CPUS);
    const os = OSES.find((each) => parts.includes(each));
    lock.packages[key] = {
      version: version.replace(/^[^0-9]*/, ""),
      ...(cpu && { cpu: [cpu] }),
      dev: true,
      ...(parts.includes("musl") && { libc: ["musl"] }),
      ...((parts.includes("gnu") || parts.includes("glibc")) && os === "linux" && { libc: ["glibc"] }),
      optional: true,
      ...(os && { os: [os] }),
    };
    added += 1;
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
process.stdout.write(`${added} optional entries added\n`);
