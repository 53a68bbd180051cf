import { existsSync, renameSync, writeFileSync } from "node:fs";
import { arch } from "node:os";
import { join } from "node:path";

const MULTIARCH = arch() === "arm64" ? "aarch64-linux-gnu" : "x86_64-linux-gnu";
const PLACES = [
  `/usr/lib/${MULTIARCH}/faketime/libfaketimeMT.so.1`,
  "/usr/lib/faketime/libfaketimeMT.so.1",
  "/usr/local/lib/faketime/libfaketimeMT.so.1",
];

/** libfaketime for programs with threads: Debian's package `faketime` brings it. */
export const findFaketime = (): string | undefined => PLACES.find((file) => existsSync(file));

/** The wall clock of programs that are started with `env`. Their monotonic clock and their timers stay true. */
export interface FakeClock {
  readonly env: Readonly<Record<string, string>>;
  /** From now on programs that run show the true time; those started later as well. */
  setRight(): void;
  /** From now on programs that run are so many seconds ahead of the true time, behind for a negative number; those started later as well. */
  setAhead(seconds: number): void;
  /** Programs started from now on show this when they start, `2000-01-01 00:00:00` UTC, and go on from there. */
  bootAt(utc: string): void;
}

export function createFakeClock(dir: string): FakeClock {
  const library = findFaketime();
  if (library === undefined) throw new Error("libfaketime not found; run `make setup`");
  const file = join(dir, "faketime");
  const write = (spec: string): void => {
    // In one step: the programs read it at every look at the clock.
    writeFileSync(`${file}.new`, `${spec}\n`);
    renameSync(`${file}.new`, file);
  };
  write("+0");
  return {
    env: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: "1",
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
      // Files keep their true times, and so do waits for a lock.
      NO_FAKE_STAT: "1",
      TZ: "UTC",
    },
    setRight: () => write("+0"),
    setAhead: (seconds) => write(`${seconds < 0 ? "" : "+"}${seconds}`),
    bootAt: (utc) => write(`@${utc}`),
  };
}
