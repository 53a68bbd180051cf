import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { absence, knownTo, plan } from "../../../test/support/absences.ts";
import { type DayText, ruleSet, sheetOf } from "../../../test/support/worktime.ts";
import { dateOf, dayOfDate } from "../civil-time.ts";
import type { AbsenceFact } from "../facts.ts";
import type { RuleSet } from "../rules.ts";
import { creditSchema } from "../workday.ts";
import { absencesReach, creditsOf } from "./absences.ts";
import { doneSeconds, dueSeconds } from "./due.ts";
import { absenceConflicts } from "./leave.ts";

// Fixed, so that a failure is the same everywhere; WORKTIME_SEED tries others.
const SEED = Number(process.env["WORKTIME_SEED"] ?? 20_260_112);
const RUNS = Number(process.env["WORKTIME_RUNS"] ?? 1000);
process.stdout.write(`absence property tests: seed ${SEED}, ${RUNS} runs each\n`);
const settings = { seed: SEED, numRuns: RUNS };

const FIRST = dayOfDate("2028-02-20"); // over a leap day
const DAYS = 24;
const hour = fc.integer({ min: 6, max: 20 });
const clock = (hours: number): string => `${String(hours).padStart(2, "0")}:00`;
const span = (times: readonly [number, number] | null): string | null =>
  times === null ? null : `${clock(times[0])}-${clock(times[0] + times[1])}`;

const days: fc.Arbitrary<DayText[]> = fc
  .array(
    fc.record({
      planned: fc.option(fc.tuple(hour, fc.integer({ min: 1, max: 4 })), { nil: null }),
      worked: fc.option(fc.tuple(hour, fc.integer({ min: 1, max: 4 })), { nil: null }),
      isHoliday: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
    }),
    { minLength: DAYS, maxLength: DAYS },
  )
  .map((list) =>
    list.map(({ planned, worked, isHoliday }, index) => {
      const on = dateOf(FIRST + index);
      const [due, tile] = [span(planned), span(worked)];
      const plans = due === null ? [] : [plan(on, due)];
      const text: DayText = { on, plans, tiles: tile === null ? [] : [tile] };
      return isHoliday ? { ...text, holiday: "h" } : text;
    }),
  );

const absences: fc.Arbitrary<AbsenceFact[]> = fc.array(
  fc
    .record({
      id: fc.integer({ min: 0, max: 4 }),
      from: fc.integer({ min: 0, max: DAYS - 1 }),
      length: fc.integer({ min: 0, max: 6 }),
      code: fc.constantFrom("VAC", "HALF", "SICK", "XYZ"),
      secondsADay: fc.option(fc.integer({ min: 0, max: 10 * 3600 }), { nil: null }),
      decidedAt: fc.integer({ min: 0, max: 5 }),
      isCancelled: fc.boolean(),
    })
    .map(({ id, from, length, ...rest }) =>
      absence(`${dateOf(FIRST + from)}..${dateOf(FIRST + from + length)}`, {
        absenceId: `a${id}`,
        ...rest,
      }),
    ),
  { maxLength: 8 },
);

const rules: fc.Arbitrary<RuleSet> = fc
  .record({
    upToPlan: fc.boolean(),
    onHolidays: fc.constantFrom("skip", "count"),
    amount: fc.constantFrom(
      { kind: "scheduled" as const },
      {
        kind: "average-days" as const,
        days: 9,
        dividedBy: "days-worked" as const,
        countsLeave: true,
      },
      { kind: "average-weeks" as const, weeks: 1, dividedBy: 5 },
    ),
    whenWorked: fc.constantFrom("on-top", "rest", "none"),
    workedBefore: fc.boolean(),
    workedAfter: fc.boolean(),
    daysWorked: fc.constantFrom(0, 3),
    per: fc.constantFrom("none", "day", "week"),
    onHoliday: fc.boolean(),
  })
  .map(({ upToPlan, onHolidays, per, onHoliday, ...policy }) =>
    ruleSet({
      absences: {
        codes: [
          { name: "Vacation", code: "VAC", dayLength: "8h", upToPlan, onHolidays },
          { name: "Half", code: "HALF", share: 0.5, upToPlan },
          { name: "Sick", code: "SICK", excuses: false, paid: false, upToPlan },
        ],
        holidays: [{ name: "Holiday", within: 5, outOf: 7, ...policy }],
        undertime: { per, onHolidays: onHoliday },
      },
    }),
  );

const cases = fc.record({
  days,
  absences,
  rules,
  known: fc
    .integer({ min: 0, max: DAYS + 1 })
    .map((day) => knownTo(`${dateOf(FIRST + day)}T00:00Z`)),
});

