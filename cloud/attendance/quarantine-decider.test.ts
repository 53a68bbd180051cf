import type { PunchOrigin } from "@clockleaf/shared/events/attendance.ts";
import { describe, expect, it } from "vitest";
import { isRefusal } from "../eventing/decider.ts";
import { type Alarm, type AlarmState, alarmDecider } from "./alarm-decider.ts";
import {
  type QuarantineCommand,
  type QuarantineReason,
  type QuarantineState,
  quarantineDecider,
} from "./quarantine-decider.ts";

const origin: PunchOrigin = {
  punchId: "gw-epoch-7",
  site: "hq",
  gateway: "gw",
  reader: "door",
  badge: "number-9",
  time: { gatewayAtMs: 1000, monotonicMs: 0, bootId: "b", uncertaintyMs: 5, deviceLocal: null },
  hint: null,
  pin: "not-asked",
  verdict: "unknown-badge",
};
const quarantine = (reason: QuarantineReason, punch = origin): QuarantineCommand => ({
  type: "quarantine",
  punch,
  zone: "UTC",
  reason,
});
const resolve = (
  employeeId: string | null,
  at: number | null = null,
  latestAt = 5000,
): QuarantineCommand => ({
  type: "resolve",
  employeeId,
  at,
  resolvedBy: "admin",
  note: "",
  latestAt,
});

/** The state after all commands, and what the last one gave: event types or the refusal's code. */
function run(...commands: QuarantineCommand[]): { state: QuarantineState; last: string[] } {
  let state = quarantineDecider.initial;
  let last: string[] = [];
  for (const command of commands) {
    const decided = quarantineDecider.decide(state, command);
    last = isRefusal(decided) ? [decided.code] : decided.map((event) => event.type);
    if (!isRefusal(decided))
      state = decided.reduce((now, event) => quarantineDecider.evolve(now, event), state);
  }
  return { state, last };
}

