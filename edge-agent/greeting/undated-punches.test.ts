import type { PunchRow, PunchTime } from "@clockleaf/shared/wire/punch.ts";
import { describe, expect, it } from "vitest";
import { createUndatedPunches } from "./undated-punches.ts";

const NOON = Date.UTC(2026, 10, 24, 12);
const HOUR = 3_600_000;
const entry = {
  employeeId: "ada",
  greeting: "Ada L.",
  state: "valid" as const,
  validFromMs: 0,
  pin: null,
  sites: ["hq"],
  groups: [],
};

const punch = (monotonicMs: number, more: Partial<PunchTime> = {}): PunchRow => ({
  kind: "punch",
  reader: "door",
  credential: { kind: "number", value: "1" },
  hint: "in",
  time: {
    gatewayAtMs: Date.UTC(2000, 0),
    monotonicMs,
    bootId: "boot",
    uncertaintyMs: null,
    deviceLocal: null,
    ...more,
  },
  pin: "not-asked",
  verdict: "known",
  traceparent: "",
});
const anchor = { bootId: "boot", gatewayAtMs: NOON, monotonicMs: 5 * HOUR, uncertaintyMs: 20 };

describe("punches taken before the gateway knew the time", () => {
  it("are remembered at their instants once it does, and only once", () => {
    const remembered: unknown[] = [];
    const undated = createUndatedPunches({
      greeter: { remember: (...what) => void remembered.push(what) },
      holder: (_badge, atMs) => (atMs > NOON - 3 * HOUR ? entry : undefined),
    });
    undated.accepted(punch(4 * HOUR), "p1");
    undated.accepted(punch(4 * HOUR), "p1"); // read again after a crash
    undated.accepted(punch(HOUR), "p2"); // somebody else's badge then
    undated.accepted({ ...punch(4 * HOUR), pin: "wrong" }, "p3");
    undated.accepted(punch(4 * HOUR, { uncertaintyMs: 5 }), "p4");
    undated.learned(undefined);
    expect(remembered).toEqual([]);
    undated.learned(anchor);
    undated.learned(anchor);
    expect(remembered).toEqual([["ada", "p1", { at: NOON - HOUR, hint: "in", reader: "door" }]]);
  });
});
