import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse as parseYaml } from "yaml";
import { anvizConfigSchema } from "./config.ts";
import { anvizDriver } from "./driver.ts";
import { localOf, readingOf } from "./records.ts";

const issues = (config: unknown): string[] => {
  const result = anvizConfigSchema.safeParse(config);
  return result.success ? [] : result.error.issues.map(({ path }) => path.join("."));
};
const gate = { id: "gate", deviceNumber: 1 };

describe("the Anviz configuration", () => {
  test("of the sample is valid", () => {
    const sample = readFileSync(join(import.meta.dirname, "sample.yaml"), "utf8");
    expect(anvizDriver.readers(anvizConfigSchema.parse(parseYaml(sample)))).toEqual([
      "gate-north",
      "gate-south",
    ]);
  });

  test("refuses two terminals of one id or number, the number everybody answers, and unknown fields", () => {
    expect(issues({ readers: [gate, { ...gate, deviceNumber: 2 }, { ...gate, id: "b" }] })).toEqual(
      ["readers.1.id", "readers.2.deviceNumber"],
    );
    expect(issues({ readers: [{ ...gate, deviceNumber: 0 }] })).toEqual(["readers.0.deviceNumber"]);
    expect(issues({ readers: [{ ...gate, colour: "red" }] })).toEqual(["readers.0"]);
    expect(issues({ readers: [{ ...gate, states: { "16": "in" } }] })).toEqual([
      "readers.0.states.16",
    ]);
  });

  test("wants a short name for the numbers of a terminal with a long one", () => {
    const id = "g".repeat(35);
    expect(issues({ readers: [{ id, deviceNumber: 1 }] })).toEqual(["readers.0.userGroup"]);
    expect(issues({ readers: [{ id, deviceNumber: 1, userGroup: "plant" }] })).toEqual([]);
  });
});

describe("a record", () => {
  const record = {
    user: 1_099_511_627_775,
    secs: 0xffff_ffff,
    backup: 255,
    type: 0x82,
    workCode: 0,
  };
  const reading = (reader: object) => {
    const [parsed] = anvizConfigSchema.parse({ readers: [{ ...gate, ...reader }] }).readers;
    return parsed === undefined ? undefined : readingOf(parsed, record, "key");
  };

  test("has a date whatever its seconds are", () => {
    expect(localOf(0)).toBe("2000-01-02T00:00:00");
    expect(localOf(0xffff_ffff)).toBe("2136-02-08T06:28:15");
  });

  test("is a person of this terminal alone, unless terminals share their numbers", () => {
    expect(reading({})?.credential).toEqual({ kind: "number", value: "gate-1099511627775" });
    expect(reading({ userGroup: "plant" })?.credential).toEqual({
      kind: "number",
      value: "plant-1099511627775",
    });
  });

  test("claims what its attendance state is configured to", () => {
    expect(reading({})?.hint).toBeNull();
    expect(reading({ states: { "2": "break-start" } })?.hint).toBe("break-start");
    expect(reading({ states: { "2": null } })?.hint).toBeNull();
  });
});
