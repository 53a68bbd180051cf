import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse as parseYaml } from "yaml";
import { admsConfigSchema } from "./config.ts";
import { admsDriver } from "./driver.ts";

const issues = (terminals: readonly object[]): string[] => {
  const result = admsConfigSchema.safeParse({ terminals });
  return result.success ? [] : result.error.issues.map(({ path }) => path.join("."));
};

describe("the ADMS configuration", () => {
  test("of the sample is valid", () => {
    const sample = readFileSync(join(import.meta.dirname, "sample.yaml"), "utf8");
    const config = admsConfigSchema.parse(parseYaml(sample));
    expect(admsDriver.readers(config)).toEqual(["canteen", "gate"]);
  });

  test("listens to this machine only unless told otherwise", () => {
    const config = admsConfigSchema.parse({ terminals: [{ serial: "A", reader: "a" }] });
    expect(config.listen.host).toBe("127.0.0.1");
  });

  test("refuses two terminals of one number or one name, and none", () => {
    expect(issues([])).toEqual(["terminals"]);
    expect(
      issues([
        { serial: "A", reader: "a" },
        { serial: "A", reader: "b" },
        { serial: "C", reader: "b" },
      ]),
    ).toEqual(["terminals.1.serial", "terminals.2.reader"]);
    expect(issues([{ serial: "A B", reader: "a" }])).toEqual(["terminals.0.serial"]);
  });
});
