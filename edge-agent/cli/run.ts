import { codeOf } from "@clockleaf/shared/lib/errors.ts";
import { createLog } from "@clockleaf/shared/lib/log.ts";
import { createShutdown } from "@clockleaf/shared/lib/shutdown.ts";
import { keepLastGood } from "../last-good-config.ts";
import { type AddCommand, WITH_CONFIG } from "./command.ts";
import { EXIT } from "./output.ts";

/** `clockleaf-edge run`: the agent itself, until SIGINT or SIGTERM. */
export const addRunCommand: AddCommand = (program, { load, exit }) => {
  program
    .command("run")
    .description("serve the readers until stopped")
    .option(...WITH_CONFIG)
    .action(async (options) => {
      const config = await load(options.config);
      const log = createLog({ room: "edge-agent", level: config.logLevel });
      const shutdown = createShutdown(log);
      for (const signal of ["SIGINT", "SIGTERM"] as const) {
        process.once(signal, () => void shutdown.stop(signal).then(() => exit(EXIT.ok)));
      }
      const { startAgent } = await import("../agent.ts");
      try {
        await startAgent({ config, log, shutdown });
        keepLastGood(options.config, config, log);
      } catch (error) {
        log.fatal({ err: error, code: codeOf(error) }, "agent did not start");
        await shutdown.stop("start failed");
        throw error;
      }
    });
};
