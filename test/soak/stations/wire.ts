import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  type Faults,
  type FaultyLine,
  faultyLine,
} from "@clockleaf/hardware-sim/faults/faulty-line.ts";
import type { Line } from "@clockleaf/hardware-sim/line.ts";
import { openPty, type Pty } from "@clockleaf/hardware-sim/pty.ts";
import type { Ledger } from "../ledger.ts";
import type { Mishap, StationDeps } from "./station.ts";

/** A serial line with what may go wrong on it, which can be pulled out of the gateway and plugged in again. */
export interface Wire {
  /** What the agent opens. */
  readonly path: string;
  readonly mishaps: readonly Mishap[];
  /** When bytes were last lost, changed or added, by `performance.now()`. */
  readonly damagedAtMs: () => number;
  faults(): Readonly<Record<string, number>>;
  close(): Promise<void>;
}

export interface WireOptions {
  readonly name: string;
  readonly readers: readonly string[];
  readonly faults: Faults;
  /** Hangs the terminals on the line; again for each plugging in. */
  readonly attach: (line: Line) => void;
}

const DAMAGING = new Set(["drop", "flip", "noise", "cut", "twice"]);

export function openWire(options: WireOptions, { dir, random, withFaults }: StationDeps): Wire {
  const link = join(dir, options.name);
  const faults = withFaults ? options.faults : {};
  const before: Record<string, number> = {};
  let turns = 0;
  let damagedAtMs = Number.NEGATIVE_INFINITY;
  const onFault = (name: string): void => {
    if (DAMAGING.has(name)) damagedAtMs = performance.now();
  };
  const plug = (): { pty: Pty; line: FaultyLine } => {
    const pty = openPty({ link });
    turns += 1;
    const seeded = random.fork(`${options.name} ${turns}`);
    const line = faultyLine(pty, {
      random: seeded,
      toTerminal: faults,
      toController: faults,
      onFault,
    });
    options.attach(line);
    return { pty, line };
  };
  let plugged = plug();
  const sum = (): Record<string, number> => add({ ...before }, plugged.line.counters());
  const { readers } = options;
  return {
    path: link,
    damagedAtMs: () => damagedAtMs,
    faults: sum,
    mishaps: [
      {
        name: "line cut",
        readers,
        async strike(forMs) {
          const { line } = plugged;
          line.cut();
          await sleep(forMs);
          line.restore();
        },
      },
      {
        name: "adapter pulled out",
        readers,
        async strike(forMs) {
          add(before, plugged.line.counters());
          await plugged.pty.close();
          await sleep(forMs);
          plugged = plug();
        },
      },
    ],
    close: () => plugged.pty.close(),
  };
}

/** Damage so short before something sent may swallow it: a lost end of line, a start byte out of nowhere. */
const SHADOW_MS = 1_000;

/** Notes that everything of a tap was sent since `sinceMs`, if the wire did nothing to it, nor to what came shortly before. */
export function noteWhole(
  wire: Wire,
  {
    tap,
    sinceMs,
    ledger,
  }: { readonly tap: number; readonly sinceMs: number; readonly ledger: Ledger },
): void {
  const atMs = wire.damagedAtMs();
  if (atMs >= sinceMs) ledger.gone(tap, "damaged on the line");
  else if (sinceMs - atMs < SHADOW_MS) ledger.gone(tap, "shortly after damage on the line");
  else ledger.whole(tap);
}

/** Adds `more` to `counts`, which it returns. */
export function add(
  counts: Record<string, number>,
  more: Readonly<Record<string, number>>,
): Record<string, number> {
  for (const [name, count] of Object.entries(more)) counts[name] = (counts[name] ?? 0) + count;
  return counts;
}
