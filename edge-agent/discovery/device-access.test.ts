import { closeSync, openSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TempDir, tempDir } from "../../test/support/temp.ts";
import { accessOf, holdersOf } from "./device-access.ts";

describe("access to a device file", () => {
  let temp: TempDir;
  let file: string;
  beforeAll(() => {
    temp = tempDir("access");
    file = join(temp.path, "ttyUSB0");
    writeFileSync(file, "");
  });
  afterAll(() => temp.remove());

  it("tells a file that is there from one that is not", async () => {
    expect(await accessOf(file)).toBe("ok");
    expect(await accessOf(`${file}1`)).toBe("missing");
  });

  it("names the process that holds it, through a link, while it does", async () => {
    const link = join(temp.path, "by-id");
    symlinkSync(file, link);
    expect(await holdersOf(link)).toEqual([]);
    const fd = openSync(file, "r");
    const holders = await holdersOf(link);
    closeSync(fd);
    expect(holders.map(({ pid }) => pid)).toEqual([process.pid]);
    expect(holders[0]?.command).not.toBe("");
    expect(await holdersOf(link)).toEqual([]);
    expect(await holdersOf(`${file}1`)).toEqual([]);
  });
});
