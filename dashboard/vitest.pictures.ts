import { defineConfig } from "vitest/config";

/** Pictures for the README: see `./greenlight dev pictures`. */
export default defineConfig({
  test: { environment: "node", include: ["tests/pictures.ts"], testTimeout: 1_800_000, hookTimeout: 120_000 },
});
