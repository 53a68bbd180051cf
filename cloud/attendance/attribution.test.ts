import { badgeKeySchema, type PunchRow } from "@clockleaf/shared/wire/punch.ts";
import { describe, expect, it } from "vitest";
import { attribute, type BadgePeriod, badgeOf, DEFAULT_TIME_LIMITS } from "./attribution.ts";

const NOW = Date.parse("2026-03-01T12:00Z");
const stored = { atMs: NOW, limits: DEFAULT_TIME_LIMITS };
const period = (employeeId: string, validFrom: number, validTo: number | null): BadgePeriod => ({
  badge: "number-1",
  employeeId,
  validFrom,
  validTo,
});
const active = (employeeId: string) => ({ employeeId, fromAt: 0, isActive: true });

function punch(
  at: number,
  more: Partial<PunchRow["time"]> & { readonly pin?: PunchRow["pin"] } = {},
): Parameters<typeof attribute>[0] {
  const { pin = "not-asked", ...time } = more;
  const known = { monotonicMs: 0, bootId: "b", uncertaintyMs: 5, deviceLocal: null };
  return { badge: "number-1", pin, time: { gatewayAtMs: at, ...known, ...time } };
}

describe("attribute", () => {
  const people = {
    periods: [period("ada", NOW - 3000, NOW - 1000), period("bob", NOW - 1000, null)],
    employments: [active("ada"), active("bob")],
  };
  const whose = (at: number): string => {
    const to = attribute(punch(at), people, stored);
    return to.kind === "person" ? to.employeeId : to.reason;
  };

  it("asks who held the badge at the punch's time, to the millisecond", () => {
    expect([NOW - 3001, NOW - 3000, NOW - 1001, NOW - 1000, NOW].map(whose)).toEqual([
      "unknown-badge",
      "ada",
      "ada",
      "bob",
      "bob",
    ]);
  });

  it("tells a badge that was withdrawn from one that never was", () => {
    const gone = { ...people, periods: [period("ada", NOW - 3000, NOW - 1000)] };
    expect(attribute(punch(NOW), gone, stored)).toMatchObject({ reason: "withdrawn-badge" });
  });

  it("counts a late punch from before somebody left, and none from after", () => {
    const left = {
      periods: [period("ada", 0, null)],
      employments: [active("ada"), { employeeId: "ada", fromAt: NOW - 1000, isActive: false }],
    };
    expect(attribute(punch(NOW - 1001), left, stored)).toMatchObject({ kind: "person" });
    expect(attribute(punch(NOW - 1000), left, stored)).toMatchObject({
      reason: "inactive-employee",
    });
  });

  it("holds back a wrong or missing PIN", () => {
    const pins = (["not-asked", "verified", "wrong", "missing"] as const).map(
      (pin) => attribute(punch(NOW, { pin }), people, stored).kind,
    );
    expect(pins).toEqual(["person", "person", "quarantine", "quarantine"]);
  });

  it("believes no time beyond the limits and none that the gateway does not believe itself", () => {
    const { maxFutureMs, maxAgeMs } = DEFAULT_TIME_LIMITS;
    const old = { ...people, periods: [period("ada", 0, null)] };
    const kinds = [
      punch(NOW + maxFutureMs),
      punch(NOW + maxFutureMs + 1),
      punch(NOW - maxAgeMs),
      punch(NOW - maxAgeMs - 1),
      punch(NOW, { uncertaintyMs: null }),
    ].map((each) => attribute(each, old, stored).kind);
    expect(kinds).toEqual(["person", "quarantine", "person", "quarantine", "quarantine"]);
  });

  it("asks at the time the terminal says, not when the gateway read its log", () => {
    const to = attribute(punch(NOW, { takenAtMs: NOW - 2000 }), people, stored);
    expect(to).toEqual({ kind: "person", employeeId: "ada" });
    const future = { takenAtMs: NOW + DEFAULT_TIME_LIMITS.maxFutureMs + 1 };
    expect(attribute(punch(NOW, future), people, stored).kind).toBe("quarantine");
  });
});

const long = (last: string) => ({ kind: "card", bits: 512, hex: "ab".repeat(63) + last }) as const;

describe("badgeOf", () => {
  it("gives a card too long for a badge key a key of its own", () => {
    const keys = [badgeOf(long("00")), badgeOf(long("01"))];
    expect(new Set(keys).size).toBe(2);
    for (const key of keys) expect(badgeKeySchema.safeParse(key).success).toBe(true);
  });
});
