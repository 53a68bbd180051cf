import { closeSync, openSync, readSync, writeSync } from "node:fs";

/**
 * The highest row ever acknowledged, in a file of its own. SQLite ends its write-ahead log at the first frame that
 * does not check out and says nothing, so one flipped bit there would drop every later row in silence; this number
 * makes that visible. It is written after the commit's fsync and not synced itself: after a power cut it may be
 * lower than the journal's last row, never higher.
 */
export interface HighWater {
  /** The highest row recorded for `epoch`; 0 when nothing readable is there. */
  read(epoch: string): number;
  write(epoch: string, row: number): void;
  close(): void;
}

const LINE_BYTES = 64;

export function openHighWater(path: string): HighWater {
  const fd = openSync(`${path}.high-water`, "a+", 0o600);
  closeSync(fd);
  const file = openSync(`${path}.high-water`, "r+");
  return {
    read(epoch) {
      const line = Buffer.alloc(LINE_BYTES);
      readSync(file, line, 0, LINE_BYTES, 0);
      const match = /^([0-9a-z]{8,16}) (\d{1,15}) *\n$/.exec(line.toString("latin1"));
      return match !== null && match[1] === epoch ? Number(match[2]) : 0;
    },
    write(epoch, row) {
      writeSync(file, `${`${epoch} ${row}`.padEnd(LINE_BYTES - 1)}\n`, 0, "latin1");
    },
    close() {
      closeSync(file);
    },
  };
}
