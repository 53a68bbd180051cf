import { spawnSync } from "node:child_process";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { tempDir } from "../../test/support/temp.ts";

const ROOM = import.meta.dirname;
const buf = (...args: string[]): { status: number | null; output: string } => {
  const bin = join(ROOM, "../../node_modules/.bin/buf");
  const { status, stdout, stderr } = spawnSync(bin, args, { cwd: ROOM, encoding: "utf8" });
  return { status, output: `${stdout}${stderr}` };
};
const breaking = (proto: string) => buf("breaking", proto, "--against", "released.json");

/** `released.json` is what clients were built against: `buf build proto --exclude-source-info -o released.json`. */
describe("the gRPC contract", () => {
  const temp = tempDir("proto");
  afterAll(() => temp.remove());

  it("is written as the style guide wants it, every name with its meaning", () => {
    expect(buf("lint", "proto")).toEqual({ status: 0, output: "" });
  });

  it("takes nothing away from clients that were built against what was released", () => {
    expect(breaking("proto")).toEqual({ status: 0, output: "" });
  });

  it("would notice a field that changed its number", () => {
    cpSync(join(ROOM, "proto"), temp.path, { recursive: true });
    const file = join(temp.path, "clockleaf/v1/payroll.proto");
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace("string period = 2;", "string period = 12;"));
    const { status, output } = breaking(temp.path);
    expect(status).toBe(100);
    expect(output).toContain('"2" with name "period"');
  });
});
