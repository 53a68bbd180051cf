import type { Random } from "@clockleaf/hardware-sim/random.ts";
import type { Ledger } from "../ledger.ts";

/** One terminal with people in front of it. */
export interface Place {
  readonly reader: string;
  /** Its part of all punches, at a rate its kind can carry; all of them together are 20. */
  readonly share: number;
  /** Nobody can come sooner after the one before, milliseconds; 0 unless told. */
  readonly gapMs?: number;
  /** Somebody comes. */
  tap(): void;
}

/** Something that happens to terminals or to their line; resolves when it is over and all is whole again. */
export interface Mishap {
  readonly name: string;
  readonly readers: readonly string[];
  strike(forMs: number): Promise<void>;
}

/** Terminals that hang together: on one line, or one alone. */
export interface Station {
  /** What the agent's configuration says of them. */
  readonly lines: readonly object[];
  readonly places: readonly Place[];
  readonly mishaps: readonly Mishap[];
  /** Punches in its terminals' memories, or people in front of them, that wait for the agent. */
  pending(): number;
  /** What the wire did, by the name of the fault. */
  faults(): Readonly<Record<string, number>>;
  close(): Promise<void>;
}

export interface StationDeps {
  /** Folder for links and sockets. */
  readonly dir: string;
  readonly random: Random;
  readonly ledger: Ledger;
  /** Planted in every line; false leaves the wires alone. */
  readonly withFaults: boolean;
}
