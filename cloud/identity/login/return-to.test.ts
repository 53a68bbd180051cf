import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { safeReturnTo } from "./return-to.ts";

describe("where a login returns to", () => {
  it("is a path of ours with all that belongs to it", () => {
    expect(safeReturnTo("/reports?from=2026-01-01#top")).toBe("/reports?from=2026-01-01#top");
    expect(safeReturnTo(undefined)).toBe("/");
  });

  it.each([
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "\\/evil.example",
    "/\t/evil.example",
    "/..//evil.example",
    "/.//evil.example",
    "javascript:alert(1)",
    "evil.example",
    " //evil.example",
    "",
    "/".padEnd(2000, "a"),
  ])("is never another site: %j", (asked) => {
    expect(safeReturnTo(asked)).toBe("/");
  });

  it("stays here, whatever is asked for", () => {
    const nasty = fc.string({
      unit: fc.constantFrom("/", "\\", "e", ".", ":", "@", "?", "%2f", "\t", "\n"),
    });
    fc.assert(
      fc.property(fc.oneof(nasty, fc.webUrl(), fc.string()), (asked) => {
        const url = new URL(safeReturnTo(asked), "https://here.example");
        expect(url.origin).toBe("https://here.example");
      }),
    );
  });
});
