import { describe, expect, it } from "vitest";
import { applied, faultsOf, inFile, type Mutant, selected } from "./mutant.ts";

const mutant: Mutant = {
  name: "the end is outside",
  file: "shared/worktime/days.ts",
  find: "at <= end",
  replace: "at < end",
  tests: ["shared/worktime/engine.test.ts"],
};

describe("a mutant", () => {
  it("changes its place and nothing else", () => {
    expect(applied(mutant, "if (from <= at && at <= end) {}")).toBe(
      "if (from <= at && at < end) {}",
    );
  });

  it("takes what it puts there as it is, dollar signs and all", () => {
    const odd = { ...mutant, replace: "$& $1 at" };
    expect(applied(odd, "(at <= end)")).toBe("($& $1 at)");
  });

  it.each([
    ["gone", "at < end", 0],
    ["there twice", "at <= end || at <= end", 2],
  ])("is stale where its place is %s", (_, source, found) => {
    expect(applied(mutant, source)).toEqual({ found });
  });
});

describe("a list", () => {
  it("is one mutant for each edit of a file", () => {
    const edits = { "the end is outside": ["at <= end", "at < end"] } as const;
    expect(inFile(mutant.file, mutant.tests, edits)).toEqual([mutant]);
  });

  it("is without fault if each mutant has a name of its own, changes something and has tests", () => {
    const same = { ...mutant, name: "same", replace: mutant.find };
    const nowhere = { ...mutant, name: "nowhere", find: "" };
    const untested = { ...mutant, name: "untested", tests: [] };
    expect(faultsOf([mutant, { ...mutant, name: "another" }])).toEqual([]);
    expect(faultsOf([mutant, mutant])).toEqual(["the end is outside: a second one of this name"]);
    expect(faultsOf([same, nowhere])).toEqual([
      "same: changes nothing",
      "nowhere: changes nothing",
    ]);
    expect(faultsOf([untested])).toEqual(["untested: no tests to notice it"]);
  });

  it("is narrowed by a part of a name or of a file", () => {
    const other = { ...mutant, name: "odd seconds", file: "shared/worktime/meals/deduct.ts" };
    const names = (text?: string): string[] =>
      selected([mutant, other], text).map(({ name }) => name);
    expect(names()).toEqual(["the end is outside", "odd seconds"]);
    expect(names("ODD")).toEqual(["odd seconds"]);
    expect(names("days.ts")).toEqual(["the end is outside"]);
    expect(names("unheard of")).toEqual([]);
  });
});
