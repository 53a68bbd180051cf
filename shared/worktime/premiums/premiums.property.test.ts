import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { describe, expect, it } from "vitest";
import {
  countsOn,
  datesOf,
  MINUTE,
  minute,
  policyLists,
  rulesWith,
  sheetFor,
  weekdays,
  work,
} from "../../../test/support/premium-cases.ts";
import { premiumsOfSheet } from "../../../test/support/premiums.ts";
import { ruleSet } from "../../../test/support/worktime.ts";
import { dayOf, WEEKDAYS } from "../civil-time.ts";
import type { Sheet, Tile } from "../ledger.ts";
import type { RuleSet } from "../rules.ts";
import { type Premium, premiumSchema } from "../workday.ts";
import { premiumsReach } from "./premiums.ts";

// Fixed, so that a failure is the same everywhere; WORKTIME_SEED tries others.
const SEED = Number(process.env["WORKTIME_SEED"] ?? 20_260_112);
const RUNS = Number(process.env["WORKTIME_RUNS"] ?? 200);
process.stdout.write(`premiums property tests: seed ${SEED}, ${RUNS} runs each\n`);
const settings = { seed: SEED, numRuns: RUNS };

/** Whether the clock on the wall shows a time of the window, by what Temporal says of the minute. */
function isOpen(
  at: number,
  zone: string,
  { from, to, days }: { from: number; to: number; days: readonly string[] },
): boolean {
  const wall = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
  const clock = wall.hour * 3600 + wall.minute * 60 + wall.second;
  const today = days.includes(WEEKDAYS[wall.dayOfWeek - 1]!);
  const yesterday = days.includes(WEEKDAYS[(wall.dayOfWeek + 5) % 7]!);
  if (to > from) return today && clock >= from && clock < to;
  return (today && clock >= from) || (yesterday && clock < to);
}

const minutesOf = (premiums: readonly Premium[]): number[] =>
  premiums.flatMap(({ fromAt, toAt }) =>
    Array.from({ length: (toAt - fromAt) / MINUTE }, (_, index) => fromAt + index * MINUTE),
  );
const inPolicy =
  (name: string) =>
  (premium: Premium): boolean =>
    premium.policy === name;

describe("windows", () => {
  it("pay exactly the minutes of work in which the wall clock shows a time of theirs", () => {
    fc.assert(
      fc.property(
        work,
        fc.tuple(minute, minute, weekdays),
        countsOn,
        (some, [from, to, days], choice) => {
          const rules = rulesWith(some.zone, [], choice);
          const [parsed] = ruleSet({
            premiums: {
              policies: [{ kind: "window", name: "P0", code: "C", factor: 0.5, weekdays: days }],
            },
          }).premiums.policies;
          const policies = [{ ...parsed!, from, to }] as RuleSet["premiums"]["policies"];
          const sheet = sheetFor(some, { ...rules, premiums: { ...rules.premiums, policies } });
          const paid = minutesOf(premiumsOfSheet(sheet).flat());
          const worked = sheet.days
            .flatMap(({ tiles }) => tiles)
            .filter(({ kind }) => kind === "work")
            .flatMap(({ fromAt, toAt }) =>
              Array.from(
                { length: (toAt - fromAt) / MINUTE },
                (_, index) => fromAt + index * MINUTE,
              ),
            );
          const due = worked.filter((at) => isOpen(at, some.zone, { from, to, days }));
          expect(paid).toEqual(due);
        },
      ),
      settings,
    );
  });

  it("of a weekend pay exactly its minutes, those of a holiday the minutes of its date", () => {
    fc.assert(
      fc.property(work, (some) => {
        const list = [
          {
            kind: "weekend",
            name: "W",
            code: "W",
            factor: 0.5,
            startsOn: "fri",
            from: "18:00",
            endsOn: "mon",
            to: "06:00",
          },
          { kind: "holiday", name: "H", code: "H", factor: 1 },
        ];
        const sheet = sheetFor(some, rulesWith(some.zone, list));
        const premiums = premiumsOfSheet(sheet).flat();
        const worked = sheet.days
          .flatMap(({ tiles }) => tiles)
          .filter(({ kind }) => kind === "work")
          .flatMap(({ fromAt, toAt }) =>
            Array.from({ length: (toAt - fromAt) / MINUTE }, (_, index) => fromAt + index * MINUTE),
          );
        const isWeekend = (at: number): boolean => {
          const wall = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(some.zone);
          const hour = (wall.dayOfWeek - 1) * 24 + wall.hour;
          return hour >= 4 * 24 + 18 || hour < 6;
        };
        expect(minutesOf(premiums.filter(inPolicy("W")))).toEqual(worked.filter(isWeekend));
        const isHoliday = (at: number): boolean => sheet.at(dayOf(at, some.zone))?.holiday !== null;
        expect(minutesOf(premiums.filter(inPolicy("H")))).toEqual(worked.filter(isHoliday));
      }),
      settings,
    );
  });
});

