import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { applied, faultsOf } from "./mutant.ts";
import { roomOf } from "./report.ts";
import { WORKTIME } from "./worktime.ts";

const root = new URL("../../", import.meta.url);
const ROOMS = [
  "civil-time",
  "facts",
  "days",
  "sheet",
  "touched",
  "engine",
  "assemble",
  "rules",
  "rule-parts",
  "schedule",
  "punches",
  "rounding",
  "meals",
  "absences",
  "overtime",
  "premiums",
  "exceptions",
  "rule-book",
];

/** The whole run takes minutes (main.ts); that the list still fits the tree is seen at once. */
describe("the mutants of the working-time engine", () => {
  it("are without fault", () => {
    expect(faultsOf(WORKTIME)).toEqual([]);
  });

  it("find their place in the tree as it is", () => {
    const stale = WORKTIME.flatMap((mutant) => {
      const source = applied(mutant, readFileSync(new URL(mutant.file, root), "utf8"));
      return typeof source === "string" ? [] : [`${mutant.file}: ${mutant.name}: ${source.found}`];
    });
    expect(stale).toEqual([]);
  });

  it("name tests that exist", () => {
    const tests = [...new Set(WORKTIME.flatMap((mutant) => mutant.tests))];
    expect(tests.filter((test) => !existsSync(fileURLToPath(new URL(test, root))))).toEqual([]);
  });

  it("break every room", () => {
    expect(new Set(WORKTIME.map(({ file }) => roomOf(file)))).toEqual(new Set(ROOMS));
  });
});
