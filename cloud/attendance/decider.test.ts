import type { PunchOrigin } from "@clockleaf/shared/events/attendance.ts";
import type { Decided } from "@clockleaf/shared/events/envelope.ts";
import { computeWorkdays } from "@clockleaf/shared/worktime/engine.ts";
import { constantRules, ruleSetSchema } from "@clockleaf/shared/worktime/rules.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isRefusal } from "../eventing/decider.ts";
import { type ClockEvent, type ClockPunch, type ClockState, clockDecider } from "./decider.ts";

const rules = constantRules(ruleSetSchema.parse({}));
const decider = clockDecider;
type Happened = Decided<ClockEvent>;

const at = (text: string): number => Date.parse(`2026-01-${text}Z`);

function punch(text: string, hint: PunchOrigin["hint"] = null): ClockPunch {
  return {
    at: at(text),
    zone: "UTC",
    punch: {
      punchId: `gw-epoch-${text}`,
      site: "hq",
      gateway: "gw",
      reader: "door",
      badge: "number-1",
      time: {
        gatewayAtMs: at(text),
        monotonicMs: 0,
        bootId: "boot",
        uncertaintyMs: 5,
        deviceLocal: null,
      },
      hint,
      pin: "not-asked",
      verdict: "known",
    },
  };
}

function record(state: ClockState, ...punches: ClockPunch[]): [ClockState, Happened[]] {
  const events = decider.decide(state, {
    type: "record-clock",
    employeeId: "e1",
    punches,
    rules,
  });
  if (isRefusal(events)) throw new Error("refused");
  return [events.reduce((now, event) => decider.evolve(now, event), state), [...events]];
}

const given = (...punches: ClockPunch[]): ClockState => record(decider.initial, ...punches)[0];

/** An event in a few words: `check-in 12T08:00`, `withdrawn out 12T12:00`, `day 2026-01-12 r1 28800 s`. */
function word({ type, data }: Happened): string {
  const id = "punchId" in data ? data.punchId.slice("gw-epoch-".length) : "";
  switch (type) {
    case "attendance.clock.recorded":
      return `recorded ${data.punch.punchId.slice("gw-epoch-".length)}`;
    case "attendance.meaning.withdrawn":
      return `withdrawn ${data.was} ${id}`;
    case "attendance.workday.calculated":
      return `day ${data.workday.workdayOn} r${data.revision} ${data.workday.workedSeconds} s`;
    default:
      return `${type.split(".").slice(1, 2).join()} ${type.split(".").at(-1)} ${id}`;
  }
}
const words = (events: readonly Happened[]): string[] => events.map(word);

