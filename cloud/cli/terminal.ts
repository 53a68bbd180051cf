export const EXIT = { ok: 0, failed: 1, usage: 2, config: 3 } as const;

/** A line of the result, on stdout. */
export const print = (text: string): void => void process.stdout.write(`${text}\n`);

/** A line for the person who typed the command, on stderr. */
export const complain = (text: string): void => void process.stderr.write(`${text}\n`);

/** A result that is laid out already. */
export function printText(text: string): number {
  process.stdout.write(text);
  return EXIT.ok;
}
