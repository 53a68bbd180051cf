import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse as parseYaml } from "yaml";
import { sfmConfigSchema } from "./config.ts";
import { sfmDriver } from "./driver.ts";

describe("the SFM configuration", () => {
  test("of the sample is valid", () => {
    const sample = readFileSync(join(import.meta.dirname, "sample.yaml"), "utf8");
    const config = sfmConfigSchema.parse(parseYaml(sample));
    expect(sfmDriver.readers(config)).toEqual(["warehouse"]);
  });

  test("refuses names too long for a badge, the broadcast id and unknown fields", () => {
    expect(paths({ reader: "r".repeat(38) })).toEqual(["reader"]);
    expect(paths({ reader: "r".repeat(38), userGroup: "g".repeat(37) })).toEqual([]);
    expect(paths({ reader: "r", terminalId: 0 })).toEqual(["terminalId"]);
    expect(paths({ reader: "r", log: true })).toEqual([""]);
  });
});

/** Where it is refused. */
function paths(settings: Record<string, unknown>): string[] {
  const result = sfmConfigSchema.safeParse(settings);
  return result.success ? [] : result.error.issues.map(({ path }) => path.join("."));
}
