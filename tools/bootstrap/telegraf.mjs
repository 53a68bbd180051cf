import { existsSync } from "node:fs";
import { join } from "node:path";
import { provideFolder } from "./fetched.mjs";
import { ask, say } from "./shell.mjs";

/**
 * Go checks the module, and each that it needs, against its public checksum database. The tags leave out all plugins but
 * those that the benchmark names in telegraf's configuration.
 */
const PINS = {
  module: "github.com/influxdata/telegraf/cmd/telegraf@v1.37.2",
  tags: ["inputs.nats_consumer", "parsers.value", "serializers.template", "outputs.kafka"],
  go: "1.25.5",
};

/** Builds `tools/telegraf/telegraf`, whose way from JetStream to Kafka the bridges' benchmark measures beside ours. */
export async function provideTelegraf({ tools, pins = PINS, env = process.env }) {
  await provideFolder({
    tools,
    name: "telegraf",
    what: "telegraf",
    pins,
    env,
    isWhole: (folder) => existsSync(join(folder, "telegraf")),
    fetch(folder) {
      if (!ask("go", ["version"], { env }).ok) return `needs Go ${pins.go}: https://go.dev/dl/`;
      say("Building telegraf with go install (one minute, or several on a busy machine) …");
      const tags = ["custom", ...pins.tags].join(",");
      const { ok, err } = ask("go", ["install", "-tags", tags, pins.module], {
        cwd: folder,
        // Never another Go than the one that is there: it would be downloaded without a word.
        env: {
          ...env,
          GOBIN: folder,
          GOTOOLCHAIN: "local",
          CGO_ENABLED: "0",
          GOFLAGS: "",
          GOOS: "",
          GOARCH: "",
        },
        timeout: 1_200_000,
      });
      if (!ok) return `go install: ${err.split("\n").at(-1) || "no word why"}`;
    },
  });
}
