import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type TempDir, tempDir } from "../../../test/support/temp.ts";
import { readKeyFile } from "./keys.ts";

const GOOD = "8f1c22d90a4b57e361b8c4d5026f7e93";

describe("a key file", () => {
  let dir: TempDir;
  let file: string;
  beforeEach(() => {
    dir = tempDir("osdp-key");
    file = join(dir.path, "door.key");
  });
  afterEach(() => dir.remove());

  const fault = (text: string, mode = 0o600): string => {
    writeFileSync(file, text);
    chmodSync(file, mode);
    try {
      readKeyFile(file);
      return "none";
    } catch (error) {
      expect(error).toMatchObject({ code: "device.key" });
      return error instanceof Error ? error.message : "";
    }
  };

  test("holds 32 hex digits, with or without a newline", () => {
    expect(fault(GOOD)).toBe("none");
    expect(fault(`${GOOD.toUpperCase()}\n`)).toBe("none");
    expect(Buffer.from(readKeyFile(file)).toString("hex")).toBe(GOOD);
  });

  test("is refused when others may read it", () => {
    expect(fault(GOOD, 0o640)).toMatch(/chmod 600/);
    expect(fault(GOOD, 0o604)).toMatch(/chmod 600/);
    expect(fault(GOOD, 0o400)).toBe("none");
  });

  test.each([
    ["the default key", "303132333435363738393a3b3c3d3e3f", /default key/],
    ["one byte repeated", "aa".repeat(16), /repeated/],
    ["all zeros", "00".repeat(16), /repeated/],
    ["counting up", "0102030405060708090a0b0c0d0e0f10", /counting/],
    ["counting up over 255", "f8f9fafbfcfdfeff0001020304050607", /counting/],
    ["counting down", "100f0e0d0c0b0a090807060504030201", /counting/],
    ["counting in steps", "00112233445566778899aabbccddeeff", /counting/],
    ["four bytes in turn", "deadbeef".repeat(4), /few different/],
  ])("is refused for a key anybody would try: %s", (_name, key, why) => {
    expect(fault(key)).toMatch(why);
  });

  test.each([
    ["too short", GOOD.slice(2)],
    ["too long", `${GOOD}00`],
    ["no hex", "z".repeat(32)],
    ["empty", ""],
  ])("is refused when it is %s, without showing what is in it", (_name, text) => {
    const message = fault(text);
    expect(message).toMatch(/32 hex digits/);
    expect(message).not.toContain(text.slice(0, 8) || "nothing of it");
  });

  test("is named when it is not there", () => {
    expect(() => readKeyFile(join(dir.path, "none"))).toThrowError(
      expect.objectContaining({ code: "device.key" }),
    );
  });
});
