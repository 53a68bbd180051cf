import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, test } from "vitest";
import { tempDir } from "../../../test/support/temp.ts";
import { objections, readAccepted } from "./accepted-breaks.ts";
import { differing, goldenOf, HOW, refusals } from "./golden.ts";
import { jsonText } from "./json-text.ts";

/** Names of what makes routers, as a file calls them. */
const routersIn = (file: string): string[] =>
  [
    ...readFileSync(join(import.meta.dirname, file), "utf8").matchAll(
      /\b(\w+Routes|createLive)\(/gu,
    ),
  ].map(([, name]) => name ?? "");

describe("what callers were promised", async () => {
  const golden = await goldenOf();

  test.each(golden)("$name is as the code has it", (each) => {
    expect(differing([each]).length === 0 ? "as written" : `not written down: ${HOW}`).toBe(
      "as written",
    );
  });

  test("is kept, or accepted-breaks.json says why not", () => {
    const openapi = golden.find(({ name }) => name === "openapi.json")?.text ?? "";
    expect(openapi.length).toBeGreaterThan(100_000);
    expect(refusals(openapi)).toEqual([]);
  });

  test("that a path is gone is noticed in the document itself", () => {
    const openapi = golden.find(({ name }) => name === "openapi.json")?.text ?? "";
    const without = openapi.replaceAll('"/api/v1/presence"', '"/api/v1/presences"');
    expect(without).not.toBe(openapi);
    expect(refusals(without, openapi)).toEqual([
      "breaks callers: GET /api/v1/presence: was removed",
    ]);
  });

  test("names every router that a cloud mounts besides those of the contexts", () => {
    const mounted = ["../../parts.ts", "../../cloud.ts"]
      .flatMap(routersIn)
      .filter((name) => name !== "startingRoutes");
    expect(mounted.length).toBeGreaterThan(3);
    expect(routersIn("all-routes.ts").toSorted()).toEqual(mounted.toSorted());
  });
});

describe("a break", () => {
  const accepted = [{ break: "GET /x: was removed", reason: "nobody asked for it" }];

  it("is refused until it is accepted, word for word", () => {
    expect(objections(["GET /x: was removed"], [])).toEqual([
      "breaks callers: GET /x: was removed",
    ]);
    expect(objections(["GET /x: was removed"], accepted)).toEqual([]);
    expect(objections(["GET /y: was removed"], accepted)).toHaveLength(2);
  });

  it("that was accepted and is none must go from the list", () => {
    expect(objections([], accepted).join()).toContain("no such break (any more): GET /x");
  });

  it("is accepted with a reason only", () => {
    using temp = tempDir("breaks");
    const file = join(temp.path, "accepted.json");
    writeFileSync(file, JSON.stringify(accepted));
    expect(readAccepted(file)).toEqual(accepted);
    for (const bad of ["[", "{}", '[{"break":"x"}]', '[{"break":"x","reason":"because"}]']) {
      writeFileSync(file, bad);
      expect(() => readAccepted(file)).toThrow("no list of breaks");
    }
  });
});

describe("the text of a document", () => {
  it("has short things on one line, and is the same JSON", () => {
    const value = {
      a: [1, { b: "x" }],
      long: Array.from({ length: 60 }, (_, i) => i),
      e: {},
      n: [],
    };
    const text = jsonText(value);
    expect(JSON.parse(text)).toEqual(value);
    expect(text.split("\n").slice(0, 3)).toEqual(["{", '  "a": [1, { "b": "x" }],', '  "long": [']);
    expect(text).toContain('"e": {}');
  });
});
