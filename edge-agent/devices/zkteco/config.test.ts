import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse as parseYaml } from "yaml";
import { tempDir } from "../../../test/support/temp.ts";
import { zktecoConfigSchema } from "./config.ts";
import { zktecoDriver } from "./driver.ts";
import { readCommKey } from "./key-file.ts";

const parse = (some: object): boolean =>
  zktecoConfigSchema.safeParse({ reader: "hall", ...some }).success;
const keyFault = expect.objectContaining({ code: "device.key" });

describe("the ZKTeco configuration", () => {
  test("of the sample is valid", () => {
    const sample = readFileSync(join(import.meta.dirname, "sample.yaml"), "utf8");
    const config = zktecoConfigSchema.parse(parseYaml(sample));
    expect(zktecoDriver.readers(config)).toEqual(["hall"]);
    expect(zktecoDriver.withAbsolutePaths?.(config, (path) => `/x${path}`).commKeyFile).toBe(
      "/x/etc/clockleaf/keys/hall.comm",
    );
  });

  test("refuses unknown fields, and looks that are too far apart", () => {
    expect(parse({})).toBe(true);
    expect(parse({ lookAtClockEveryMinutes: 1_441 })).toBe(false);
    expect(parse({ clearAfterRead: true })).toBe(false);
  });

  test("takes a key only from a file of its own, and never repeats it", () => {
    using dir = tempDir("comm-key");
    const file = join(dir.path, "hall.comm");
    const write = (text: string, mode = 0o600): string => {
      writeFileSync(file, text);
      chmodSync(file, mode);
      return file;
    };
    expect(readCommKey(undefined)).toBe(0);
    expect(readCommKey(write("123456\n"))).toBe(123_456);
    expect(() => readCommKey(write("123456", 0o644))).toThrow(keyFault);
    expect(() => readCommKey(`${file}.gone`)).toThrow(keyFault);
    expect(() => readCommKey(write("1234567"))).toThrow(keyFault);
    expect(() => readCommKey(write("secret"))).not.toThrow(/secret/);
  });
});
