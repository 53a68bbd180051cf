import { inFile, type Mutant } from "./mutant.ts";

// From days to pay: meals, absences, overtime, premiums.

const ROOT = "shared/worktime";
const MEALS = [`${ROOT}/meals/`];
const ABSENCES = [`${ROOT}/absences/`];
const OVERTIME = [`${ROOT}/overtime/`];
const PREMIUMS = [`${ROOT}/premiums/`];

export const PAY: readonly Mutant[] = [
  ...inFile(`${ROOT}/meals/deduct.ts`, MEALS, {
    "lunch is taken off at just the threshold": [
      "measuredUntil(tiles, policy) <= threshold",
      "measuredUntil(tiles, policy) < threshold",
    ],
    "a deduction goes below its threshold": [
      "policy.neverBelow ? Math.min(left, left - threshold) : left",
      "left",
    ],
    "a lunch that was punched counts for two rules": [
      "const before = spent.get(part.fromAt) ?? 0;",
      "const before = 0;",
    ],
    "a paid lunch counts as taken": ["meal.parts.filter((part) => !part.isPaid)", "meal.parts"],
    "odd seconds of a deduction in shares are forgotten": [
      "let odd = seconds - takes.reduce((sum, take) => sum + take, 0);",
      "let odd = 0;",
    ],
    "lunch is taken off where rules do not look": [
      'tile.kind === "work" && isWhere(policy.where, tile.labels)',
      'tile.kind === "work"',
    ],
  }),
  ...inFile(`${ROOT}/meals/pay.ts`, MEALS, {
    "a break of just the length is too long to be paid": [
      "secondsOf(meal) > policy.amount",
      "secondsOf(meal) >= policy.amount",
    ],
    "what one break used up is there for the next": ["shared -= seconds;", ""],
    "a break is paid beyond what is due": [
      "Math.min(allowance, secondsOf(part))",
      "secondsOf(part)",
    ],
  }),
  ...inFile(`${ROOT}/meals/find.ts`, MEALS, {
    "a lunch at the last moment is late": ["by !== null && late > 0", "by !== null && late >= 0"],
    "work in a row of just the most is too long": ["if (over > 0) {", "if (over >= 0) {"],
    "a lunch that has not ended is short": [
      "policy.inTotal || !meal.isEnded ? 0",
      "policy.inTotal ? 0",
    ],
    "one lunch more than allowed is not too many": ["meals.slice(most)", "meals.slice(most + 1)"],
  }),
  ...inFile(`${ROOT}/meals/taken.ts`, MEALS, {
    "a lunch is due at just the threshold": [
      "measured > thresholdOf(policy, times)",
      "measured >= thresholdOf(policy, times)",
    ],
    "a break of just the least length counts for nothing": [
      "secondsOf(meal) >= policy.minLength",
      "secondsOf(meal) > policy.minLength",
    ],
    "what was taken off was not worked": [
      'kind === "work" || kind === "deduction"',
      'kind === "work"',
    ],
    "a shift of just the least length is too short": [
      "measuredUntil(tiles, policy) >= policy.minShift",
      "measuredUntil(tiles, policy) > policy.minShift",
    ],
  }),
  ...inFile(`${ROOT}/absences/absences.ts`, ABSENCES, {
    "leave on a holiday and the holiday both count": [
      `if (leave.length > 0) return leave;
  const holiday = holidayCredit(day, sheet);
  return holiday === null ? leave : [holiday];`,
      `const holiday = holidayCredit(day, sheet);
  return holiday === null ? leave : [...leave, holiday];`,
    ],
    "undertime does not see leave": [
      "sum(each === day ? credits : leaveAndHoliday(each, sheet))",
      "0",
    ],
    "a week of undertime reaches no day back": [
      'absences.undertime.per === "week" ? 6 : 0',
      'absences.undertime.per === "week" ? 0 : 0',
    ],
  }),
  ...inFile(`${ROOT}/absences/leave.ts`, ABSENCES, {
    "leave counts on every holiday": [
      'day.holiday !== null && code?.onHolidays !== "count"',
      'day.holiday !== null && code?.onHolidays === "unheard-of"',
    ],
    "a whole day of leave and a part of one are both taken": [
      "other.isWholeDay || leave.isWholeDay",
      "other.isWholeDay && leave.isWholeDay",
    ],
    "two leaves of a day fill the same hours": [
      "roomFor(leave, day) - done - taken",
      "roomFor(leave, day) - done",
    ],
    "leave is taken beside the hours worked": [
      "roomFor(leave, day) - done - taken",
      "roomFor(leave, day) - taken",
    ],
    "the leave decided first holds": [
      "b.decidedAt - a.decidedAt ||",
      "a.decidedAt - b.decidedAt ||",
    ],
  }),
  ...inFile(`${ROOT}/absences/holidays.ts`, ABSENCES, {
    "a holiday to come is paid by now": [
      "if (!isKnown && !isComplete(day, sheet)) return null;",
      "",
    ],
    "just enough days worked are too few": ["count >= daysWorked", "count > daysWorked"],
    "weeks of an average begin on a Monday": [
      "weekStart(day.day, amount.weekStart)",
      'weekStart(day.day, "mon")',
    ],
    "a day of which nobody knows yet was missed": [
      "!isExcused(near) && isComplete(near, sheet)",
      "!isExcused(near)",
    ],
    "an average over weeks reaches back from the holiday, not from its week": [
      "return 7 * amount.weeks + 6;",
      "return 7 * amount.weeks;",
    ],
    "one who worked on the holiday gets all of it on top of the rest": [
      "rest: Math.max(0, seconds - done)",
      "rest: seconds",
    ],
  }),
  ...inFile(`${ROOT}/absences/undertime.ts`, ABSENCES, {
    "hours are missing before the day is over": [
      "if (!days.every((each) => isComplete(each, sheet))) return null;",
      "",
    ],
    "hours missing within the tolerance are told": [
      "missing <= rules.tolerance ||",
      "missing < rules.tolerance ||",
    ],
    "leave leaves all hours due": ["Math.max(0, planned - leaveOf(day))", "planned"],
    "weeks of undertime begin on a Monday": [
      "weekStart(day.day, rules.weekStart)",
      'weekStart(day.day, "mon")',
    ],
  }),
  ...inFile(`${ROOT}/absences/due.ts`, ABSENCES, {
    "an open shift is due": ['(kind === "open" ? sum : sum + seconds)', "(sum + seconds)"],
  }),
  ...inFile(`${ROOT}/overtime/walk.ts`, OVERTIME, {
    "a tier begins a second late": ["tier.after <= beyond", "tier.after < beyond"],
    "time that is daily overtime counts for the week again": [
      'contender.policy.counts === "all" ||',
      'contender.policy.counts !== "none" ||',
    ],
    "of equal rates the last policy holds": [
      "if (rate <= highest) continue;",
      "if (rate < highest) continue;",
    ],
    "a tolerance lets nothing pass": [
      'beyondTolerance === "excess" ? tolerance : 0',
      'beyondTolerance === "excess" ? 0 : 0',
    ],
    "the first instant of a plan is outside of it": [
      "startAt <= at && at < endAt",
      "startAt < at && at < endAt",
    ],
    "what falls outside `where` is claimed": [
      "contender.isSeeing && !contender.isBarred && isWhere(policy.where, tile.labels)",
      "contender.isSeeing && !contender.isBarred",
    ],
  }),
  ...inFile(`${ROOT}/overtime/overtime.ts`, OVERTIME, {
    "overtime of just the minimum is too little": ["claimed < minimum ||", "claimed <= minimum ||"],
    "overtime of just the tolerance is all paid": [
      'beyondTolerance === "all" && claimed <= tolerance',
      'beyondTolerance === "all" && claimed < tolerance',
    ],
    "overtime of a shift forgets what was worked before midnight": [
      "brought.set(tile.shiftId, known + seconds)",
      "brought.set(tile.shiftId, known)",
    ],
    "weekly overtime reaches too few days back": [
      "Math.max(byClaims, 7 * weeks - 1)",
      "Math.max(byClaims, 7 * weeks - 7)",
    ],
    "a row of days reaches too few days back": ["return policy.nth - 1;", "return policy.nth - 2;"],
    "an approval is held against a part of what was claimed": [
      "approvalOf(by.policy, by.claimed, day.approvals)",
      "approvalOf(by.policy, piece.seconds, day.approvals)",
    ],
    "leave counts twice in the week": [
      "before: carried + (standing.windows === null ? creditSeconds(policy, credits) : 0)",
      "before: carried + 2 * (standing.windows === null ? creditSeconds(policy, credits) : 0)",
    ],
  }),
  ...inFile(`${ROOT}/overtime/approvals.ts`, OVERTIME, {
    "an approval holds when the day has changed": [
      'latest.seconds === seconds ? latest.decision : "lapsed"',
      "latest.decision",
    ],
    "the first word on overtime holds": [
      "latest === null || isLater(approval, latest)",
      "latest === null",
    ],
  }),
  ...inFile(`${ROOT}/overtime/periods.ts`, OVERTIME, {
    "weeks of overtime begin on a Monday": [
      "const week = weekStart(day, startsOn);",
      'const week = weekStart(day, "mon");',
    ],
    "periods before their anchor begin elsewhere": [
      "(((since % weeks) + weeks) % weeks) * 7",
      "(since % weeks) * 7",
    ],
  }),
  ...inFile(`${ROOT}/overtime/standing.ts`, OVERTIME, {
    "a row of days runs on from week to week": [
      'if (policy.reset === "week" && first < weekStart(day.day, startsOn)) return false;',
      "",
    ],
    "the plan of a week is that of its days so far": ["number < first + 7", "number <= day.day"],
    "weekly days are counted over the week's border": [
      "before >= first && missing > 0",
      "missing > 0 && before > first - 7",
    ],
  }),
  ...inFile(`${ROOT}/overtime/contributions.ts`, OVERTIME, {
    "all paid leave raises overtime": [
      "credit.isPaid && credit.contributes === true",
      "credit.isPaid",
    ],
    "unpaid leave raises overtime": [
      "credit.isPaid && credit.contributes === true",
      "credit.contributes === true",
    ],
    "paid lunches count as paid breaks do": [
      "return contributes.paidLunches;",
      "return contributes.paidBreaks;",
    ],
    "what rounding added is not claimed": [
      "stretches.push(rounding(day, day.roundedUp, last));",
      "",
    ],
  }),
  ...inFile(`${ROOT}/overtime/counters.ts`, OVERTIME, {
    "a week begins with what the last one counted": [
      "if (known?.start === start) return known.count;",
      "if (known !== undefined) return known.count;",
    ],
    "overtime under the old rules counts again under the new ones": [
      "if (isFree && isSeen(policy, stretch.tile))",
      "if (isSeen(policy, stretch.tile))",
    ],
    "new rules begin a new week": [
      "const earlier = log?.filter((decided) => decided.day.day >= start) ?? [];",
      "const earlier: DecidedDay[] = [];",
    ],
  }),
  ...inFile(`${ROOT}/overtime/hours-by-rate.ts`, OVERTIME, {
    "the straight part of overtime has the overtime rate": [
      'rate: kind === "overtime" ? 1 : rate,',
      "rate,",
    ],
    "a basis with open days is complete": [
      'all.every(({ state }) => state === "complete")',
      'all.some(({ state }) => state === "complete")',
    ],
  }),
  ...inFile(`${ROOT}/premiums/wall-clock.ts`, PREMIUMS, {
    "a window over a clock change is where it would be without": [
      "if (then !== offset) {",
      "if (then === Number.NaN) {",
    ],
  }),
  ...inFile(`${ROOT}/premiums/windows.ts`, PREMIUMS, {
    "a shift that begins with the night began before it": [
      "policy.begunBefore && begunAt >= from",
      "policy.begunBefore && begunAt > from",
    ],
    "a night that began yesterday is over": [
      " - Math.ceil(end / A_DAY) + 1; day <= last",
      "; day <= last",
    ],
    "a window of the season ends a day early": [
      "date.slice(-toOn.length) <= toOn",
      "date.slice(-toOn.length) < toOn",
    ],
    "a season over new year is never": [
      "isOverNewYear ? isAfter || isBefore : isAfter && isBefore",
      "isAfter && isBefore",
    ],
    "a holiday is that of the workday, whatever the date": [
      "isMeant(policy, holidayNear(view, day))",
      "isMeant(policy, view.day.holiday)",
    ],
  }),
  ...inFile(`${ROOT}/premiums/time.ts`, PREMIUMS, {
    "just the least time in a window is too little": [
      "if (total < policy.atLeast)",
      "if (total <= policy.atLeast)",
    ],
    "just the share of a shift is over it": [
      "total <= policy.overShare * totalOf(all)",
      "total < policy.overShare * totalOf(all)",
    ],
    "the week's condition forgets the days before": ["weekly - before", "weekly"],
    "changing times are not compared around midnight": [
      "Math.min(difference, A_DAY - difference) >= apart",
      "difference >= apart",
    ],
    "a lunch is paid a premium": ['kind === "work" || (counts', 'kind !== "deduction" || (counts'],
  }),
  ...inFile(`${ROOT}/premiums/exclusive-groups.ts`, PREMIUMS, {
    "two policies of a group pay the same second": [
      "taken === undefined ? pieces : outside(pieces, taken)",
      "pieces",
    ],
    "a group forgets who took first": [
      "merged([...(this.#seconds.get(group) ?? []), ...pieces])",
      "merged([...pieces])",
    ],
  }),
  ...inFile(`${ROOT}/premiums/premiums.ts`, PREMIUMS, {
    "in a group the lowest factor pays": [
      "(b.factor ?? -1) - (a.factor ?? -1)",
      "(a.factor ?? -1) - (b.factor ?? -1)",
    ],
    "one time more than allowed is paid": ["paid.length >= times", "paid.length > times"],
    "an amount for a shift is paid on each of its days": [
      "of.shift.isEnd ? earnedBy(",
      "of.shift !== null ? earnedBy(",
    ],
  }),
  ...inFile(`${ROOT}/premiums/limits.ts`, PREMIUMS, {
    "the week's limit forgets what was paid": [
      "(limits.secondsAWeek ?? Number.POSITIVE_INFINITY) - paid",
      "limits.secondsAWeek ?? Number.POSITIVE_INFINITY",
    ],
    "the week's times are those of the day": [
      "(limits.timesAWeek ?? Number.POSITIVE_INFINITY) - count",
      "limits.timesAWeek ?? Number.POSITIVE_INFINITY",
    ],
  }),
  ...inFile(`${ROOT}/premiums/callback.ts`, PREMIUMS, {
    "away for just the least time is not away": ["away >= policy.away &&", "away > policy.away &&"],
    "work that touches the end of a plan is planned": [
      "endAt > visit.fromAt",
      "endAt >= visit.fromAt",
    ],
    "a visit that goes on is topped up": [
      "if (!isFinished(of.shift) && of.tiles.at(-1)?.toAt === visit.toAt) return [];",
      "",
    ],
  }),
  ...inFile(`${ROOT}/premiums/short-days.ts`, PREMIUMS, {
    "a shift that goes on is topped up": [
      "if (!isTurn || !of.shift.isEnd || !isFinished(of.shift)) return [];",
      "if (!isTurn || !of.shift.isEnd) return [];",
    ],
    "an interruption of just the gap is one": ["gap > policy.gap ?", "gap >= policy.gap ?"],
    "a day spread over just the bound is spread": [
      "spread > policy.spread",
      "spread >= policy.spread",
    ],
    "a top-up pays the whole minimum": ["seconds: due - worked,", "seconds: due,"],
  }),
  ...inFile(`${ROOT}/premiums/penalties.ts`, PREMIUMS, {
    "a missed break costs a meal penalty": [
      "kind === rest && wanted.includes(what)",
      "wanted.includes(what)",
    ],
  }),
  ...inFile(`${ROOT}/premiums/view.ts`, PREMIUMS, {
    "weeks of premiums begin on a Monday": [
      "weekStart(day.day, day.rules.premiums.weekStartsOn)",
      'weekStart(day.day, "mon")',
    ],
    "who is at work has finished": [
      'phase === "out" || assumedOut !== null',
      'phase !== "lunch" || assumedOut !== null',
    ],
    "a shift that was cut is its part of the day": [
      "if (shift.isStart && shift.isEnd) return tiles;",
      "return tiles;",
    ],
  }),
  ...inFile(`${ROOT}/premiums/reach.ts`, PREMIUMS, {
    "a weekly condition reaches no day back": [
      "policy.onlyAfter.weekly === null ? 0 : WEEK_REACH",
      "policy.onlyAfter.weekly === null ? 0 : 0",
    ],
    "a weekly limit reaches no day back": [
      "policies.some(isWeekly) ? WEEK_REACH : 0",
      "policies.some(isWeekly) ? 0 : 0",
    ],
  }),
];