describe("premiums of any rules", () => {
  it("fit a workday, lie in paid or worked time, and no policy pays a second twice", () => {
    fc.assert(
      fc.property(work, policyLists, countsOn, (some, list, choice) => {
        const sheet = sheetFor(some, rulesWith(some.zone, list, choice));
        for (const [index, premiums] of premiumsOfSheet(sheet).entries()) {
          const tiles = sheet.days[index]!.tiles;
          for (const premium of premiums) {
            expect(premiumSchema.parse(premium)).toEqual(premium);
            if (premium.fromAt === premium.toAt) continue;
            expect(premium.seconds).toBe((premium.toAt - premium.fromAt) / 1000);
            const within = tiles.filter(
              ({ fromAt, toAt }) => fromAt <= premium.fromAt && toAt >= premium.toAt,
            );
            expect(within).toHaveLength(1);
            expect(within[0]!.kind === "work" || within[0]!.isPaid).toBe(true);
          }
          for (const { name } of sheet.days[index]!.rules.premiums.policies) {
            const minutes = minutesOf(premiums.filter(inPolicy(name)));
            expect(new Set(minutes).size).toBe(minutes.length);
          }
        }
      }),
      settings,
    );
  });

  it("come out the same however time is cut into tiles", () => {
    const cuts = fc.array(fc.integer({ min: 1, max: 419 }), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(work, policyLists, cuts, (some, list, at) => {
        const rules = rulesWith(some.zone, list);
        const whole = sheetFor(some, rules);
        const cut = datesOf(
          whole.days.map((day) => ({
            ...day,
            tiles: day.tiles.flatMap((tile) => cutTile(tile, at)),
          })),
          whole.days[0]!.day,
          whole.days.at(-1)!.day,
        );
        const sums = (sheet: Sheet): string[] =>
          premiumsOfSheet(sheet).map((premiums) =>
            list
              .map(({ name }) => premiums.filter(inPolicy(name)))
              .map(
                (mine) =>
                  `${minutesOf(mine).join()} ${mine.reduce((sum, { seconds }) => sum + seconds, 0)}`,
              )
              .join("; "),
          );
        expect(sums(cut)).toEqual(sums(whole));
      }),
      settings,
    );
  });

  it("depend on no day outside their reach", () => {
    // one policy each: of several the farthest look would hide the others'
    const one = policyLists.map((list) => list.slice(0, 1));
    fc.assert(
      fc.property(work, one, countsOn, (some, list, choice) => {
        const rules = rulesWith(some.zone, list, choice);
        const sheet = sheetFor(some, rules);
        const { back, ahead } = premiumsReach(rules);
        for (const [index, premiums] of premiumsOfSheet(sheet).entries()) {
          const { day } = sheet.days[index]!;
          const near = datesOf(sheet.days, day - back, day + ahead);
          const there = near.days.findIndex((each) => each.day === day);
          expect(premiumsOfSheet(near)[there]).toEqual(premiums);
        }
      }),
      { ...settings, numRuns: 5 * RUNS },
    );
  });

  it("keep to their limits", () => {
    fc.assert(
      fc.property(work, policyLists, (some, list) => {
        const rules = rulesWith(some.zone, list);
        const sheet = sheetFor(some, rules);
        const byWeek = new Map<string, number>();
        for (const [index, premiums] of premiumsOfSheet(sheet).entries()) {
          const monday = Math.floor((sheet.days[index]!.day + 3) / 7);
          for (const { name, limits } of rules.premiums.policies) {
            const mine = premiums.filter(inPolicy(name));
            const paid = mine.reduce((sum, { seconds }) => sum + seconds, 0);
            const week = (byWeek.get(`${name} ${monday}`) ?? 0) + paid;
            byWeek.set(`${name} ${monday}`, week);
            expect(paid).toBeLessThanOrEqual(limits.secondsADay ?? paid);
            expect(week).toBeLessThanOrEqual(limits.secondsAWeek ?? week);
            expect(mine.length).toBeLessThanOrEqual(limits.timesADay ?? mine.length);
          }
        }
      }),
      settings,
    );
  });
});

