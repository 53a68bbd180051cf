import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const ROOM = join(import.meta.dirname, "../../edge-agent");

/** Imports a file in a process of its own, and says what of Node and of packages it drew in. */
async function drawnInBy(file: string): Promise<{ builtins: string[]; files: string[] }> {
  const code = `
    import { registerHooks } from "node:module";
    const files = [];
    registerHooks({ load: (url, context, next) => (files.push(url), next(url, context)) });
    await import(${JSON.stringify(join(ROOM, file))});
    process.stdout.write(JSON.stringify({ builtins: process.moduleLoadList, files }));`;
  const args = ["--input-type=module", "--eval", code];
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 1024 ** 3 });
  const drawnIn: { builtins: string[]; files: string[] } = JSON.parse(stdout);
  return drawnIn;
}

// A gateway is a small machine. What these cost was measured with `make soak`; nobody notices when it comes back.
describe("what the agent draws into its memory", () => {
  it("is not undici, which an import of node:http loads: 12 MB", async () => {
    const { builtins, files } = await drawnInBy("hosted-service.ts");
    expect(files.length).toBeGreaterThan(100);
    expect(builtins.filter((name) => name.includes("undici"))).toEqual([]);
  });

  it("is not the schemas a second time, in the heap of the journal's thread: 6 MB", async () => {
    const { files } = await drawnInBy("journal/store.ts");
    expect(files.some((url) => url.endsWith("edge-agent/journal/verify.ts"))).toBe(true);
    expect(files.filter((url) => url.includes("node_modules/zod/"))).toEqual([]);
  });
});
