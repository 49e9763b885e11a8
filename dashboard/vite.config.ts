/// <reference types="vitest/config" />
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";
import { fonts } from "./tools/fonts";
import { light } from "./tools/light";

/** Packs text once, when all of it is written: the edge hands out `x.gz` for `x` and spends no time on it. */
function packed(): Plugin {
  return {
    name: "packed",
    apply: "build",
    writeBundle(options, bundle) {
      for (const name of Object.keys(bundle)) {
        if (!/\.(js|css|svg)$/.test(name)) continue;
        const path = join(options.dir ?? "dist", name);
        writeFileSync(`${path}.gz`, gzipSync(readFileSync(path), { level: 9 }));
      }
    },
  };
}

const edge = process.env.GREENLIGHT_EDGE ?? "http://127.0.0.1:8000";

export default defineConfig({
  plugins: [react(), packed(), fonts(), light()],
  resolve: { alias: { "@": fileURLToPath(new URL("src", import.meta.url)) } },
  build: { target: "es2022", sourcemap: false, chunkSizeWarningLimit: 600 },
  server: {
    port: 3000,
    proxy: {
      "^/(v1|v2|admin|feed|review)/": edge,
      "/ws": { target: edge, ws: true },
    },
  },
  // Each file has a thread of its own, which begins quicker than a process.
  test: { environment: "node", include: ["src/**/*.test.{ts,tsx}"], pool: "threads", restoreMocks: true, testTimeout: 20_000 },
});
