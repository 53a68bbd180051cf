import { describe, expect, it } from "vitest";
import { given, refused } from "../eventing/decider-spec.ts";
import { type ReportRequest, reportDecider } from "./decider.ts";

const request: ReportRequest = {
  reportId: "r-1",
  report: "overtime",
  format: "csv",
  fromOn: "2026-11-01",
  toOn: "2026-11-30",
  filters: { site: null, departmentId: null, employeeId: null },
  requestedBy: "ada",
  at: 1,
};
const requested = { type: "reporting.report.requested", data: request } as const;
const result = {
  reportId: "r-1",
  documentId: "d-1",
  name: "overtime.csv",
  mediaType: "text/csv",
  sha256: "a".repeat(64),
  bytes: 1,
  rows: 1,
  requestedBy: "ada",
  asOf: [{ stream: "EMPLOYEE", seq: 1 }],
  at: 2,
};
const completed = { type: "reporting.report.completed", data: result } as const;
const failure = { reportId: "r-1", code: "internal", reason: "x", at: 2 };
const failed = { type: "reporting.report.failed", data: failure } as const;
const complete = { type: "complete", result } as const;
const fail = { type: "fail", failure } as const;

describe("a report", () => {
  it("is asked for once", () => {
    expect(given(reportDecider).when({ type: "request", request })).toEqual([requested]);
    expect(given(reportDecider, [requested]).when({ type: "request", request })).toEqual([]);
  });

  it.each([
    { fromOn: "2026-11-02", toOn: "2026-11-01" },
    { fromOn: "2025-01-01", toOn: "2026-11-01" },
  ])("is refused for the span $fromOn to $toOn", (span) => {
    const wanted = { type: "request", request: { ...request, ...span } } as const;
    expect(given(reportDecider).when(wanted)).toMatchObject(refused("report.bad-span"));
  });

  it("ends once, as it ended first", () => {
    expect(given(reportDecider, [requested]).when(complete)).toEqual([completed]);
    expect(given(reportDecider, [requested]).when(fail)).toEqual([failed]);
    for (const end of [completed, failed]) {
      expect(given(reportDecider, [requested, end]).when(complete)).toEqual([]);
      expect(given(reportDecider, [requested, end]).when(fail)).toEqual([]);
    }
    expect(given(reportDecider).when(complete)).toMatchObject(refused("report.not-found"));
    expect(given(reportDecider).when(fail)).toMatchObject(refused("report.not-found"));
  });
});
