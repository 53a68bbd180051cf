import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse as parseYaml } from "yaml";
import { pcproxConfigSchema } from "./config.ts";
import { pcproxDriver } from "./driver.ts";

describe("the pcProx configuration", () => {
  test("of the sample is valid", () => {
    const sample = readFileSync(join(import.meta.dirname, "sample.yaml"), "utf8");
    const config = pcproxConfigSchema.parse(parseYaml(sample));
    expect(pcproxDriver.readers(config)).toEqual(["front-door"]);
    expect(config.cardFormats.map(({ name }) => name)).toEqual(["H10301", "C1000-35"]);
  });

  test("knows every published format unless told, and refuses what it does not know", () => {
    expect(pcproxConfigSchema.parse({ reader: "r" }).cardFormats).toHaveLength(6);
    for (const wrong of [{ pollMs: 0 }, { goneMs: 0 }, { cardFormats: ["H1"] }, { save: true }]) {
      expect(pcproxConfigSchema.safeParse({ reader: "r", ...wrong }).success).toBe(false);
    }
  });
});