describe("record-clock", () => {
  it("tells the punch, its meaning and the new day, in this order", () => {
    const [, events] = record(decider.initial, punch("12T08:00"));
    expect(words(events)).toEqual([
      "recorded 12T08:00",
      "check-in recorded 12T08:00",
      "day 2026-01-12 r1 0 s",
    ]);
  });

  it("says nothing of a punch it knows, even if it now tells another story", () => {
    const state = given(punch("12T08:00"));
    const twisted = { ...punch("12T08:00", "out"), at: at("15T08:00") };
    expect(record(state, punch("12T08:00"))[1]).toEqual([]);
    expect(record(state, twisted)[1]).toEqual([]);
  });

  it("takes a punch twice in one command once", () => {
    const [, events] = record(decider.initial, punch("12T08:00"), punch("12T08:00"));
    expect(words(events).filter((text) => text.startsWith("recorded"))).toHaveLength(1);
  });

  it("decides a batch at once: no meaning is given that the batch itself takes back", () => {
    const [, events] = record(
      decider.initial,
      punch("12T12:30"),
      punch("12T17:00"),
      punch("12T08:00"),
      punch("12T12:00"),
    );
    expect(words(events)).toEqual([
      "recorded 12T12:30",
      "recorded 12T17:00",
      "recorded 12T08:00",
      "recorded 12T12:00",
      "check-in recorded 12T08:00",
      "break started 12T12:00",
      "break ended 12T12:30",
      "check-out recorded 12T17:00",
      "day 2026-01-12 r1 30600 s",
    ]);
  });

  it("withdraws what a late punch turns around and touches no other day", () => {
    const state = given(
      punch("12T08:00"),
      punch("12T17:00"),
      punch("13T08:00"),
      punch("13T12:45"),
      punch("13T17:00"),
      punch("14T08:00"),
    );
    expect(words(record(state, punch("13T12:00"))[1])).toEqual([
      "recorded 13T12:00",
      "withdrawn out 13T12:45",
      "withdrawn in 13T17:00",
      "break started 13T12:00",
      "break ended 13T12:45",
      "check-out recorded 13T17:00",
      "day 2026-01-13 r2 29700 s",
    ]);
  });

  it("withdraws a meaning without a new one when a punch turns out to be a repeat", () => {
    const state = given(punch("12T08:00:30"));
    expect(words(record(state, punch("12T08:00:00"))[1])).toEqual([
      "recorded 12T08:00:00",
      "withdrawn in 12T08:00:30",
      "check-in recorded 12T08:00:00",
      "day 2026-01-12 r2 0 s",
    ]);
  });

  it("empties a day whose shift turns out to have begun the day before", () => {
    const state = given(punch("13T02:00"));
    const [after, events] = record(state, punch("12T22:00"));
    expect(words(events)).toEqual([
      "recorded 12T22:00",
      "withdrawn in 13T02:00",
      "check-in recorded 12T22:00",
      "check-out recorded 13T02:00",
      "day 2026-01-12 r1 14400 s",
      "day 2026-01-13 r2 0 s",
    ]);
    expect(after.workdays.get("2026-01-13")?.workday.punches).toEqual([]);
  });
});

const daysOf = (state: ClockState): unknown[] =>
  [...state.workdays.values()]
    .map((each) => each.workday)
    .filter((day) => day.punches.length > 0)
    .toSorted((a, b) => (a.workdayOn < b.workdayOn ? -1 : 1));

describe("any order of arrival", () => {
  const SEED = 20_260_113;
  process.stdout.write(`attendance decider property tests: seed ${SEED}\n`);
  const steps = fc.array(
    fc.record({
      minutes: fc.oneof(fc.integer({ min: 0, max: 120 }), fc.integer({ min: 120, max: 1800 })),
      hint: fc.option(fc.constantFrom("in", "out", "break-start", "break-end")),
    }),
    { minLength: 1, maxLength: 14 },
  );
  const arrivals = steps
    .map((list) => {
      let ms = at("12T06:00");
      return list.map(({ minutes, hint }, index) => {
        ms += minutes * 60_000;
        const one = punch("12T06:00", hint);
        return { ...one, at: ms, punch: { ...one.punch, punchId: `gw-epoch-${index}` } };
      });
    })
    .chain((list) =>
      fc.tuple(
        fc.constant(list),
        fc.shuffledSubarray(list, { minLength: list.length, maxLength: list.length }),
        fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 14 }),
      ),
    );

  it("ends in the same workdays and meanings, which are the engine's own", () => {
    fc.assert(
      fc.property(arrivals, ([inTime, order, sizes]) => {
        let state = decider.initial;
        let next = 0;
        for (const size of [...sizes, order.length]) {
          // every second batch repeats some of the one before
          state = record(state, ...order.slice(Math.max(0, next - 2), next + size))[0];
          next += size;
        }
        const direct = given(...inTime);
        expect(daysOf(state)).toEqual(daysOf(direct));
        expect(new Map(state.meanings)).toEqual(new Map(direct.meanings));
        const range = { fromOn: "0000-01-01", toOn: "9999-12-31" };
        expect(daysOf(state)).toEqual(computeWorkdays(state.facts.values(), rules, range));
        for (const { workday } of state.workdays.values()) {
          for (const { punchId, meaning } of workday.punches) {
            expect(state.meanings.get(punchId)?.meaning).toBe(
              meaning === "repeat" ? undefined : meaning,
            );
          }
        }
      }),
      { seed: SEED, numRuns: 1000 },
    );
  });
});
