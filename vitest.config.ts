import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

// `unit` needs only this process; `system` starts second processes (nats-server, ptys, foreign peers); `long` is what runs
// minutes and repeats at length what `system` shows in short (`make test-long`).
/** As Node reads packages: `module` is a bundlers' word, and graphql under it would be there twice. */
const graphql = fileURLToPath(import.meta.resolve("graphql"));
const resolve = { alias: [{ find: /^graphql$/u, replacement: graphql }] };

const LONG = [
  // The bridges' contract on clusters; on one server it is in `system`.
  "test/integration/bridge-kafka-cluster.test.ts",
  "test/integration/bridge-rabbitmq-cluster.test.ts",
  // A whole machine booted with systemd, the gateway installed on it by its README.
  "test/integration/edge-service.test.ts",
  // The servers that those tests start, killed.
  "test/integration/servers-{kafka,rabbitmq,registry}.test.ts",
];
/** Of any project: each with servers, ports and folders of its own, and mostly they wait. */
const maxWorkers = 2;
/** Tests wait for conditions, each with a bound of its own; this is for a busy machine. */
const TIMEOUTS = { testTimeout: 120_000, hookTimeout: 120_000 };

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
          maxWorkers,
          // Properties run hundreds of cases: room for a busy machine.
          testTimeout: 30_000,
        },
      },
      {
        resolve,
        test: {
          name: "system",
          include: ["test/**/*.test.ts", "tools/**/*.test.mjs"],
          exclude: ["test/architecture.test.ts", ...LONG],
          pool: "forks",
          maxWorkers,
          ...TIMEOUTS,
        },
      },
      {
        resolve,
        test: {
          name: "long",
          include: LONG,
          pool: "forks",
          fileParallelism: false,
          ...TIMEOUTS,
        },
      },
    ],
  },
});
