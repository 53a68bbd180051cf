import type { SimCommand } from "./command.ts";
import { fleetCommand } from "./fleet/command.ts";
import { kinds } from "./kinds.ts";
import { replayCommand } from "./replay/command.ts";
import { scenarioCommand } from "./scenario/command.ts";
import { terminalCommand } from "./sim-terminal.ts";
import { siteCommand } from "./site/command.ts";

/** Everything that can be simulated from the command line. One line adds one. */
export const commands: readonly SimCommand[] = [
  ...kinds.map(terminalCommand),
  fleetCommand,
  replayCommand,
  scenarioCommand,
  siteCommand,
];
