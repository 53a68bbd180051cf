import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse as parseYaml } from "yaml";
import { tempDir } from "../../../test/support/temp.ts";
import { zfmConfigSchema } from "./config.ts";
import { zfmDriver } from "./driver.ts";
import { readPassword } from "./password.ts";

describe("the ZFM configuration", () => {
  test("of the sample is valid", () => {
    const sample = readFileSync(join(import.meta.dirname, "sample.yaml"), "utf8");
    const config = zfmConfigSchema.parse(parseYaml(sample));
    expect(zfmDriver.readers(config)).toEqual(["canteen"]);
  });

  test("refuses names too long for a badge, odd baud rates and unknown fields", () => {
    expect(paths({ reader: "r".repeat(43) })).toEqual(["reader"]);
    expect(paths({ reader: "r".repeat(43), userGroup: "g" })).toEqual([]);
    expect(paths({ reader: "r", userGroup: "g".repeat(43) })).toEqual(["userGroup"]);
    expect(paths({ reader: "r", baudRates: [14_400] })).toEqual(["baudRates.0"]);
    expect(paths({ reader: "r", address: "FFFFFFFF" })).toEqual(["address"]);
    expect(paths({ reader: "r", templates: true })).toEqual([""]);
  });

  test("takes the password from a file, made absolute, and never shows what is in it", () => {
    using dir = tempDir("zfm-password");
    const file = join(dir.path, "password");
    const config = zfmConfigSchema.parse({ reader: "r", passwordFile: "password" });
    const absolute = zfmDriver.withAbsolutePaths?.(config, (path) => join(dir.path, path));
    expect(absolute?.passwordFile).toBe(file);
    expect(readPassword(undefined)).toBe(0);
    expect(() => readPassword(file)).toThrow(
      expect.objectContaining({ code: "config.unreadable" }),
    );
    writeFileSync(file, "0BADcafe\n");
    expect(readPassword(file)).toBe(0x0badcafe);
    writeFileSync(file, "swordfish");
    expect(() => readPassword(file)).toThrow(/must hold 8 hex digits$/);
  });
});

/** Where it is refused. */
function paths(settings: Record<string, unknown>): string[] {
  const result = zfmConfigSchema.safeParse(settings);
  return result.success ? [] : result.error.issues.map(({ path }) => path.join("."));
}
