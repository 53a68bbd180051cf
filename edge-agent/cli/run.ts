import { flushCompileCache } from "node:module";
import { codeOf } from "@clockleaf/shared/lib/errors.ts";
import { createLog, type Log } from "@clockleaf/shared/lib/log.ts";
import type { HostedService } from "../hosted-service.ts";
import { type AddCommand, WITH_CONFIG } from "./command.ts";
import { EXIT } from "./output.ts";

/** `clockleaf-edge run`: the agent itself, until SIGINT or SIGTERM; SIGHUP reads the configuration again. */
export const addRunCommand: AddCommand = (program, { load, exit }) => {
  program
    .command("run")
    .description("serve the readers until stopped; SIGHUP reads the configuration again")
    .option(...WITH_CONFIG)
    .option("--strict", "exit 3 for a configuration with a mistake, instead of safe mode")
    .addHelpText(
      "after",
      `
A configuration that cannot be used starts safe mode: the readers of the last good one are read, punches are kept and sent, and
status, heartbeat, log and the gateway's page say what is wrong. The file is never changed.`,
    )
    .action(async (options) => {
      const config = options.strict === true ? await load(options.config) : undefined;
      const log = createLog({ room: "edge-agent", level: config?.logLevel ?? "info" });
      const { createHostedService } = await import("../hosted-service.ts");
      const service = createHostedService({
        file: options.config,
        log,
        onFailed(error) {
          log.fatal({ err: error, code: codeOf(error) }, "agent stopped");
          exit(EXIT.failed);
        },
      });
      onSignals(service, { log, exit });
      await service.begin();
      const [{ systemdWishes }, { tellSystemd }] = await Promise.all([
        import("../config.ts"),
        import("../health/watchdog.ts"),
      ]);
      const wishes = systemdWishes();
      if (wishes !== undefined)
        await tellSystemd(wishes, { answers: () => service.answers(), log });
      // Where NODE_COMPILE_CACHE is set Node writes it at an orderly end, which a power cut is not.
      flushCompileCache();
    });
};

function onSignals(
  service: Pick<HostedService, "reload" | "stop">,
  { log, exit }: { readonly log: Log; readonly exit: (code: number) => never },
): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void service.stop(signal).then(() => exit(EXIT.ok)));
  }
  process.on("SIGHUP", () => {
    service.reload("SIGHUP").catch((error: unknown) => log.error({ err: error }, "reload failed"));
  });
}
