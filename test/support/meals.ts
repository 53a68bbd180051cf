import { dayOfDate, secondsOfDay } from "@clockleaf/shared/worktime/civil-time.ts";
import type { PlannedBreak, Shift, Tile } from "@clockleaf/shared/worktime/ledger.ts";
import { applyMeals } from "@clockleaf/shared/worktime/meals/meals.ts";
import type { mealRulesSchema } from "@clockleaf/shared/worktime/meals/rules.ts";
import type { z } from "zod";
import { ruleSet, tileFrom } from "./worktime.ts";

// Short spellings for tests of the rules on lunches and breaks. A Monday, UTC unless said otherwise.

export type MealPolicyText = NonNullable<z.input<typeof mealRulesSchema>["policies"]>[number];
export type MealShift = Omit<Shift, "reads">;

export interface Applied {
  /** As `08:00-12:00 work`, `12:00-12:30 deduction`, `12:00-12:10 lunch paid`. */
  readonly tiles: readonly string[];
  readonly reasons: readonly string[];
  /** As `14:00 lunch missed 1800`. */
  readonly found: readonly string[];
  readonly details: readonly string[];
  readonly punchIds: ReadonlyArray<readonly string[]>;
}

export function apply(
  specs: readonly string[],
  policies: readonly MealPolicyText[],
  more: Partial<MealShift> & { on?: string; tiles?: readonly Tile[]; breaks?: string[] } = {},
): Applied {
  const { on = "2026-01-12", tiles: given, breaks, ...rest } = more;
  const rules = ruleSet({ zone: rest.zone ?? "UTC", meals: { policies: [...policies] } });
  const day = dayOfDate(on);
  const tiles = given ?? specs.map((spec) => tileFrom(spec, { day, rules }));
  const shift: MealShift = {
    startAt: tiles[0]?.fromAt ?? 0,
    zone: rules.zone,
    rules,
    plan: breaks === undefined ? null : planned(breaks, tiles),
    phase: "out",
    isLast: false,
    isOverrun: false,
    ...rest,
  };
  const { tiles: result, meals } = applyMeals(tiles, shift);
  const clock = (at: number): string => {
    const seconds = secondsOfDay(at, rules.zone);
    const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
    return parts
      .slice(0, seconds % 60 === 0 ? 2 : 3)
      .map((part) => String(part).padStart(2, "0"))
      .join(":");
  };
  return {
    tiles: result.map(
      ({ fromAt, toAt, kind, isPaid }) =>
        `${clock(fromAt)}-${clock(toAt)} ${kind}${isPaid && kind !== "work" ? " paid" : ""}`,
    ),
    reasons: result.map(({ reason }) => reason),
    found: meals.map(({ at, kind, what, seconds }) => `${clock(at)} ${kind} ${what} ${seconds}`),
    details: meals.map(({ detail }) => detail),
    punchIds: meals.map(({ punchIds }) => punchIds),
  };
}

function planned(breaks: readonly string[], tiles: readonly Tile[]): Shift["plan"] {
  const day = dayOfDate("2026-01-12");
  const rules = ruleSet({});
  return {
    planId: "p",
    name: "Early",
    day,
    kind: "fixed",
    startAt: tiles[0]?.fromAt ?? 0,
    endAt: tiles.at(-1)?.toAt ?? 0,
    zone: "UTC",
    seconds: 0,
    acceptFrom: 0,
    acceptTo: 0,
    core: null,
    breaks: breaks.map((spec): PlannedBreak => {
      const { fromAt, toAt, kind } = tileFrom(spec, { day, rules });
      return { kind: kind as PlannedBreak["kind"], fromAt, toAt, isPaid: false };
    }),
    site: null,
    labels: {},
  };
}

export const deduct = (
  more: Partial<Extract<MealPolicyText, { kind: "auto-deduct" }>>,
): MealPolicyText => ({
  kind: "auto-deduct",
  name: "D",
  amount: "30min",
  ...more,
});
export const add = (
  more: Partial<Extract<MealPolicyText, { kind: "auto-add" }>>,
): MealPolicyText => ({
  kind: "auto-add",
  name: "A",
  amount: "20min",
  ...more,
});
export const normal = (
  more: Partial<Extract<MealPolicyText, { kind: "normal" }>>,
): MealPolicyText => ({
  kind: "normal",
  name: "N",
  amount: "30min",
  ...more,
});

/** Seconds of the tiles, as `apply` spells them, that end so. */
export function sum(tiles: readonly string[], kind: string): number {
  return tiles
    .filter((tile) => tile.endsWith(kind))
    .reduce((total, tile) => {
      const [from = "", to = ""] = tile.slice(0, tile.indexOf(" ")).split("-");
      return total + ((clockOf(to) - clockOf(from) + 86_400) % 86_400);
    }, 0);
}
const clockOf = (text: string): number => {
  const [h = 0, m = 0, s = 0] = text.split(":").map(Number);
  return h * 3600 + m * 60 + s;
};
