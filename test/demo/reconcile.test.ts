import { describe, expect, it } from "vitest";
import {
  type JournaledPunch,
  type LedgerTap,
  type ReconcileInput,
  reconcile,
} from "./reconcile.ts";

const tap = (id: number, over: Partial<LedgerTap> = {}): LedgerTap => ({
  id,
  reader: "door-1",
  badge: "card-26-aa",
  tappedAtMs: id * 100,
  siteAtMs: id * 1000,
  light: "green",
  litSiteAtMs: id * 1000 + 50,
  ...over,
});
const punch = (id: number, over: Partial<JournaledPunch> = {}): JournaledPunch => ({
  punchId: `gw-e-${id}`,
  reader: "door-1",
  badge: "card-26-aa",
  siteAtMs: id * 1000 + 20,
  ...over,
});

function clean(): ReconcileInput {
  return {
    taps: [tap(1), tap(2)],
    journal: [punch(1), punch(2)],
    stored: ["gw-e-1", "gw-e-2"],
    outcomes: [
      { punchId: "gw-e-1", kind: "timesheet" },
      { punchId: "gw-e-2", kind: "quarantine" },
    ],
  };
}
const run = (over: Partial<ReconcileInput>) => reconcile({ ...clean(), ...over }, 10);

describe("the reconciliation", () => {
  it("finds nothing wrong when every tap ended in one place", () => {
    expect(run({})).toMatchObject({
      punches: 2,
      green: 2,
      lost: 0,
      doubled: 0,
      inTimesheets: 1,
      quarantined: 1,
    });
  });

  it("sees a green light whose punch never reached the journal, the stream or a timesheet", () => {
    expect(run({ journal: [punch(1)], stored: ["gw-e-1"] }).lost).toBe(1);
    expect(run({ stored: ["gw-e-1"] }).lost).toBe(1);
    expect(run({ outcomes: [{ punchId: "gw-e-1", kind: "timesheet" }] }).lost).toBe(1);
  });

  it("does not let the row of a later unanswered tap stand in for a lost green one", () => {
    const report = run({
      taps: [tap(1), tap(2, { light: "none", litSiteAtMs: null })],
      journal: [punch(2)],
    });
    expect(report).toMatchObject({ lost: 1, doubled: 0 });
  });

  it("sees a row that answers to no tap, a row stored twice and a punch with two effects", () => {
    expect(run({ journal: [punch(1), punch(2), punch(3, { siteAtMs: 2030 })] }).doubled).toBe(1);
    expect(run({ stored: ["gw-e-1", "gw-e-2", "gw-e-2"] }).doubled).toBe(1);
    const outcomes = [...clean().outcomes, { punchId: "gw-e-2", kind: "timesheet" as const }];
    expect(run({ outcomes }).doubled).toBe(1);
  });

  it("owes nothing to a tap without a light, and lets it be stored once", () => {
    const dark = tap(2, { light: "none", litSiteAtMs: null });
    const nowhere = { journal: [punch(1)], stored: ["gw-e-1"], outcomes: [clean().outcomes[0]!] };
    expect(run({ ...nowhere, taps: [tap(1), dark] })).toMatchObject({ lost: 0, doubled: 0 });
    expect(run({ taps: [tap(1), dark] })).toMatchObject({ lost: 0, doubled: 0 });
  });

  it("pairs a row with the tap that was answered, not with an older one that went nowhere", () => {
    const dark = tap(1, { light: "none", litSiteAtMs: null });
    const report = run({
      taps: [dark, tap(2)],
      journal: [punch(2)],
      stored: ["gw-e-2"],
      outcomes: [{ punchId: "gw-e-2", kind: "timesheet" }],
    });
    expect(report).toMatchObject({ lost: 0, doubled: 0 });
    expect(report.tapOf.get("gw-e-2")?.id).toBe(2);
  });

  it("holds red and amber answers to the same promise", () => {
    const report = run({
      taps: [tap(1), tap(2, { light: "red" })],
      outcomes: [{ punchId: "gw-e-1", kind: "timesheet" }],
    });
    expect(report.lost).toBe(1);
  });
});