function cutTile(tile: Tile, at: readonly number[]): Tile[] {
  const inner = at
    .map((value) => tile.fromAt + value * MINUTE)
    .filter((each) => each < tile.toAt)
    .toSorted((a, b) => a - b);
  const ends = [...new Set(inner), tile.toAt];
  const parts: Tile[] = [];
  for (const toAt of ends) parts.push({ ...tile, fromAt: parts.at(-1)?.toAt ?? tile.fromAt, toAt });
  return parts;
}

describe("an exclusive group", () => {
  it("pays every second that any of its policies would pay, once, at the highest factor", () => {
    const free = policyLists.map((list) =>
      list.map((each) => ({ ...each, exclusive: null, limits: {} })),
    );
    fc.assert(
      fc.property(work, free, countsOn, (some, list, choice) => {
        const alone = premiumsOfSheet(sheetFor(some, rulesWith(some.zone, list, choice)));
        const grouped = list.map((each) => ({ ...each, exclusive: "one" }));
        const together = premiumsOfSheet(sheetFor(some, rulesWith(some.zone, grouped, choice)));
        for (const [index, premiums] of alone.entries()) {
          const best = new Map<number, number>();
          for (const premium of premiums.filter(({ fromAt, toAt }) => fromAt < toAt)) {
            for (const at of minutesOf([premium]))
              best.set(at, Math.max(best.get(at) ?? 0, premium.factor ?? 0));
          }
          const paid = (together[index] ?? []).filter(({ fromAt, toAt }) => fromAt < toAt);
          const minutes = minutesOf(paid);
          expect(new Set(minutes).size).toBe(minutes.length);
          expect(new Set(minutes)).toEqual(new Set(best.keys()));
          for (const premium of paid) {
            for (const at of minutesOf([premium])) expect(premium.factor).toBe(best.get(at));
          }
        }
      }),
      settings,
    );
  });

  it("pays occurrences of one shift by one policy", () => {
    fc.assert(
      fc.property(work, policyLists, (some, list) => {
        const grouped = list.map((each) => ({ ...each, exclusive: "one" }));
        for (const premiums of premiumsOfSheet(sheetFor(some, rulesWith(some.zone, grouped)))) {
          const byEnd = new Map<number, Set<string>>();
          for (const { fromAt, toAt, policy: name, kind } of premiums) {
            if (fromAt < toAt || kind.endsWith("penalty") || kind === "callback") continue;
            byEnd.set(fromAt, (byEnd.get(fromAt) ?? new Set()).add(name));
          }
          for (const names of byEnd.values()) expect(names.size).toBe(1);
        }
      }),
      settings,
    );
  });
});
