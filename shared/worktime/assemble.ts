import { isKnownZone, localText, SECOND } from "./civil-time.ts";
import { stateOf } from "./exceptions/completeness.ts";
import { settingOf } from "./exceptions/look.ts";
import {
  type CountedPunch,
  type DayResult,
  type Sheet,
  secondsOf,
  type Tile,
  workedSeconds,
} from "./ledger.ts";
import type { RuleSet } from "./rules.ts";
import {
  type InterpretedPunch,
  type Interval,
  MAX_PUNCHES_A_DAY,
  MAX_STRETCHES_A_DAY,
  type Workday,
  type WorkdayException,
} from "./workday.ts";

const MAX_DETAIL = 300;
const MAX_IDS = 64;

/** Puts together what the stages made of a day. */
export function assemble(
  { day, credits, claims, premiums }: DayResult,
  more: {
    readonly exceptions: readonly WorkdayException[];
    readonly faults: readonly string[];
    readonly sheet: Sheet;
  },
): Workday {
  const { shifts, tiles } = day;
  const open = shifts.find(({ isEnd, isLast, phase }) => isEnd && isLast && phase !== "out");
  return {
    workdayOn: day.on,
    zone: day.zone,
    state: stateOf(day, more.sheet),
    isOpen: open !== undefined,
    openUntil: open === undefined ? null : open.startAt + open.rules.shifts.maxShift * SECOND,
    workedSeconds: workedSeconds(tiles),
    breakSeconds: breakSeconds(tiles),
    paidSeconds: claims.reduce((sum, claim) => sum + claim.seconds, 0),
    scheduledSeconds: day.plans.reduce((sum, plan) => sum + plan.seconds, 0),
    holiday: day.holiday?.name ?? null,
    groups: [...day.groups],
    planned: day.plans.slice(0, 16).map(({ name, startAt, endAt, seconds }) => ({
      name,
      fromAt: startAt,
      toAt: endAt,
      seconds,
    })),
    punches: shifts.flatMap(({ reads, zone }) => reads.map((read) => interpreted(read, zone))),
    ...(day.roundedTotals === undefined ? {} : { roundedTotals: [...day.roundedTotals] }),
    intervals: tiles.slice(0, MAX_STRETCHES_A_DAY).map(intervalOf),
    claims: claims.slice(0, MAX_STRETCHES_A_DAY),
    premiums: premiums.slice(0, MAX_STRETCHES_A_DAY),
    credits: credits.slice(0, 64),
    exceptions: [
      ...more.exceptions.slice(0, MAX_PUNCHES_A_DAY),
      ...unread(day.unread ?? [], day.rules),
      ...[...(day.faults ?? []), ...more.faults].slice(0, 16).map((why) => fault(why, day.rules)),
    ],
  };
}

function breakSeconds(tiles: readonly Tile[]): number {
  return tiles.reduce(
    (sum, tile) => (tile.kind === "lunch" || tile.kind === "break" ? sum + secondsOf(tile) : sum),
    0,
  );
}

function interpreted(read: CountedPunch, zone: string): InterpretedPunch {
  const { punch, meaning, reason, countsAt, rounding } = read;
  const { punchId, at, correctionIds } = punch;
  const isMoved = countsAt !== Math.floor(at / SECOND) * SECOND;
  return {
    punchId,
    at,
    ...(isMoved ? { countsAt } : {}),
    ...(rounding === undefined
      ? {}
      : { roundedBy: rounding.policy, rounding: rounding.detail.slice(0, MAX_DETAIL) }),
    local: localText(at, zoneOf(punch, zone)),
    meaning,
    reason,
    ...(correctionIds === undefined ? {} : { correctionIds: correctionIds.slice(0, 16) }),
  };
}

/** The clock at the reader: that of its own site, where somebody moves between zones in one shift. */
const zoneOf = ({ zone }: CountedPunch["punch"], ofShift: string): string =>
  zone === null || zone === ofShift || !isKnownZone(zone) ? ofShift : zone;

function intervalOf(tile: Tile): Interval {
  const { kind, fromAt, toAt, isPaid, labels, punchIds, policy, reason } = tile;
  return {
    kind,
    fromAt,
    toAt,
    seconds: secondsOf(tile),
    isPaid,
    ...(hasLabels(labels) ? { labels } : {}),
    punchIds: punchIds.slice(0, MAX_IDS),
    policy,
    reason,
  };
}

const hasLabels = (labels: object): boolean => Object.keys(labels).length > 0;

function unread(reads: readonly CountedPunch[], { exceptions }: RuleSet): WorkdayException[] {
  if (reads.length === 0) return [];
  return [
    {
      kind: "too-many-punches",
      severity: settingOf(exceptions, "too-many-punches").severity,
      premature: false,
      punchIds: reads.slice(0, MAX_IDS).map(({ punch }) => punch.punchId),
      detail: `${reads.length + MAX_PUNCHES_A_DAY} punches on one day; the last ${reads.length} are not read`,
    },
  ];
}

function fault(why: string, { exceptions }: RuleSet): WorkdayException {
  return {
    kind: "rule-fault",
    severity: settingOf(exceptions, "rule-fault").severity,
    premature: false,
    punchIds: [],
    detail: why.slice(0, MAX_DETAIL),
  };
}
