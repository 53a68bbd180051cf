import { THIS_MACHINE } from "../discovery/places.ts";
import { type AddCommand, WITH_CONFIG, WITH_JSON } from "./command.ts";

/** `clockleaf-edge scan`: what terminals may hang on this machine, and with `--probe` which do. */
export const addScanCommand: AddCommand = (program, context) => {
  program
    .command("scan")
    .description("serial ports and HID devices of this machine, and what may be behind them")
    .option(...WITH_CONFIG)
    .option(...WITH_JSON)
    .option("--yaml", "the lines of a configuration for what was found")
    .option("--probe [port]", "ask for every known protocol, on this port or on all free ones")
    .option("--host <address>", "ask a terminal on the network, as ADDRESS or ADDRESS:PORT")
    .option("--no-progress", "no progress bar")
    .option("-q, --quiet", "no words on stderr")
    .addHelpText("after", HELP)
    .action(async (options, command) => {
      const stop = new AbortController();
      const onInterrupt = (): void => stop.abort();
      process.once("SIGINT", onInterrupt);
      const isConfigTyped = command.getOptionValueSource("config") === "cli";
      // Knows every protocol, which no other command should have to load.
      const { runScan } = await import("./run-scan.ts");
      const code = await runScan(
        { ...options, isConfigTyped },
        { ...context, places: THIS_MACHINE, isTty: process.stderr.isTTY, signal: stop.signal },
      );
      process.off("SIGINT", onInterrupt);
      process.exitCode = code;
    });
};

const HELP = `
Without --probe nothing is opened and nothing sent. With it every protocol is asked a question that changes nothing in a
terminal, at every usual speed, until one answers; a port that another program has, or this user may not open, is left
alone. Exit codes: 0 listed or found · 1 nobody answered · 6 something could not be looked at

Examples:
  clockleaf-edge scan                                      what is plugged in
  clockleaf-edge scan --probe                              who answers, on all free ports
  clockleaf-edge scan --probe /dev/serial/by-id/usb-… --yaml >> lines.yaml
  clockleaf-edge scan --host 192.168.7.20                  a terminal on the network`;
