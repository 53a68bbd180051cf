/**
 * What a benchmark hands back. Each `test/bench/<name>.ts` exports
 * `run(options: BenchOptions): Promise<BenchResult>`; `main.ts` prints it and turns it into an exit status.
 */

/** One promise with its number. `holds` is decided by the benchmark, from `measured` and `bound` of the same run. */
export interface Claim {
  /** A sentence a reader can check, with the unit: "durable punch p50 is at most 1.5x a raw fsync". */
  readonly claim: string;
  readonly measured: number;
  readonly bound: number;
  readonly holds: boolean;
}

export interface BenchResult {
  readonly name: string;
  /** At least one: a benchmark that claims nothing fails. */
  readonly claims: readonly Claim[];
  /** Everything measured, unit in the key (`journalP50Us`, `drainPerSecond`). */
  readonly figures: Readonly<Record<string, number>>;
  /** What could not be measured here, and why: a part that is not there. Nothing is claimed of it. */
  readonly skipped?: readonly string[];
}

export interface BenchOptions {
  /** Scales the amount of work; 1 is what the claims are stated for, smaller is a quick look. */
  readonly scale: number;
  /** Punches in the read model, of benchmarks that fill one; what `scale` makes of their number unless told. */
  readonly punches?: number | undefined;
  /** One short line about what is going on now; shown on stderr when that is a terminal. */
  readonly progress: (line: string) => void;
}
