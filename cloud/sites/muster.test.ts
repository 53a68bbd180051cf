import { describe, expect, it } from "vitest";
import { type MusterFacts, musterOf } from "./muster.ts";
import type { LastPunch } from "./sources.ts";

const AT = (time: string): number => Date.parse(`2026-11-23T${time}Z`);
const punch = (employeeId: string, time: string, more: Partial<LastPunch> = {}): LastPunch => ({
  employeeId,
  state: "in",
  at: AT(time),
  site: "hq",
  gateway: "gw1",
  reader: "door",
  punchId: `gw1-epoch-${employeeId}`,
  ...more,
});
const gateway = (name: string, hold: string | null, since: string | null = null) => ({
  gateway: name,
  completeTo: AT("09:00"),
  hold: hold === null ? null : { why: hold, readers: [], since: since === null ? null : AT(since) },
});
const facts = (more: Partial<MusterFacts> = {}): MusterFacts => ({
  site: "hq",
  nowMs: AT("10:00"),
  standing: { completeTo: AT("09:00"), gateways: [gateway("gw1", null), gateway("gw2", null)] },
  lastPunches: [],
  employed: [],
  leave: [],
  names: new Map(),
  longAfterMs: 16 * 3_600_000,
  ...more,
});
const statesOf = (of: MusterFacts): Record<string, string> =>
  Object.fromEntries(musterOf(of).entries.map(({ employeeId, state }) => [employeeId, state]));

describe("a muster list", () => {
  it("has everybody who works here, whoever is here besides, and says where each is", () => {
    const leave = { leaveId: "l1", code: "VAC", fromOn: "2026-11-20", toOn: "2026-11-27" };
    const of = facts({
      employed: ["ada", "bob", "cem", "dee", "eve", "fay"],
      lastPunches: [
        punch("ada", "08:00"),
        punch("bob", "09:30", { state: "break" }),
        punch("cem", "08:15", { state: "out" }),
        punch("dee", "08:00", { site: "plant" }),
        punch("vic", "09:00"),
        punch("wil", "09:00", { site: "plant" }),
      ],
      leave: [
        { ...leave, employeeId: "eve" },
        { ...leave, employeeId: "ada" },
      ],
    });
    expect(statesOf(of)).toEqual({
      ada: "in",
      bob: "break",
      cem: "out",
      dee: "elsewhere",
      eve: "on-leave",
      fay: "never-seen",
      vic: "in",
    });
    const entries = new Map(musterOf(of).entries.map((entry) => [entry.employeeId, entry]));
    expect(entries.get("vic")?.isVisitor).toBe(true);
    // Who came in on a day of leave is in the building.
    expect(entries.get("ada")).toMatchObject({ state: "in", leave: { code: "VAC" } });
  });

  it("is certain only while every gateway of the site is heard, and else says since when", () => {
    const certain = musterOf(facts({ employed: ["ada"], lastPunches: [punch("ada", "08:00")] }));
    expect(certain.certainty).toMatchObject({ isCertain: true, notKnownSinceMs: null });
    expect(certain.entries[0]).toMatchObject({ isCertain: true, notKnownSinceMs: null });

    const standing = {
      completeTo: AT("08:30"),
      gateways: [gateway("gw1", null), gateway("gw2", "silent", "08:30")],
    };
    const silent = musterOf(
      facts({
        standing,
        employed: ["ada", "bob"],
        lastPunches: [punch("ada", "08:00"), punch("bob", "09:10")],
      }),
    );
    expect(silent.certainty).toEqual({
      isCertain: false,
      notKnownSinceMs: AT("08:30"),
      because: [{ gateway: "gw2", why: "silent", readers: [], sinceMs: AT("08:30") }],
      note: "not known since 2026-11-23T08:30:00.000Z: gw2 (silent)",
    });
    // Bob was seen after that by the gateway that is heard: he was here then.
    expect(silent.entries.map(({ notKnownSinceMs }) => notKnownSinceMs)).toEqual([
      AT("08:30"),
      AT("09:10"),
    ]);
  });

  it("does not say since when where that is not known, nor anything where nothing could tell", () => {
    const gateways = [{ ...gateway("gw1", "never-heard"), completeTo: null }];
    const never = musterOf(facts({ standing: { completeTo: null, gateways } }));
    expect(never.certainty).toMatchObject({ isCertain: false, notKnownSinceMs: null });
    expect(never.certainty.note).toBe("not known: gw1 (never-heard)");
    const none = musterOf(facts({ standing: undefined }));
    expect(none.certainty).toMatchObject({ isCertain: false, because: [] });
  });

  it("doubts who has been in for longer than anybody works", () => {
    const long = { at: AT("10:00") - 17 * 3_600_000 };
    const { entries } = musterOf(
      facts({
        employed: ["ada", "bob"],
        lastPunches: [
          punch("ada", "08:00", long),
          punch("bob", "08:00", { ...long, state: "out" }),
        ],
      }),
    );
    expect(entries.map(({ isLongAgo }) => isLongAgo)).toEqual([true, false]);
  });
});
