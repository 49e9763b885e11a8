import { defineConfig } from "vitest/config";

/** What people do, in a real browser on a real stack, three at a time as in a house: see `./greenlight dev dashboard-test`. */
export default defineConfig({
  test: { environment: "node", include: ["tests/*.journey.ts"], testTimeout: 900_000, hookTimeout: 120_000, minWorkers: 1, maxWorkers: 3 },
});
