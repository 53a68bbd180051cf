import { InvalidArgumentError } from "@commander-js/extra-typings";
import { type AddCommand, WITH_CONFIG, WITH_JSON } from "./command.ts";
import { EXIT, printJson } from "./output.ts";

const HELP = `
Looks in order at Node and native libraries, the clock, the service, the configuration, the agent, permissions, every port
and reader, keys, disk and journal, leaf server, hub and uplink. Each thing that is wrong comes with what to type.
Opens no port while an agent may have it, and changes nothing without --fix.

--fix repairs only what needs no decision, and says what it did:
  mode of key files (600) and of runtimeDir (700) · runtimeDir made · the control socket of a killed agent removed ·
  a configuration of an older release migrated, with a copy kept
  with --install-udev-rule, as root: the udev rule for HID readers

Exit codes: 0 all well · 6 warnings only · 3 configuration · 4 the gateway's key is missing or refused ·
            5 nothing wrong but that a server or terminal is out of reach · 1 any other failure`;

const LONGEST_LISTENING_S = 300;

/** `clockleaf-edge doctor`: what is wrong with this set-up, and what to type. */
export const addDoctorCommand: AddCommand = (program, { terminal, load, exit, isUtf8 }) => {
  program
    .command("doctor")
    .description(
      "look at everything a gateway needs, and say what to type where something is wrong",
    )
    .option(...WITH_CONFIG)
    .option(...WITH_JSON)
    .option("--fix", "repair what can be repaired safely; listed below")
    .option(
      "--install-udev-rule",
      "with --fix, as root: also install the udev rule for HID readers",
    )
    .option(
      "--listen <seconds>",
      "how long badge readers on serial lines are listened to when no agent runs; 0 opens nothing",
      seconds,
      1,
    )
    .addHelpText("after", HELP)
    .action(async (options) => {
      const { examine } = await import("../doctor/doctor.ts");
      const { exitOf } = await import("../doctor/exit.ts");
      const { applyFixes } = await import("../doctor/fixes.ts");
      const { plainFinding, renderFindings, renderFixed } = await import("../doctor/report.ts");
      const look = { configFile: options.config, load, listenMs: options.listen * 1_000 };
      let findings = await examine(look);
      const udevRule = options.installUdevRule === true;
      const fixed = options.fix === true ? await applyFixes(findings, { udevRule }) : [];
      if (fixed.length > 0) findings = await examine(look);
      const code = exitOf(findings);
      if (options.json === true) {
        const isWell = code === EXIT.ok;
        printJson(terminal, { isWell, exit: code, fixed, findings: findings.map(plainFinding) });
      } else terminal.out(renderFixed(fixed) + renderFindings(findings, isUtf8));
      // What a hung server or terminal left open must not keep the program.
      exit(code);
    });
};

function seconds(text: string): number {
  const value = Number(text);
  if (text !== "" && value >= 0 && value <= LONGEST_LISTENING_S) return value;
  throw new InvalidArgumentError(`0 to ${LONGEST_LISTENING_S} seconds`);
}
