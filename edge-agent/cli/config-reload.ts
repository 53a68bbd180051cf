import { setTimeout as pause } from "node:timers/promises";
import { hasCode, PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { askAnyStatus, giveOrder } from "../health/control-client.ts";
import type { ConfigurationStatus } from "../health/status.ts";
import { type AddCommand, WITH_CONFIG, WITH_JSON } from "./command.ts";
import { EXIT, printJson } from "./output.ts";

const LOOK_EVERY_MS = 100;
const LONGEST_MS = 60_000;

/** `clockleaf-edge config reload`: exit 0 = the agent runs with the file, 6 = it is in safe mode, 5 = no agent runs. */
export const addReloadCommand: AddCommand = (config, { terminal, runtimeDirOf }) => {
  config
    .command("reload")
    .description("have the running agent read the file again and start anew with it")
    .option(...WITH_CONFIG)
    .option(...WITH_JSON)
    .action(async (options) => {
      const runtimeDir = await runtimeDirOf(options.config);
      const { configuration: before } = await askAnyStatus(runtimeDir);
      await giveOrder(runtimeDir, "reload", {});
      const now = await readAfter(before, options.config, runtimeDirOf);
      if (options.json === true) printJson(terminal, now);
      else if (now.problem === null) terminal.out(`the agent runs with ${now.file}\n`);
      else terminal.out(`safe mode, the agent runs with ${now.runsWith}: ${now.problem}\n`);
      process.exitCode = now.problem === null ? EXIT.ok : EXIT.degraded;
    });
};

/** What the agent says once it has read the file; it does not answer while it starts anew, perhaps in another folder. */
async function readAfter(
  before: ConfigurationStatus,
  file: string,
  runtimeDirOf: (file: string) => Promise<string>,
): Promise<ConfigurationStatus> {
  const deadline = performance.now() + LONGEST_MS;
  while (performance.now() < deadline) {
    try {
      const { configuration } = await askAnyStatus(await runtimeDirOf(file));
      if (configuration.reads > before.reads) return configuration;
    } catch (error) {
      if (!hasCode(error, "agent.not-running")) throw error;
    }
    await pause(LOOK_EVERY_MS);
  }
  throw new PlatformError("agent.not-running", "the agent did not come back within a minute");
}