const within = (day: DayText, facts: readonly AbsenceFact[]): DayText => ({
  ...day,
  absences: facts.filter(({ fromOn, toOn }) => fromOn <= day.on && day.on <= toOn),
});

// Two stories of one id at one instant are settled before, by the set of facts.
const isSettled = (facts: readonly AbsenceFact[]): boolean =>
  new Set(facts.map(({ absenceId, decidedAt }) => `${absenceId} ${decidedAt}`)).size ===
  facts.length;

describe("credits", () => {
  it("are of their schema, whatever the day", () => {
    fc.assert(
      fc.property(cases, ({ days: texts, absences: facts, rules: set, known }) => {
        const sheet = sheetOf(
          texts.map((text) => within(text, facts)),
          set,
          [known],
        );
        for (const day of sheet.days) {
          for (const credit of creditsOf(day, sheet)) creditSchema.parse(credit);
          for (const conflict of absenceConflicts(day)) {
            expect(conflict.factIds.length).toBeGreaterThan(0);
            expect(conflict.detail.length).toBeLessThanOrEqual(300);
          }
        }
      }),
      settings,
    );
  });

  it("do not depend on the order of absences", () => {
    const shuffled = cases.chain((each) =>
      fc.record({
        each: fc.constant(each),
        other: fc.shuffledSubarray(each.absences, {
          minLength: each.absences.length,
          maxLength: each.absences.length,
        }),
      }),
    );
    fc.assert(
      fc.property(shuffled, ({ each, other }) => {
        fc.pre(isSettled(each.absences));
        const told = [each.absences, other].map((facts) => {
          const sheet = sheetOf(
            each.days.map((text) => within(text, facts)),
            each.rules,
            [each.known],
          );
          return sheet.days.map((day) => [creditsOf(day, sheet), absenceConflicts(day)]);
        });
        expect(told[0]).toEqual(told[1]);
      }),
      settings,
    );
  });

  it("of leave never exceed, with the work, what was planned, if the rules say so", () => {
    fc.assert(
      fc.property(cases, ({ days: texts, absences: facts, rules: set, known }) => {
        fc.pre(set.absences.codes.every(({ upToPlan }) => upToPlan));
        const sheet = sheetOf(
          texts.map((text) => within(text, facts)),
          set,
          [known],
        );
        for (const day of sheet.days) {
          const due = dueSeconds(day);
          if (due === 0) continue;
          const leave = creditsOf(day, sheet)
            .filter(({ kind }) => kind === "absence")
            .reduce((sum, { seconds }) => sum + seconds, 0);
          expect(leave).toBeLessThanOrEqual(Math.max(0, due - doneSeconds(day)));
        }
      }),
      settings,
    );
  });

  it("make up the hours due exactly, with the work and undertime of the day", () => {
    fc.assert(
      fc.property(cases, ({ days: texts, absences: facts, rules: set, known }) => {
        fc.pre(set.absences.undertime.per === "day" && set.absences.undertime.onHolidays);
        const sheet = sheetOf(
          texts.map((text) => within(text, facts)),
          set,
          [known],
        );
        for (const day of sheet.days) {
          const credits = creditsOf(day, sheet);
          if (!credits.some(({ kind }) => kind === "undertime")) continue;
          const all = credits.reduce((sum, { seconds }) => sum + seconds, 0);
          expect(all + doneSeconds(day)).toBe(dueSeconds(day));
        }
      }),
      settings,
    );
  });

  it("of holidays and undertime stand on no day that is not known yet", () => {
    fc.assert(
      fc.property(cases, ({ days: texts, rules: set, known }) => {
        const sheet = sheetOf(texts, set, [known]);
        for (const day of sheet.days) {
          const isOver = known.completeTo >= Date.parse(`${dateOf(day.day + 1)}T00:00Z`);
          expect(isOver ? [] : creditsOf(day, sheet)).toEqual([]);
        }
      }),
      settings,
    );
  });

  it("depend on no day beyond the reach of the rules", () => {
    fc.assert(
      fc.property(cases, ({ days: texts, absences: facts, rules: set, known }) => {
        const all = texts.map((text) => within(text, facts));
        const whole = sheetOf(all, set, [known]);
        const { back, ahead } = absencesReach(set);
        for (const [index, { on }] of all.entries()) {
          const near = sheetOf(all.slice(Math.max(0, index - back), index + ahead + 1), set, [
            known,
          ]);
          const [day, same] = [near.at(dayOfDate(on)), whole.at(dayOfDate(on))];
          if (day === undefined || same === undefined) throw new Error("no day");
          expect(creditsOf(day, near)).toEqual(creditsOf(same, whole));
        }
      }),
      { ...settings, numRuns: Math.min(RUNS, 300) },
    );
  });
});
