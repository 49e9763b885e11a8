import { defineConfig } from "vitest/config";

/** What people do, in a real browser on a real stack: see `./greenlight dev dashboard-test`. */
export default defineConfig({
  test: { environment: "node", include: ["tests/*.journey.ts"], testTimeout: 900_000, hookTimeout: 120_000, fileParallelism: false },
});
