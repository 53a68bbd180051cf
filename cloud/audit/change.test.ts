import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { differencesOf } from "./change.ts";

describe("what tells two states apart", () => {
  it("is found as deep down as it goes", () => {
    const before = { name: "Ada", sites: ["north", "south"], at: { from: 1, to: 2 }, same: [1] };
    const after = { name: "Ada", sites: ["north", "west", "east"], at: { from: 1 }, same: [1] };
    expect(differencesOf(before, after)).toEqual([
      { pointer: "/sites/1", before: "south", after: "west" },
      { pointer: "/sites/2", before: null, after: "east" },
      { pointer: "/at/to", before: 2, after: null },
    ]);
  });

  it("is every field of what came into being, and of what went", () => {
    expect(differencesOf(null, { id: "x", list: [1] })).toEqual([
      { pointer: "/id", before: null, after: "x" },
      { pointer: "/list", before: null, after: [1] },
    ]);
    expect(differencesOf({ id: "x" }, null)).toEqual([
      { pointer: "/id", before: "x", after: null },
    ]);
    expect(differencesOf(null, "done")).toEqual([{ pointer: "", before: null, after: "done" }]);
    expect(differencesOf(null, null)).toEqual([]);
  });

  it("is told where one kind of value takes the place of another, and under names with / and ~", () => {
    expect(differencesOf({ "a/b~c": [1] }, { "a/b~c": { one: 1 } })).toEqual([
      { pointer: "/a~1b~0c", before: [1], after: { one: 1 } },
    ]);
  });

  it("leads to what it says of either, and is nothing only between equals", () => {
    const value = fc.jsonValue({ maxDepth: 3 }).map(withoutNulls);
    fc.assert(
      fc.property(value, value, (before, after) => {
        const differences = differencesOf(before, after);
        expect(differences.length === 0).toBe(isDeepStrictEqual(before, after));
        for (const { pointer, before: was, after: is } of differences) {
          expect(was).toEqual(at(before, pointer));
          expect(is).toEqual(at(after, pointer));
          expect(was).not.toEqual(is);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

/** A field of null and one that is not there are told alike. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((each) => each !== null).map(withoutNulls);
  if (typeof value !== "object" || value === null) return value === 0 ? 1 : (value ?? 0);
  const kept = Object.entries(value).filter(([, each]) => each !== null);
  return Object.fromEntries(kept.map(([name, each]) => [name, withoutNulls(each)]));
}

function at(value: unknown, pointer: string): unknown {
  const names = pointer.split("/").slice(1);
  return names.reduce<unknown>((within, name) => {
    const key = name.replaceAll("~1", "/").replaceAll("~0", "~");
    const isThere = typeof within === "object" && within !== null && Object.hasOwn(within, key);
    return isThere ? Reflect.get(within, key) : null;
  }, value);
}
