import { readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type NamesState, namesStateSchema } from "./names.ts";

/** 4096 likenesses of at most 50 bytes, and room. */
const MAX_BYTES = 1_000_000;

export interface NamesFile {
  /** What was last saved; undefined on a first start, after a power cut, or when it is of another format. */
  load(): NamesState | undefined;
  /** Handed to the kernel before it returns: it survives the process, not the power. Throws what the disk throws. */
  save(state: NamesState): void;
}

/** One small file per reader in `runtimeDir` (tmpfs), replaced in one step. It holds user numbers and times. */
export function namesFile(runtimeDir: string, reader: string): NamesFile {
  const path = join(runtimeDir, `anviz-${reader}.state`);
  return {
    load() {
      try {
        if (statSync(path).size > MAX_BYTES) return undefined;
        return namesStateSchema.parse(JSON.parse(readFileSync(path, "utf8")));
      } catch {
        return undefined; // not there, or of another version: names begin anew
      }
    },
    save(state) {
      const fresh = `${path}.new`;
      writeFileSync(fresh, JSON.stringify(state), { mode: 0o600 });
      renameSync(fresh, path);
    },
  };
}
