import type { Port } from "../ports/port.ts";

/**
 * How a terminal of one kind is found by asking, for `scan --probe`: on a port that nobody else uses. Knowledge of the
 * protocol, never part of a configuration.
 */
export interface Probe {
  /** Speeds such terminals are set to, likeliest first, bit/s; none where they hang on no serial line. */
  readonly baudRates: readonly number[];
  /** The TCP port such terminals listen on; null where they do not. */
  readonly tcpPort: number | null;
  /** How long one `ask` takes while nobody answers, milliseconds. Whoever answers may be asked a little more. */
  readonly longestMs: number;
  /** What a person has to do meanwhile, for terminals that say nothing by themselves; null where asking is enough. */
  readonly meanwhile: string | null;
  /**
   * Whether such a terminal answers, and what it says of itself; null when none does, and soon after `signal` aborts. Says
   * only what changes nothing in a terminal of whatever kind. Listens on the port until somebody else does. Rejects never
   * for what it hears; with `port.lost` when the port is gone.
   */
  ask(port: Port, signal: AbortSignal): Promise<ProbeAnswer | null>;
}

export interface ProbeAnswer {
  /** On its line, as the configuration writes it; null where terminals of this kind have none, or it was not told. */
  readonly address: number | null;
  readonly model: string | null;
  /** What else is worth knowing before it is configured, in a few words. */
  readonly says: string;
  /** The `settings` of a line to begin with, for a reader of this name. */
  settings(reader: string): Readonly<Record<string, unknown>>;
}

export interface Question<T> {
  /** What is sent; null where one only listens. */
  readonly say: Uint8Array | null;
  /** What a piece of the answer, and all before it, means; undefined while that is nothing. */
  readonly read: (chunk: Uint8Array) => T | undefined;
  readonly withinMs: number;
}

/** The first thing that makes sense; null when nothing came in time, or `signal` aborts. Rejects with `port.lost`. */
export async function hear<T>(
  port: Port,
  { say, read, withinMs }: Question<T>,
  signal: AbortSignal,
): Promise<T | null> {
  if (signal.aborted) return null;
  const { promise, resolve } = Promise.withResolvers<T | null>();
  const giveUp = (): void => resolve(null);
  const timer = setTimeout(giveUp, withinMs);
  signal.addEventListener("abort", giveUp, { once: true });
  port.onData((chunk) => {
    const understood = read(chunk);
    if (understood !== undefined) resolve(understood);
  });
  try {
    // A line that takes nothing must not hold us up any longer than one that says nothing.
    if (say !== null) await Promise.race([port.write(say), promise]);
    return await promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", giveUp);
  }
}
