import { parseEvent } from "@clockleaf/shared/events/catalogue.ts";
import type { Decided } from "@clockleaf/shared/events/envelope.ts";
import { decode, encode } from "@clockleaf/shared/wire/codec.ts";
import { dateOf, dayOfDate } from "@clockleaf/shared/worktime/civil-time.ts";
import {
  parseRuleBook,
  type RuleBookInput,
  rulesFor,
} from "@clockleaf/shared/worktime/rule-book.ts";
import type { Rules } from "@clockleaf/shared/worktime/rules.ts";
import { isEmptyWorkday, type Workday } from "@clockleaf/shared/worktime/workday.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { clockPunch } from "../../test/support/clock-punch.ts";
import { isRefusal } from "../eventing/decider.ts";
import {
  type ClockCommand,
  type ClockEvent,
  type ClockPunch,
  type ClockState,
  clockDecider,
} from "./decider.ts";

type Happened = Decided<ClockEvent>;

const ada = { personId: "ada", sites: ["hq"], groups: ["assembly"] };
const rulesOf = (book: RuleBookInput): Rules => rulesFor(parseRuleBook(book), ada);
const using = (...assignments: ReadonlyArray<readonly [use: string, from: string]>): Rules =>
  rulesOf({
    assignments: assignments.map(([use, from]) => ({ to: "everyone", use: [use], from })),
  });
const NOTHING = rulesOf({});
const PLAIN = using(["plain-8-40", "2020-01-01"]);
/** Meanings change: what was a break is an out and an in. */
const NO_BREAKS = rulesOf({
  groups: { strict: { punches: { breaks: { by: "length", max: 0 } } } },
  assignments: [{ to: "everyone", use: ["strict"], from: "2020-01-01" }],
});
/** Days change: a night counts where it ends. */
const ENDS = rulesOf({
  groups: { ends: { shifts: { countsOn: "end" } } },
  assignments: [{ to: "everyone", use: ["ends"], from: "2020-01-01" }],
});
const ALWAYS = { fromOn: "0000-01-01", toOn: "9999-12-31" };

function run(state: ClockState, command: ClockCommand): [ClockState, Happened[]] {
  const events = clockDecider.decide(state, command);
  if (isRefusal(events)) throw new Error("refused");
  return [events.reduce((now, event) => clockDecider.evolve(now, event), state), [...events]];
}

function recorded(rules: Rules, punches: readonly ClockPunch[]): ClockState {
  let state = clockDecider.initial;
  for (let at = 0; at < punches.length; at += 100) {
    const part = punches.slice(at, at + 100);
    [state] = run(state, { type: "record-clock", employeeId: "ada", punches: part, rules });
  }
  return state;
}

const recalculated = (state: ClockState, rules: Rules, range = ALWAYS): [ClockState, Happened[]] =>
  run(state, { type: "recalculate", employeeId: "ada", rules, range });

/** As the runner asks: after the last day told, until nothing is. */
function untilNothing(state: ClockState, rules: Rules): [ClockState, Happened[][]] {
  const appends: Happened[][] = [];
  let now = state;
  for (let fromOn = ALWAYS.fromOn; ; ) {
    const [next, events] = recalculated(now, rules, { ...ALWAYS, fromOn });
    const last = daysIn(events).at(-1);
    if (last === undefined) return [now, appends];
    now = next;
    appends.push(events);
    fromOn = dateOf(dayOfDate(last.workdayOn) + 1);
  }
}

const daysIn = (events: readonly Happened[]): Workday[] =>
  events.flatMap(({ type, data }) =>
    type === "attendance.workday.calculated" ? [data.workday] : [],
  );
const typesOf = (events: readonly Happened[]): string[] =>
  events.map(({ type }) => type.replace("attendance.", ""));
const standing = (state: ClockState): Workday[] =>
  [...state.workdays.values()]
    .map(({ workday }) => workday)
    .filter((day) => !isEmptyWorkday(day))
    .toSorted((a, b) => (a.workdayOn < b.workdayOn ? -1 : 1));

const shift = (on: string, ...times: string[]): ClockPunch[] =>
  times.map((time) => clockPunch(`${on}T${time}`));
const WEEK = ["12", "13", "14", "15"].flatMap((day) =>
  shift(`2026-01-${day}`, "07:00", "11:00", "11:30", "17:30"),
);

const bodySchema = z.object({ metadata: z.unknown(), data: z.unknown() });

/** What becomes of an event on its way through the stream. */
function storedAndRead(event: Happened): Happened {
  const metadata = {
    eventId: "00000000-0000-4000-8000-000000000000",
    eventType: event.type,
    timestamp: 0,
    version: "1.0",
    source: "test",
    correlationId: null,
    causationId: null,
  };
  const body = decode(encode({ metadata, data: event.data }), bodySchema, { what: "event" });
  const { data } = parseEvent(body);
  return { type: event.type, data } as Happened;
}

