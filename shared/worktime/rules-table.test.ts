import { describe, expect, it } from "vitest";
import { exceptionKindSchema } from "./exceptions/catalogue.ts";
import { PRESETS } from "./presets/catalogue.ts";
import {
  exceptionsTable,
  parametersOfBook,
  parametersOfRules,
  parametersOfWhere,
  presetsTable,
  ruleBookTable,
  rulesTable,
} from "./rules-table.ts";

describe("the table of all rules", () => {
  const parameters = parametersOfRules();
  const find = (path: string) => parameters.find((parameter) => parameter.path === path);

  it("says of every parameter what it means", () => {
    const silent = [...parameters, ...parametersOfBook(), ...parametersOfWhere()]
      .filter(({ meaning }) => meaning.trim() === "")
      .map(({ path }) => path);
    expect(silent).toEqual([]);
  });

  it("names every parameter once", () => {
    const paths = parameters.map(({ path }) => path);
    expect(paths.filter((path, index) => paths.indexOf(path) !== index)).toEqual([]);
  });

  it("names unit and default as an administrator writes them", () => {
    expect(find("shifts.newShiftGap")).toMatchObject({ unit: "duration", fallback: "4h" });
    expect(find("punches.repeatWindow")).toMatchObject({ unit: "duration", fallback: "1min" });
    expect(find("shifts.dayStart")).toMatchObject({ unit: "time of day", fallback: "00:00" });
    expect(find("shifts.countsOn")).toMatchObject({
      unit: "`start`, `end`, `most-worked`, `split`",
      fallback: "start",
    });
    expect(find("overtime.policies")).toMatchObject({
      unit: "list of named entries",
      fallback: "none",
    });
    expect(find("overtime.policies[*].tiers[].after")).toMatchObject({
      unit: "duration",
      fallback: "0",
    });
    expect(find("overtime.policies[n-weekly].weeks")).toMatchObject({
      unit: "number 2–12",
      fallback: "required",
    });
    expect(find("overtime.policies[bi-weekly, n-weekly].anchor")).toMatchObject({ unit: "date" });
    expect(find("exceptions.limits.daily")).toMatchObject({
      unit: "duration or null",
      fallback: "null",
    });
  });

  it("is one Markdown table with a line for each parameter", () => {
    const lines = rulesTable().split("\n");
    expect(lines).toHaveLength(parameters.length + 2);
    for (const line of lines) expect(line.replaceAll("\\|", "").match(/\|/g)).toHaveLength(5);
  });
});

describe("the table of exceptions", () => {
  it("has a line for each kind", () => {
    const lines = exceptionsTable().split("\n");
    expect(lines.slice(2).map((line) => /`([^`]+)`/.exec(line)?.[1])).toEqual(
      expect.arrayContaining([...exceptionKindSchema.options]),
    );
    expect(lines).toHaveLength(exceptionKindSchema.options.length + 2);
  });
});

describe("the tables of presets and of the rule book", () => {
  it("have a line for each preset and for each parameter", () => {
    const presets = presetsTable().split("\n").slice(2);
    expect(presets.map((line) => /`([^`]+)`/.exec(line)?.[1])).toEqual([...PRESETS.keys()]);
    expect(ruleBookTable()).toContain("| `assignments[].until` | date | – | Last date it holds");
    expect(ruleBookTable()).toContain("| `assignments[].to` | `everyone` or");
  });
});
