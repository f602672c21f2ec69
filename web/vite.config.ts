import { createReadStream, existsSync, readFileSync } from "node:fs";
import { lingui } from "@lingui/vite-plugin";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const EMOJI_LANGUAGES = ["en", "de"];
const EMOJI_FILES = ["data", "messages"];

/** Serves the emoji names from our own address: the picker must not ask an outside one. */
function emojiData(): Plugin {
  const source = (name: string) => new URL(`./node_modules/emojibase-data/${name}`, import.meta.url);
  return {
    name: "convo-emoji-data",
    configureServer(server) {
      server.middlewares.use("/emoji", (request, response, next) => {
        const file = source((request.url ?? "").slice(1));
        if (!/^\/\w+\/\w+\.json$/.test(request.url ?? "") || !existsSync(file)) return next();
        response.setHeader("content-type", "application/json");
        createReadStream(file).pipe(response);
      });
    },
    generateBundle() {
      for (const language of EMOJI_LANGUAGES) {
        for (const file of EMOJI_FILES) {
          const name = `${language}/${file}.json`;
          this.emitFile({ type: "asset", fileName: `emoji/${name}`, source: readFileSync(source(name)) });
        }
      }
    },
  };
}

/** Writes the list of built files into the service worker, so that the shell starts without a network. */
function serviceWorker(): Plugin {
  return {
    name: "convo-service-worker",
    apply: "build",
    generateBundle(_, bundle) {
      const files = Object.values(bundle)
        .filter((file) => file.fileName.startsWith("assets/") && /\.(js|css)$/.test(file.fileName))
        .map((file) => `/${file.fileName}`)
        .sort();
      const text = readFileSync(new URL("./src/app/service-worker.js", import.meta.url), "utf8");
      this.emitFile({
        type: "asset",
        fileName: "sw.js",
        source: text.replace('"FILES_OF_THE_BUILD"', JSON.stringify(files)),
      });
    },
  };
}

const server = process.env.CONVO_URL ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react(), tailwindcss(), lingui(), emojiData(), serviceWorker()],
  server: { proxy: { "/api": { target: server, ws: true } } },
  preview: { proxy: { "/api": { target: server, ws: true } } },
  build: { assetsInlineLimit: 0, modulePreload: { polyfill: false }, chunkSizeWarningLimit: 700, manifest: true },
  test: { environment: "jsdom", setupFiles: ["./src/test/setup.ts"], include: ["src/**/*.test.{ts,tsx}"] },
});
