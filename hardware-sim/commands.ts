import { anvizCommand } from "./anviz/command.ts";
import type { SimCommand } from "./command.ts";
import { hidCommand } from "./hid/command.ts";
import { pcproxCommand } from "./hid/pcprox-command.ts";
import { pushCommand } from "./nats-push/command.ts";
import { osdpCommand } from "./osdp/command.ts";
import { replayCommand } from "./replay/command.ts";
import { serialBadgeCommand } from "./serial-badge/command.ts";
import { sfmCommand } from "./sfm/command.ts";
import { siteCommand } from "./site/command.ts";
import { zfmCommand } from "./zfm/command.ts";
import { admsCommand, zktecoCommand } from "./zkteco/command.ts";

/** Everything that can be simulated from the command line. One line adds one. */
export const commands: readonly SimCommand[] = [
  anvizCommand,
  hidCommand,
  pushCommand,
  osdpCommand,
  pcproxCommand,
  replayCommand,
  serialBadgeCommand,
  sfmCommand,
  siteCommand,
  zfmCommand,
  admsCommand,
  zktecoCommand,
];
