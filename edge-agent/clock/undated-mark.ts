import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { UndatedMark } from "./time-keeper.ts";

const FILE = "undated-boot";

/**
 * A file with the name of the boot, in the folder on tmpfs. It is there before the first row that it speaks of; where it
 * cannot be written, as on a full tmpfs, it is remembered here, and a kill before the time is known leaves those rows to a
 * person.
 */
export function openUndatedMark(runtimeDir: string): UndatedMark {
  const path = join(runtimeDir, FILE);
  let marked = read(path);
  return {
    isSet: (bootId) => marked === bootId,
    set(bootId) {
      if (marked === bootId) return;
      marked = bootId;
      try {
        writeFileSync(path, bootId, { mode: 0o600 });
      } catch {
        // As said above.
      }
    },
    clear() {
      marked = undefined;
      rmSync(path, { force: true });
    },
  };
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
