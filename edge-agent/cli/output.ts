/** Exit codes of every command; `--help` of the program lists them. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  config: 3,
  /** Not enrolled, or the key is refused. */
  unauthorised: 4,
  unreachable: 5,
  degraded: 6,
} as const;

/** Where a command writes: data to `out`, words to people to `err`. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
}

export function printJson(terminal: Terminal, value: unknown): void {
  terminal.out(`${JSON.stringify(value)}\n`);
}

/** A duration for people: `850 ms`, `42 s`, `13 min`, `5 h`, `3 d`. */
export function renderAge(ms: number): string {
  const steps = [
    [86_400_000, "d"],
    [3_600_000, "h"],
    [60_000, "min"],
    [1000, "s"],
  ] as const;
  for (const [size, unit] of steps) if (ms >= size * 2) return `${Math.round(ms / size)} ${unit}`;
  return `${Math.round(ms)} ms`;
}
