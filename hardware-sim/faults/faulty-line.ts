import { setTimeout as sleep } from "node:timers/promises";
import type { Line } from "../line.ts";
import type { Random } from "../random.ts";

/** What a wire does to bytes going one way. Probabilities are 0 to 1; all are 0 unless given. */
export interface Faults {
  /** A byte vanishes. */
  readonly drop?: number;
  /** One bit of a byte is flipped. */
  readonly flip?: number;
  /** 1 to 8 bytes of noise come before a chunk. */
  readonly noise?: number;
  /** A chunk arrives in several pieces, up to `splitMs` apart; at once unless told. */
  readonly split?: number;
  readonly splitMs?: number;
  /** A chunk arrives twice. */
  readonly twice?: number;
  /** A chunk arrives late, by up to `lateMs` (300 unless told); what follows waits its turn. */
  readonly late?: number;
  readonly lateMs?: number;
}

export interface FaultyLineOptions {
  /** Same seed, same bytes, same chunks: same faults. */
  readonly random: Random;
  /** From the controller to the terminal. */
  readonly toTerminal?: Faults;
  readonly toController?: Faults;
  /** One has struck just now. */
  readonly onFault?: (name: string) => void;
}

export interface FaultyLine extends Line {
  /** Cuts both wires until `restore`: everything sent meanwhile is lost. */
  cut(): void;
  restore(): void;
  /** Both ways, from now on; none for an empty one. */
  setFaults(faults: Faults): void;
  /** How often each fault has struck. */
  readonly counters: () => Readonly<Record<string, number>>;
}

const MAX_NOISE = 8;
const DEFAULT_LATE_MS = 300;

/** Puts faults between a terminal and its line: hang the terminal on the line this returns. */
export function faultyLine(line: Line, options: FaultyLineOptions): FaultyLine {
  const counts: Record<string, number> = {};
  const count = (name: string, by: number): void => {
    if (by === 0) return;
    counts[name] = (counts[name] ?? 0) + by;
    options.onFault?.(name);
  };
  const state = {
    cut: false,
    toTerminal: options.toTerminal ?? {},
    toController: options.toController ?? {},
  };
  const inbound = direction(options.random.fork("to-terminal"), () => state.toTerminal, count);
  const outbound = direction(options.random.fork("to-controller"), () => state.toController, count);
  let listener: ((chunk: Uint8Array) => void) | undefined;
  const whole = (bytes: Uint8Array): boolean => {
    if (state.cut) count("cut", bytes.length);
    return !state.cut;
  };

  line.onData((chunk) => {
    if (whole(chunk)) void inbound(chunk, (piece) => listener?.(piece));
  });

  return {
    write: async (bytes) => {
      if (whole(bytes)) await outbound(bytes, (piece) => line.write(piece));
    },
    onData(next) {
      listener = next;
    },
    close: () => line.close(),
    cut() {
      state.cut = true;
    },
    restore() {
      state.cut = false;
    },
    setFaults(faults) {
      state.toTerminal = faults;
      state.toController = faults;
    },
    counters: () => ({ ...counts }),
  };
}

type Deliver = (piece: Uint8Array) => void | Promise<void>;
type Count = (name: string, by: number) => void;

function direction(
  random: Random,
  faultsNow: () => Faults,
  count: Count,
): (bytes: Uint8Array, deliver: Deliver) => Promise<void> {
  let queue: Promise<void> = Promise.resolve();
  return (bytes, deliver) => {
    const faults = faultsNow();
    const once = damage(bytes, { random, faults, count });
    // Asked only where it may happen, so that a seed gives the same faults as ever without it.
    const isTwice = faults.twice !== undefined && random.chance(faults.twice);
    count("twice", Number(isTwice));
    const pieces = isTwice ? [...once, ...once] : once;
    const late = random.chance(faults.late ?? 0);
    count("late", Number(late));
    const lateMs = late ? random.int(1, faults.lateMs ?? DEFAULT_LATE_MS) : 0;
    const { splitMs } = faults;
    const apartMs = pieces.length > 1 && splitMs !== undefined ? random.int(1, splitMs) : 0;
    queue = queue.then(() => carry({ pieces, lateMs, apartMs }, deliver));
    return queue;
  };
}

async function carry(
  what: {
    readonly pieces: readonly Uint8Array[];
    readonly lateMs: number;
    readonly apartMs: number;
  },
  deliver: Deliver,
): Promise<void> {
  if (what.lateMs > 0) await sleep(what.lateMs);
  for (const [at, piece] of what.pieces.entries()) {
    if (at > 0 && what.apartMs > 0) await sleep(what.apartMs);
    await deliver(piece);
  }
}

interface Damage {
  readonly random: Random;
  readonly faults: Faults;
  readonly count: Count;
}

/** Applies noise, drops, flips and splits to one chunk; an empty list when nothing is left of it. */
export function damage(
  bytes: Uint8Array,
  { random, faults, count }: Damage,
): readonly Uint8Array[] {
  const noise = random.chance(faults.noise ?? 0) ? random.bytes(random.int(1, MAX_NOISE)) : [];
  count("noise", noise.length);
  const kept = Array.from(bytes).filter(() => !random.chance(faults.drop ?? 0));
  count("drop", bytes.length - kept.length);
  const flipped = kept.map((byte) => {
    if (!random.chance(faults.flip ?? 0)) return byte;
    count("flip", 1);
    return byte ^ (1 << random.int(0, 7));
  });
  const arrived = Uint8Array.of(...noise, ...flipped);
  if (arrived.length < 2 || !random.chance(faults.split ?? 0)) {
    return arrived.length === 0 ? [] : [arrived];
  }
  count("split", 1);
  const at = random.int(1, arrived.length - 1);
  return [arrived.subarray(0, at), arrived.subarray(at)];
}
