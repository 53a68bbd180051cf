import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

// Two projects: `unit` needs only this process; `system` starts second processes (nats-server, ptys, foreign peers).
/** As Node reads packages: `module` is a bundlers' word, and graphql under it would be there twice. */
const graphql = fileURLToPath(import.meta.resolve("graphql"));
const resolve = { alias: [{ find: /^graphql$/u, replacement: graphql }] };

export default defineConfig({
  test: {
    projects: [
      {
        resolve,
        test: {
          name: "unit",
          include: [
            "{shared,edge-agent,cloud,hardware-sim,deploy}/**/*.test.ts",
            "test/architecture.test.ts",
          ],
          pool: "forks",
          // Properties run hundreds of cases: room for a busy machine.
          testTimeout: 30_000,
        },
      },
      {
        resolve,
        test: {
          name: "system",
          include: ["test/**/*.test.ts", "tools/**/*.test.mjs"],
          exclude: ["test/architecture.test.ts"],
          pool: "forks",
          fileParallelism: false,
          // Tests wait for conditions, each with a bound of its own; this is for a busy machine.
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
