import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const ROOM = join(import.meta.dirname, "../../edge-agent");

/** Imports a file in a process of its own, with `words` on its command line, and says what of Node and of packages it drew in. */
async function drawnInBy(
  file: string,
  words: readonly string[] = [],
): Promise<{ builtins: string[]; files: string[] }> {
  const code = `
    import { registerHooks } from "node:module";
    const files = [];
    registerHooks({ load: (url, context, next) => (files.push(url), next(url, context)) });
    process.on("exit", () => {
      process.stdout.write("\\n" + JSON.stringify({ builtins: process.moduleLoadList, files }));
    });
    await import(${JSON.stringify(join(ROOM, file))});`;
  const args = ["--input-type=module", "--eval", code, file, ...words];
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 1024 ** 3 });
  const drawnIn: { builtins: string[]; files: string[] } = JSON.parse(
    stdout.split("\n").at(-1) ?? "",
  );
  return drawnIn;
}

/** Files of commands, and of what commands alone need. */
const commandsIn = (files: readonly string[]): string[] =>
  files.filter((url) => /edge-agent\/(cli\/(?!run\.ts|output\.ts)|doctor|discovery)/.test(url));

// A gateway is a small machine. What these cost was measured with `make soak`; nobody notices when it comes back.
describe("what the agent draws into its memory", () => {
  it("is not undici, which an import of node:http loads: 12 MB", async () => {
    const { builtins, files } = await drawnInBy("hosted-service.ts");
    expect(files.length).toBeGreaterThan(100);
    expect(builtins.filter((name) => name.includes("undici"))).toEqual([]);
  });

  it("is not the other commands, whose files `run` would keep for months: 1 MB", async () => {
    const { files } = await drawnInBy("main.ts", ["run", "--help"]);
    expect(files.some((url) => url.endsWith("edge-agent/cli/run.ts"))).toBe(true);
    expect(commandsIn(files)).toEqual([expect.stringMatching(/cli\/command\.ts$/)]);
    const others = await drawnInBy("main.ts", ["status", "--help"]);
    expect(commandsIn(others.files).length).toBeGreaterThan(10);
  });

  it("is not the schemas a second time, in the heap of the journal's thread: 6 MB", async () => {
    const { files } = await drawnInBy("journal/store.ts");
    expect(files.some((url) => url.endsWith("edge-agent/journal/verify.ts"))).toBe(true);
    expect(files.filter((url) => url.includes("node_modules/zod/"))).toEqual([]);
  });
});
