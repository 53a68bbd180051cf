import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

const toolsDir = join(import.meta.dirname, "..", "..", ".tools");
const venv = join(toolsDir, "libosdp");
const PACKAGES = ["libosdp==3.2.9", "pyserial==3.5"];

/**
 * The foreign OSDP implementation for interoperability tests: the path of a Python that can `import osdp, serial`, or
 * why there is none. Made once under `.tools/` and kept; safe to call from several test files.
 */
export async function ensureLibosdp(): Promise<string | { readonly missing: string }> {
  const python = join(venv, "bin", "python");
  if (existsSync(python)) return python;
  const building = `${venv}.${process.pid}`;
  try {
    await mkdir(toolsDir, { recursive: true });
    await run("python3", ["-m", "venv", building]);
    await run(join(building, "bin", "python"), ["-m", "pip", "install", "--quiet", ...PACKAGES], {
      timeout: 120_000,
    });
    // A venv works from wherever its python is called, so a finished one is moved into place in one step.
    await rename(building, venv);
    return python;
  } catch (error) {
    await rm(building, { recursive: true, force: true });
    if (existsSync(python)) return python;
    const reason = error instanceof Error ? error.message : String(error);
    return { missing: `libosdp (python3 -m venv, pip install ${PACKAGES.join(" ")}): ${reason}` };
  }
}
