import { closeSync, openSync, rmSync, statSync, writeSync } from "node:fs";

/** Space kept aside beside the journal, given back to the file system when deletion needs room on a full disk. */
export interface Reserve {
  /** True when the space is held. */
  isHeld(): boolean;
  /** Takes the space if the disk has it; false when it has not. */
  hold(): boolean;
  /** Gives the space back. */
  spend(): void;
}

const CHUNK = Buffer.alloc(1024 * 1024);

export function openReserve(path: string, bytes: number): Reserve {
  const file = `${path}.reserve`;
  const isHeld = (): boolean => {
    const stat = statSync(file, { throwIfNoEntry: false });
    return (stat?.size ?? 0) >= bytes;
  };
  const fill = (): void => {
    const fd = openSync(file, "w", 0o600);
    try {
      // Written, not truncated to size: a sparse file reserves nothing.
      for (let left = bytes; left > 0; left -= CHUNK.length) {
        const length = Math.min(left, CHUNK.length);
        if (writeSync(fd, CHUNK, 0, length) !== length) throw new Error("short write");
      }
    } finally {
      closeSync(fd);
    }
  };
  return {
    isHeld,
    hold() {
      if (isHeld()) return true;
      try {
        fill();
        return true;
      } catch {
        rmSync(file, { force: true });
        return false;
      }
    },
    spend() {
      rmSync(file, { force: true });
    },
  };
}
