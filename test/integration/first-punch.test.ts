import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TempDir, tempDir } from "../support/temp.ts";

const ROOT = join(import.meta.dirname, "../..");
const README = join(ROOT, "edge-agent/README.md");

/** The commands of the first block under this heading, as a person would type them. */
function commandsUnder(heading: string): readonly string[] {
  const [, section = ""] = readFileSync(README, "utf8").split(`## ${heading}\n`);
  const [, block = ""] = /```sh\n([^`]*)```/.exec(section) ?? [];
  return block.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("#"));
}

describe("somebody who never saw it", () => {
  let home: TempDir;
  beforeAll(() => {
    home = tempDir("first-punch");
  });
  afterAll(() => home.remove());

  it("gets from nothing to a first punch by the commands of the README, fewer than ten", async () => {
    const commands = commandsUnder("From nothing to a first punch");
    expect(commands.length).toBeGreaterThan(4);
    expect(commands.length).toBeLessThan(10);
    const script = ["set -e", ...commands, "wait"].join("\n");
    const { stdout } = await promisify(execFile)("bash", ["-c", script], {
      cwd: ROOT,
      env: { ...process.env, HOME: home.path, MAKEFLAGS: "" },
      maxBuffer: 4 * 1024 * 1024,
    });
    const punches = stdout.match(
      / front-door {2}card-26-c37a2200 .* amber {2}RECORDED {2}row \d+$/gm,
    );
    expect(punches).toHaveLength(2);
    expect(stdout).toMatch(/^waiting +\d+ rows$/m);
    expect(existsSync(join(home.path, "clockleaf-try/journal.db"))).toBe(true);
  });
});
