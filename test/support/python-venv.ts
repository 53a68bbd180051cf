import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

const toolsDir = join(import.meta.dirname, "..", "..", ".tools");

/**
 * A Python that has these packages: its path, or why there is none. Made once under `.tools/<name>` and kept; safe to call
 * from several test files.
 */
export async function ensurePython(
  name: string,
  packages: readonly string[],
): Promise<string | { readonly missing: string }> {
  const venv = join(toolsDir, name);
  const python = join(venv, "bin", "python");
  if (existsSync(python)) return python;
  const building = `${venv}.${process.pid}`;
  try {
    await mkdir(toolsDir, { recursive: true });
    await run("python3", ["-m", "venv", building]);
    await run(join(building, "bin", "python"), ["-m", "pip", "install", "--quiet", ...packages], {
      timeout: 120_000,
    });
    // A venv works from wherever its python is called, so a finished one is moved into place in one step.
    await rename(building, venv);
    return python;
  } catch (error) {
    await rm(building, { recursive: true, force: true });
    if (existsSync(python)) return python;
    const reason = error instanceof Error ? error.message : String(error);
    return { missing: `${name} (python3 -m venv, pip install ${packages.join(" ")}): ${reason}` };
  }
}