describe("quarantine", () => {
  it("keeps a punch once, with its first reason", () => {
    expect(run(quarantine("unknown-badge")).last).toEqual(["attendance.punch.quarantined"]);
    const twice = run(quarantine("unknown-badge"), quarantine("wrong-pin"));
    expect(twice.last).toEqual([]);
    expect(twice.state).toMatchObject({ kind: "waiting", reason: "unknown-badge" });
  });

  it("resolves with the punch's own time unless another is given", () => {
    const own = run(quarantine("unknown-badge"), resolve("e1"));
    expect(own.state).toEqual({ kind: "resolved", employeeId: "e1", at: 1000 });
    const redated = run(quarantine("impossible-time"), resolve("e1", 4000));
    expect(redated.state).toEqual({ kind: "resolved", employeeId: "e1", at: 4000 });
  });

  it("takes the same resolution again and refuses another", () => {
    const resolved = [quarantine("unknown-badge"), resolve("e1")];
    expect(run(...resolved, resolve("e1")).last).toEqual([]);
    expect(run(...resolved, resolve("e1", 1000)).last).toEqual([]);
    expect(run(...resolved, resolve("e2")).last).toEqual(["quarantine.already-resolved"]);
    expect(run(...resolved, resolve(null)).last).toEqual(["quarantine.already-resolved"]);
    expect(run(...resolved, resolve("e1", 2000)).last).toEqual(["quarantine.already-resolved"]);
  });

  it("stays resolved when the punch arrives again", () => {
    const again = run(quarantine("unknown-badge"), resolve("e1"), quarantine("unknown-badge"));
    expect(again.last).toEqual([]);
    expect(again.state.kind).toBe("resolved");
  });

  it("never believes an impossible time, nor a date in the future, but lets both be rejected", () => {
    expect(run(quarantine("impossible-time"), resolve("e1")).last).toEqual([
      "quarantine.time-needed",
    ]);
    expect(run(quarantine("unknown-badge"), resolve("e1", 5001)).last).toEqual([
      "quarantine.future-time",
    ]);
    expect(run(quarantine("impossible-time"), resolve(null)).last).toEqual([
      "attendance.quarantine.resolved",
    ]);
  });

  describe("of a punch whose gateway did not know the time", () => {
    const HOUR = 3_600_000;
    const undated = { ...origin, time: { ...origin.time, uncertaintyMs: null } };
    const held = quarantine("impossible-time", undated);
    const redate = (
      employeeId: string | null,
      heldBy: QuarantineReason | null = null,
      bootId = "b",
    ): QuarantineCommand => ({
      type: "redate",
      anchor: { bootId, gatewayAtMs: 900 * HOUR, monotonicMs: 2 * HOUR, uncertaintyMs: 20 },
      rowId: "gw-epoch-9",
      employeeId,
      heldBy,
    });

    it("dates it once and gives it to whose it is then", () => {
      const dated = run(held, redate("e1"));
      expect(dated.last).toEqual(["attendance.punch.redated", "attendance.quarantine.resolved"]);
      expect(dated.state).toEqual({ kind: "resolved", employeeId: "e1", at: 898 * HOUR });
      expect(run(held, redate("e1"), redate("e1")).last).toEqual([]);
      expect(run(held, redate("e1"), held).last).toEqual([]);
    });

    it("tells what the gateway's clock had said, by what it was dated, and how sure that is", () => {
      const waiting = quarantineDecider.evolve(quarantineDecider.initial, {
        type: "attendance.punch.quarantined",
        data: { punch: undated, zone: "UTC", reason: "impossible-time" },
      });
      const events = quarantineDecider.decide(waiting, redate("e1"));
      expect(events).toMatchObject([
        {
          data: {
            at: 898 * HOUR,
            uncertaintyMs: 740,
            punch: { time: { gatewayAtMs: 1000, takenAtMs: 898 * HOUR, uncertaintyMs: 740 } },
            heldBy: null,
            detail:
              "dated by its gateway, which knew the time 2 h 00 min later in the same boot (journal row gw-epoch-9)",
          },
        },
        { data: { at: 898 * HOUR, employeeId: "e1", resolvedBy: "gateway-time" } },
      ]);
    });

    it("keeps it for another reason, with its new time", () => {
      const waits = run(held, redate(null, "unknown-badge"));
      expect(waits.state).toMatchObject({ kind: "waiting", reason: "unknown-badge" });
      const later = run(held, redate(null, "unknown-badge"), resolve("e1", null, 1e12));
      expect(later.state).toEqual({ kind: "resolved", employeeId: "e1", at: 898 * HOUR });
      expect(run(held, redate(null, "unknown-badge"), redate("e1")).last).toEqual([]);
    });

    it("leaves it to people where they were first, or the boot is another, or nothing dates it", () => {
      expect(run(held, resolve("e2", 4000), redate("e1")).last).toEqual([]);
      expect(run(held, resolve(null), redate("e1")).last).toEqual([]);
      expect(run(held, redate("e1", null, "b2")).last).toEqual([]);
      const doubted = { ...undated, time: { ...undated.time, doubt: "ahead" as const } };
      expect(run(quarantine("impossible-time", doubted), redate("e1")).last).toEqual([]);
      expect(run(quarantine("unknown-badge"), redate("e1")).last).toEqual([]);
      expect(run(redate("e1")).last).toEqual(["quarantine.not-found"]);
    });
  });

  it("knows no punch that was never quarantined", () => {
    expect(run(resolve("e1")).last).toEqual(["quarantine.not-found"]);
  });
});

const alarm = (part: Partial<Alarm>): Alarm => ({
  site: "hq",
  gateway: "gw",
  kind: "gap",
  epoch: "epoch",
  first: 5,
  last: 10,
  streamSeq: 1,
  detail: "",
  ...part,
});
const raise = (...alarms: Alarm[]): number[] => {
  let state: AlarmState = alarmDecider.initial;
  return alarms.map((each) => {
    const decided = alarmDecider.decide(state, each);
    if (isRefusal(decided)) throw new Error("refused");
    state = decided.reduce((now, event) => alarmDecider.evolve(now, event), state);
    return decided.length;
  });
};

describe("alarms", () => {
  it("tells a gap once, and its remains not at all", () => {
    expect(
      raise(
        alarm({}),
        alarm({ streamSeq: 2 }),
        alarm({ first: 6, last: 8 }),
        alarm({ first: 5, last: 11 }),
        alarm({ epoch: "other" }),
      ),
    ).toEqual([1, 0, 0, 1, 1]);
  });

  it("tells anything else once per message", () => {
    const bad = alarm({ kind: "bad-signature", epoch: null, first: null, last: null });
    expect(raise(bad, bad, { ...bad, kind: "corrupt-segment" }, { ...bad, streamSeq: 2 })).toEqual([
      1, 0, 1, 1,
    ]);
  });
});
