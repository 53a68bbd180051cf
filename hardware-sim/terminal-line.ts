import { parseFaults } from "./cli.ts";
import { needed, type Surroundings, textOf, type Values } from "./command.ts";
import { type Faults, type FaultyLine, faultyLine } from "./faults/faulty-line.ts";
import type { Line } from "./line.ts";
import { openPty } from "./pty.ts";
import type { Acts } from "./sim-terminal.ts";

export const FAULT_HELP =
  "    --fault LIST       to and from it: drop=1%,flip=0.1%,noise=1%,split=10%,twice=1%,late=1%";
export const LINE_OPTIONS = { link: { type: "string" }, fault: { type: "string" } } as const;
export const LINE_ACTS = ["faults", "unplug", "replug"] as const;

/** The cable between a terminal and whoever talks to it. */
export interface TerminalLine {
  readonly name: string;
  readonly acts: Pick<Acts, (typeof LINE_ACTS)[number]>;
  readonly counters: () => Readonly<Record<string, number>>;
  close(): Promise<void>;
}

/** Some place where lines come into being: a pseudo-terminal once, a listening port with every call. */
export interface LinePlace {
  readonly name: string;
  close(): Promise<void>;
}
export type OpenPlace = (onLine: (line: Line) => void) => Promise<LinePlace>;

/** A pseudo-terminal at `--link`. */
export const ptyPlace =
  (values: Values): OpenPlace =>
  async (onLine) => {
    const pty = openPty({ link: needed(values, "link") });
    onLine(pty);
    return { name: pty.slavePath, close: () => pty.close() };
  };

/** Hangs a terminal on every line of the place, with the faults of `--fault` between; unplugged, the place is gone. */
export async function openTerminalLine(
  { values, around }: { readonly values: Values; readonly around: Surroundings },
  attach: (line: Line) => void,
  open: OpenPlace = ptyPlace(values),
): Promise<TerminalLine> {
  const fault = textOf(values, "fault");
  let faults: Faults = fault === undefined ? {} : parseFaults(fault);
  let line: FaultyLine | undefined;
  const counts: Record<string, number> = {};
  const keepCounts = (): void => {
    for (const [name, count] of Object.entries(line?.counters() ?? {})) {
      counts[name] = (counts[name] ?? 0) + count;
    }
    line = undefined;
  };
  const plugIn = (): Promise<LinePlace> =>
    open((next) => {
      keepCounts();
      const { random } = around;
      line = faultyLine(next, { random, toTerminal: faults, toController: faults });
      attach(line);
    });
  let place: LinePlace | undefined = await plugIn();
  const { name } = place;
  const unplug = async (): Promise<void> => {
    const former = place;
    place = undefined;
    await former?.close();
  };
  return {
    name,
    acts: {
      faults(text) {
        faults = text === "none" ? {} : parseFaults(text);
        line?.setFaults(faults);
      },
      unplug,
      async replug() {
        place ??= await plugIn();
      },
    },
    counters() {
      keepCounts();
      return { ...counts };
    },
    close: unplug,
  };
}
