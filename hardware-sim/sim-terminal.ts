import type { ParseArgsOptionsConfig } from "node:util";
import { repeat } from "./cli.ts";
import { type SimCommand, type Surroundings, textOf, type Values } from "./command.ts";

/** Everything that can happen to a terminal, whoever makes it happen: a timer of its command, or a scenario. */
export const ACTS = {
  tap: "somebody comes, with this badge, finger or number",
  faults: "what the wire does from now on, such as noise=5%,drop=1%; none for no fault",
  unplug: "its end of the cable is pulled out",
  replug: "and put in again",
  "power-cut": "off and on again at once",
  "power-off": "no power",
  "power-on": "power again",
  "clock-step": "its clock jumps by so many seconds",
  "clock-stuck": "its clock stands still",
  "clock-runs": "and runs again",
  zone: "its clock shows the time of this zone, such as America/New_York",
  "memory-full": "no room for another punch",
  "memory-free": "room again",
} as const;
export type ActName = keyof typeof ACTS;
export const ACT_NAMES = Object.keys(ACTS).filter((name): name is ActName => name in ACTS);

/** `value` is what the act is about, an empty text for those about nothing. Throws `config.invalid` for one that makes no sense. */
export type Act = (value: string) => void | Promise<void>;
export type Acts = { readonly [Name in ActName]?: Act };

/** What became of the people who came. Null where the protocol does not say. */
export interface TapLedger {
  readonly taps: number;
  /** The controller said that it has them. */
  readonly acknowledged: number | null;
  /** Still in the terminal, for nobody acknowledged them. */
  readonly waiting: number | null;
  /** Turned away, or forgotten unacknowledged. */
  readonly lost: number | null;
}

export interface SimTerminal {
  /** For people: what it is, and where. */
  readonly name: string;
  readonly acts: Acts;
  /** Somebody comes: whoever is next by the options of the terminal. */
  comes(turn: number): void | Promise<void>;
  ledger(): TapLedger;
  readonly counters: () => Readonly<Record<string, unknown>>;
  close(): Promise<void>;
}

/** One kind of terminal; a protocol's folder has it in `command.ts`. */
export interface TerminalKind {
  readonly name: string;
  /** Its part of `--help`: the first line says how to call it, the others its options. */
  readonly help: string;
  readonly options: ParseArgsOptionsConfig;
  /** Options that are paths, for scenarios: they are meant from the folder of the file. */
  readonly paths: readonly string[];
  /** What its terminals have in `acts`. */
  readonly can: readonly ActName[];
  /** Throws `config.invalid` for options that make no sense, `port.unavailable` where it cannot be had. */
  open(values: Values, around: Surroundings): Promise<SimTerminal>;
}

const RHYTHM = {
  tap: { type: "string" },
  "power-cut": { type: "string" },
} as const satisfies ParseArgsOptionsConfig;

const CUT_HELP = "\n    --power-cut EVERY  power off and on again: 30s, 5m; default never";

/** The command that plays one terminal of this kind, on its own. */
export function terminalCommand(kind: TerminalKind): SimCommand {
  const canCut = kind.can.includes("power-cut");
  return {
    name: kind.name,
    help: `${kind.help}
    --tap EVERY        somebody comes again and again: 500ms, 5s, 1m; default never${canCut ? CUT_HELP : ""}`,
    options: { ...kind.options, tap: RHYTHM.tap, ...(canCut ? RHYTHM : {}) },
    async run(values, around) {
      const terminal = await kind.open(values, around);
      const stops = [
        repeat(textOf(values, "tap"), (turn) => void terminal.comes(turn)),
        repeat(textOf(values, "power-cut"), () => void terminal.acts["power-cut"]?.("")),
      ];
      around.say(terminal.name);
      await around.stopped;
      for (const stop of stops) stop();
      await terminal.close();
      around.say(JSON.stringify({ ...terminal.counters(), ...terminal.ledger() }));
    },
  };
}
