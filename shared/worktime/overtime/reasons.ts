import { type Weekday, weekdayOf } from "../civil-time.ts";
import type { Day, Tile } from "../ledger.ts";
import { weeksOf } from "./periods.ts";
import type { OvertimePolicy, Tier } from "./rules.ts";
import type { Contender } from "./walk.ts";

const NAMES: Readonly<Record<Weekday, string>> = {
  mon: "Monday",
  tue: "Tuesday",
  wed: "Wednesday",
  thu: "Thursday",
  fri: "Friday",
  sat: "Saturday",
  sun: "Sunday",
};
const LONGEST = 300;

/** What a policy claimed. */
interface Claimed {
  readonly day: Day;
  readonly tile: Tile;
}

/** Why a policy claimed something: "overtime: over 8 h on the day, rule 'Daily'". */
export function reasonOf(
  { policy, base }: Pick<Contender, "policy" | "base">,
  { after }: Tier,
  claimed: Claimed,
): string {
  const kind = policy.kind === "differential" ? "differential" : "overtime";
  const what = whatOf(policy, { ...claimed, base });
  const over = after === 0 ? "" : `over ${length(after)} `;
  return `${kind}: ${over}${what}, rule '${policy.name}'`.slice(0, LONGEST);
}

function whatOf(policy: OvertimePolicy, claimed: Claimed & { readonly base: number }): string {
  switch (policy.kind) {
    case "day-of-week":
      return `on a ${NAMES[weekdayOf(claimed.day.day)]}`;
    case "weekly-days":
      return `on the ${nth(policy.nth)} or a later day worked in the week`;
    case "consecutive-days":
      return `on the ${nth(policy.nth)} or a later day worked in a row`;
    case "holiday":
      return `on the holiday ${claimed.day.holiday?.name ?? ""}`;
    case "over-schedule":
      return overSchedule(policy, claimed);
    case "differential":
      return `booked on ${placeOf(policy, claimed.tile)}`;
    case "daily":
      return policy.scope === "day" ? "on the day" : "in the shift";
    default:
      return inWeeks(policy);
  }
}

function inWeeks(policy: OvertimePolicy): string {
  const weeks = weeksOf(policy) ?? 1;
  return weeks === 1 ? "in the week" : `in ${weeks} weeks`;
}

function overSchedule(
  { measure }: Extract<OvertimePolicy, { kind: "over-schedule" }>,
  { base, day }: Claimed & { readonly base: number },
): string {
  if (measure === "week") return `beyond the ${length(base)} planned for the week`;
  if (day.plans.length === 0) return "on a day without plan";
  return measure === "time"
    ? "outside the planned time"
    : `beyond the ${length(base)} planned for the day`;
}

function placeOf({ where }: OvertimePolicy, { labels }: Tile): string {
  const kinds = ["branch", "department", "job", "task"] as const;
  return kinds
    .flatMap((kind) => (where[kind] === undefined ? [] : `${kind} ${labels[kind] ?? ""}`))
    .join(", ");
}

/** `8 h`, `7 h 30 min`, `45 min`, `30 s`. */
function length(seconds: number): string {
  const parts = [
    [Math.floor(seconds / 3600), "h"],
    [Math.floor(seconds / 60) % 60, "min"],
    [seconds % 60, "s"],
  ] as const;
  const said = parts.filter(([count]) => count > 0).map(([count, unit]) => `${count} ${unit}`);
  return said.length === 0 ? "0 h" : said.join(" ");
}

function nth(count: number): string {
  const endings: Readonly<Record<number, string>> = { 1: "st", 2: "nd", 3: "rd" };
  const isTeen = Math.floor(count / 10) === 1;
  return `${count}${(isTeen ? undefined : endings[count % 10]) ?? "th"}`;
}
