import { type DestinationStream, type Logger, pino } from "pino";

export type Log = Logger;

/**
 * Fields that must never reach a log, at any depth we use (top level and one below). Card numbers and PINs open
 * doors elsewhere; templates and salaries are nobody's business; tokens are keys.
 */
const SECRET_FIELDS = [
  "pin",
  "badge",
  "badgeKey",
  "credential",
  "cardHex",
  "template",
  "salary",
  "token",
  "apiKey",
  "seed",
  "scbk",
  "key",
  "authorization",
] as const;

export interface LogOptions {
  readonly room: string;
  /** pino level name; `info` unless told. `silent` for tests. */
  readonly level?: string;
  /** Where lines go; stderr by default, so that stdout stays free for data. */
  readonly destination?: DestinationStream;
}

/** Builds the one logger of a process. Made in `main.ts` and passed down; parts take `log.child({…})`. */
export function createLog(options: LogOptions): Log {
  const paths = SECRET_FIELDS.flatMap((field) => [field, `*.${field}`]);
  return pino(
    {
      level: options.level ?? "info",
      base: { room: options.room },
      redact: { paths, censor: "[redacted]" },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    options.destination ?? pino.destination(2),
  );
}

/** A log that says nothing, for tests and one-shot commands. */
export function silentLog(): Log {
  return pino({ level: "silent" });
}
