import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface TempDir extends Disposable {
  readonly path: string;
  /** Deletes the folder and all in it; safe to call twice. */
  remove(): void;
}

/**
 * A new empty folder under the system's temporary folder. Whoever makes one removes it (`using` does); with
 * `CLOCKLEAF_TEST_KEEP=1` it stays, logs and all, for whoever looks for what went wrong.
 */
export function tempDir(name = "test"): TempDir {
  const path = mkdtempSync(join(tmpdir(), `clockleaf-${name}-`));
  const remove = (): void => {
    if (process.env["CLOCKLEAF_TEST_KEEP"] === "1") return;
    rmSync(path, { recursive: true, force: true, maxRetries: 5 });
  };
  return { path, remove, [Symbol.dispose]: remove };
}
