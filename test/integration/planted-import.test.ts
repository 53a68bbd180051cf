import { spawnSync } from "node:child_process";
import { appendFileSync, cpSync, symlinkSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { tempDir } from "../support/temp.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** Not copied: what git ignores, and git itself. */
const LEFT_OUT = new Set(["node_modules", ".git", ".tools", ".demo", "coverage"]);

it("make check fails on a planted forbidden import, and names it", () => {
  using copy = tempDir("planted");
  cpSync(ROOT, copy.path, {
    recursive: true,
    filter: (source) => !LEFT_OUT.has(relative(ROOT, source).split(sep)[0] ?? ""),
  });
  symlinkSync(join(ROOT, "node_modules"), join(copy.path, "node_modules"));

  const clean = make(copy.path, "architecture");
  expect(clean).toMatchObject({ status: 0 });

  const planted = 'export type { Port } from "@clockleaf/edge-agent/ports/port.ts";\n';
  appendFileSync(join(copy.path, "cloud", "eventing", "decider.ts"), planted);
  const failed = make(copy.path, "check");
  expect(failed.status).not.toBe(0);
  expect(failed.output).toContain("cloud/eventing/decider.ts → edge-agent/ports/port.ts");
});

/** Without the set-up, which would install into the copy; this test's own Node stands in for its choice. */
function make(folder: string, target: string): { status: number | null; output: string } {
  const path = `${dirname(process.execPath)}:${process.env["PATH"]}`;
  const { status, stdout, stderr } = spawnSync("make", ["-C", folder, "SETUP=true", target], {
    encoding: "utf8",
    env: { ...process.env, PATH: path, NO_COLOR: "1" },
  });
  return { status, output: stdout + stderr };
}