describe("recalculate", () => {
  it("says nothing under the rules that the days were calculated by", () => {
    expect(recalculated(recorded(PLAIN, WEEK), PLAIN)[1]).toEqual([]);
    expect(recalculated(clockDecider.initial, PLAIN)[1]).toEqual([]);
  });

  it("tells every day that the rules make another one, as its next revision, and then nothing", () => {
    const [state, events] = recalculated(recorded(NOTHING, WEEK), PLAIN);
    expect(typesOf(events)).toEqual([
      ...Array.from({ length: 4 }, () => "workday.calculated"),
      ...Array.from({ length: 4 }, () => "overtime.calculated"),
    ]);
    expect(events.every(({ data }) => "revision" in data && data.revision === 2)).toBe(true);
    expect(
      daysIn(events).map(({ claims }) => claims.map(({ code, seconds }) => [code, seconds])),
    ).toContainEqual([
      ["REG", 4 * 3600],
      ["REG", 4 * 3600],
      ["OT15", 2 * 3600],
    ]);
    expect(recalculated(state, PLAIN)[1]).toEqual([]);
  });

  it("leaves the days before the date from which a rule holds as they were", () => {
    const before = recorded(using(["plain-8-40", "2020-01-01"]), WEEK);
    const rules = using(["plain-8-40", "2020-01-01"], ["california", "2026-01-14"]);
    const [state, events] = recalculated(before, rules);
    expect(daysIn(events).map(({ workdayOn }) => workdayOn)).toEqual(["2026-01-14", "2026-01-15"]);
    for (const on of ["2026-01-12", "2026-01-13"]) {
      expect(state.workdays.get(on)).toBe(before.workdays.get(on));
    }
  });

  it("withdraws meanings that no longer hold and gives the new ones", () => {
    const before = recorded(NOTHING, shift("2026-01-12", "07:00", "11:00", "11:30", "17:30"));
    const [state, events] = recalculated(before, NO_BREAKS);
    expect(typesOf(events)).toEqual([
      "meaning.withdrawn",
      "meaning.withdrawn",
      "check-out.recorded",
      "check-in.recorded",
      "workday.calculated",
    ]);
    expect([...state.meanings.values()].map(({ meaning }) => meaning).toSorted()).toEqual([
      "in",
      "in",
      "out",
      "out",
    ]);
  });

  it("empties a day on which nothing is any more", () => {
    const night = [clockPunch("2026-01-12T22:00"), clockPunch("2026-01-13T06:00")];
    const [state, events] = recalculated(recorded(NOTHING, night), ENDS);
    expect(daysIn(events).map((day) => [day.workdayOn, day.workedSeconds])).toEqual([
      ["2026-01-12", 0],
      ["2026-01-13", 8 * 3600],
    ]);
    expect(standing(state).map(({ workdayOn }) => workdayOn)).toEqual(["2026-01-13"]);
    expect(recalculated(state, ENDS)[1]).toEqual([]);
  });

  it("keeps to its range", () => {
    const range = { fromOn: "2026-01-13", toOn: "2026-01-14" };
    const [, events] = recalculated(recorded(NOTHING, WEEK), PLAIN, range);
    expect(daysIn(events).map(({ workdayOn }) => workdayOn)).toEqual(["2026-01-13", "2026-01-14"]);
  });

  it("never tells more at once than one append takes, and the rest when asked again", () => {
    const first = dayOfDate("2025-01-01");
    const dates = Array.from({ length: 300 }, (_, n) => dateOf(first + n));
    const punches = dates.flatMap((on) => shift(on, "07:00", "11:00", "11:30", "17:30"));
    const [state, appends] = untilNothing(recorded(NOTHING, punches), NO_BREAKS);
    expect(appends.length).toBeGreaterThan(1);
    expect(Math.max(...appends.map((events) => events.length))).toBeLessThanOrEqual(1000);
    expect(standing(state)).toEqual(standing(recorded(NO_BREAKS, punches)));
    expect(daysIn(appends.flat())).toHaveLength(300);
  });

  it.each([
    "plain-8-40",
    "california",
    "us-federal",
    "eu-working-time",
    "uk-rota",
    "gulf-6-day",
    "india-factories",
    "rota-12h-24-7-crew-a",
  ])("finds nothing to tell in days by %s that were stored and read", (preset) => {
    const rules = using([preset, "2020-01-01"]);
    let state = clockDecider.initial;
    const punches = [...WEEK, ...shift("2026-01-16", "20:00"), ...shift("2026-01-17", "05:10")];
    const command = { type: "record-clock", employeeId: "ada", punches, rules } as const;
    for (const event of run(state, command)[1]) {
      state = clockDecider.evolve(state, storedAndRead(event));
    }
    expect(standing(state).length).toBeGreaterThan(4);
    expect(recalculated(state, rules)[1]).toEqual([]);
  });
});

describe("days brought from some rules to others", () => {
  const SEED = 20_260_117;
  process.stdout.write(`recalculation property tests: seed ${SEED}\n`);
  const rules = fc.constantFrom(
    NOTHING,
    PLAIN,
    NO_BREAKS,
    ENDS,
    using(["california", "2026-01-13"]),
  );
  const punches = fc
    .array(fc.integer({ min: 0, max: 1200 }), { minLength: 1, maxLength: 24 })
    .map((gaps) => {
      let at = Date.parse("2026-01-12T06:00Z");
      return gaps.map((minutes) => {
        at += (minutes + 1) * 60_000;
        return clockPunch(new Date(at).toISOString().slice(0, 16));
      });
    });

  it("are those that would be if the others had always held, whatever came in between", () => {
    fc.assert(
      fc.property(punches, fc.nat(24), fc.tuple(rules, rules), (all, cut, [from, to]) => {
        let state = recorded(from, all.slice(0, cut));
        // recorded by the new rules before anybody recalculated
        const late = { type: "record-clock", employeeId: "ada", punches: all.slice(cut) } as const;
        [state] = run(state, { ...late, rules: to });
        [state] = untilNothing(state, to);
        const direct = recorded(to, all);
        expect(standing(state)).toEqual(standing(direct));
        expect(new Map(state.meanings)).toEqual(new Map(direct.meanings));
        expect(recalculated(state, to)[1]).toEqual([]);
      }),
      { seed: SEED, numRuns: 300 },
    );
  });
});
