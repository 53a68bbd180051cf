import { newTraceparent, traceIdOf } from "@clockleaf/shared/wire/trace-context.ts";
import { describe, expect, it } from "vitest";
import { tracesOf } from "./traces.ts";

const rows = ["a", "b"].map((punchId) => ({ origin: { punchId }, traceparent: newTraceparent() }));
const trace = (data: unknown): string | undefined => {
  const traceparent = tracesOf(rows)({ type: "any", data });
  return traceparent === undefined ? undefined : traceIdOf(traceparent);
};
const [a, b] = rows.map(({ traceparent }) => traceIdOf(traceparent));

describe("the trace of an event", () => {
  it("is that of its own punch, in a backlog of many", () => {
    expect(trace({ punch: { punchId: "a" } })).toBe(a);
    expect(trace({ punchId: "b" })).toBe(b);
  });

  it("of a day is that of the latest punch on it that came now", () => {
    const punches = ["old", "a", "b", "older"].map((punchId) => ({ punchId }));
    expect(trace({ workday: { punches } })).toBe(b);
  });

  it("is none for what no punch of this message set off", () => {
    expect(trace({ punchId: "old" })).toBeUndefined();
    expect(trace({ workday: { punches: [] } })).toBeUndefined();
    expect(trace({})).toBeUndefined();
  });

  it("goes on as a span of its own", () => {
    const [row] = rows;
    expect(tracesOf(rows)({ type: "any", data: { punchId: "a" } })).not.toBe(row?.traceparent);
  });
});
