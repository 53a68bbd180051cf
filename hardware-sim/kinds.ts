import { anvizKind } from "./anviz/command.ts";
import { hidKind } from "./hid/command.ts";
import { pcproxKind } from "./hid/pcprox-command.ts";
import { pushKind } from "./nats-push/command.ts";
import { osdpKind } from "./osdp/command.ts";
import { serialBadgeKind } from "./serial-badge/command.ts";
import { sfmKind } from "./sfm/command.ts";
import type { TerminalKind } from "./sim-terminal.ts";
import { zfmKind } from "./zfm/command.ts";
import { admsKind, zktecoKind } from "./zkteco/command.ts";

/** Every kind of terminal, for the command line and for scenarios. One line adds one. */
export const kinds: readonly TerminalKind[] = [
  anvizKind,
  hidKind,
  pushKind,
  osdpKind,
  pcproxKind,
  serialBadgeKind,
  sfmKind,
  zfmKind,
  admsKind,
  zktecoKind,
];
