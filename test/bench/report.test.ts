import { describe, expect, it } from "vitest";
import { reportOf, textOf } from "./report.ts";
import type { BenchResult } from "./result.ts";

const claim = { claim: "drain is at least 5x", measured: 7.4567, bound: 5, holds: true };
const good: BenchResult = { name: "uplink", claims: [claim], figures: { drainPerSecond: 12345.6 } };

describe("the bench report", () => {
  it("is ok when every claim of every benchmark holds", () => {
    expect(reportOf([good, good]).ok).toBe(true);
  });

  it("is not ok when one claim is broken, one benchmark fails, one claims nothing or none ran", () => {
    const broken = { ...good, claims: [claim, { ...claim, holds: false }] };
    const failed = { name: "journal", error: "disk full" };
    const silent = { ...good, claims: [] };
    const reports = [[good, broken], [good, failed], [good, silent], []].map(reportOf);
    expect(reports.map(({ ok }) => ok)).toEqual([false, false, false, false]);
  });

  it("says what was skipped, and is ok without it", () => {
    const report = reportOf([{ ...good, skipped: ["telegraf: needs Go"] }]);
    expect(report.ok).toBe(true);
    expect(textOf(report)).toContain("\n  SKIPPED telegraf: needs Go\n");
  });

  it("shows people each claim with its bound, and each figure", () => {
    const failed = { name: "journal", error: "disk full" };
    expect(textOf(reportOf([good, failed]))).toBe(
      [
        "uplink",
        "  holds   drain is at least 5x: 7.46 (bound 5)",
        "          drainPerSecond  12346",
        "",
        "journal",
        "  FAILED  disk full",
        "",
      ].join("\n"),
    );
  });
});
