import { inFile, type Mutant } from "./mutant.ts";

// From facts to days: civil time, schedule, punches, rounding, and how they are put together.

const ROOT = "shared/worktime";
const PUNCHES = [`${ROOT}/punches/`];
const SCHEDULE = [`${ROOT}/schedule/`];
const ROUNDING = [`${ROOT}/rounding/`];
const OVERTIME = [`${ROOT}/overtime/`];
const EXAMPLES = [`${ROOT}/engine.test.ts`, `${ROOT}/days.test.ts`];
const ENGINE = [...EXAMPLES, `${ROOT}/engine.property.test.ts`];

export const PUNCHED: readonly Mutant[] = [
  ...inFile(`${ROOT}/civil-time.ts`, [...EXAMPLES, ...SCHEDULE, ...ROUNDING], {
    "a time that comes twice is the second of the two": [
      "if (offsetAt(early, zone) === wall - early) return early;",
      "",
    ],
    "a time that is skipped is as much earlier as the clock jumps": [
      "return wall - before;",
      "return wall - after;",
    ],
    "a day begins at midnight whatever its start": [
      "at + offsetAt(at, zone) - dayStart * SECOND",
      "at + offsetAt(at, zone)",
    ],
    "the offset of a day holds for all of it, clock change or not": [
      "return at < offsets.changeAt ? offsets.before : offsets.after;",
      "return offsets.before;",
    ],
    "a clock change is seen a second late": ["changeAt: to };", "changeAt: to + SECOND };"],
  }),
  ...inFile(`${ROOT}/civil-time.ts`, OVERTIME, {
    "every week begins on a Monday": [" - WEEKDAYS.indexOf(startsOn) + 7) % 7", " + 7) % 7"],
    "1970 began on a Friday": ["(day + 3) % 7", "(day + 4) % 7"],
  }),
  ...inFile(`${ROOT}/facts.ts`, ENGINE, {
    "of two copies of a fact the one that came first holds": [
      "known === undefined || compare(fact, known) < 0",
      "known === undefined",
    ],
    "facts of one instant stand in the order they came": [
      `||
    text(factIdOf(a), factIdOf(b)) ||
    text(storyOf(a), storyOf(b))`,
      "",
    ],
    "the first word on an absence holds": [
      "const last = new Map(absences.map(",
      "const last = new Map(absences.toReversed().map(",
    ],
  }),
  ...inFile(`${ROOT}/days.ts`, ENGINE, {
    "a shift that is split is cut at midnight, whatever the day's start": [
      "instantOf(day + 1, dayStart, zone)",
      "instantOf(day + 1, 0, zone)",
    ],
    "a tie between two days always goes to the other one": [
      "each[1] > best[1]",
      "each[1] >= best[1]",
    ],
    "lunch counts where the day with most work is sought": [
      'if (tile.kind === "work") worked.set',
      "worked.set",
    ],
    "rounding counts a second for two shifts": ["startingFrom(all, freeFrom)", "all"],
    "a site that never told anything is not waited for": [
      "if (watermark === undefined) return null;",
      "if (watermark === undefined) continue;",
    ],
    "one site's watermark speaks for the others": [
      "lowest = Math.min(lowest, watermark);",
      "return watermark;",
    ],
    "a planned shift counts on the date of its first punch": [
      "shift.plan?.day ?? dayOf(shift.startAt",
      "dayOf(shift.startAt",
    ],
    "both days of a split shift have its lunches": [
      "meals: isStart ? shift.meals : [],",
      "meals: shift.meals,",
    ],
  }),
  ...inFile(`${ROOT}/sheet.ts`, ENGINE, {
    "shifts of the days around are not looked for": ["SHIFT_REACH = 5", "SHIFT_REACH = 0"],
    "a fault in one shift takes the other days with it": [
      "return [{ part: uncounted(shift)",
      "throw error;\n    return [{ part: uncounted(shift)",
    ],
    "the last day of an absence is no part of it": [
      "fromOn <= on && on <= toOn",
      "fromOn <= on && on < toOn",
    ],
    "an open shift that nobody took is due": [
      'plan.kind !== "open" || worked.has(plan.planId)',
      "plan.planId !== null || worked.size > 0",
    ],
    "an approval holds for the same policy on every day": [
      "facts.approvals.filter((approval) => approval.on === on)",
      "facts.approvals",
    ],
  }),
  ...inFile(`${ROOT}/touched.ts`, ENGINE, {
    "days before and days after are mixed up": [
      "from - ahead, to + back",
      "from - back, to + ahead",
    ],
    "a shift after which another one began is still the same": [
      "if (a.isLast !== b.isLast || a.isOverrun !== b.isOverrun || a.nextAt !== b.nextAt) return false;",
      "",
    ],
    "a shift that belongs to another plan is still the same": [
      "if (!isSameValue(a.plan, b.plan)) return false;",
      "",
    ],
    "no watermark touches anything": ["if (moved.length === 0) return [];", "return [];"],
    "the first watermark of a site touches nothing": ["return [EVERYTHING];", "return [];"],
    "a roster touches its own date only": [
      "({ from: from - reach, to: to + reach })",
      "({ from, to })",
    ],
    "what was decided after a verification touches nothing": [
      "changedDates(old.facts, now.facts)",
      "changedDates(now.facts, now.facts)",
    ],
    "a wrong correction touches no day": ["...changedProblems(old, now),", ""],
    "a planned day on which nobody came is not looked at": [
      "addPlanned(ledger, { from, to }, days);",
      "",
    ],
  }),
  ...inFile(`${ROOT}/engine.ts`, ENGINE, {
    "a change of rules adds nothing to the reach": [
      "{ back: back * (links + 1), ahead: ahead * (links + 1) }",
      "{ back, ahead }",
    ],
    "stages reach as far as the farthest, not one after the other": [
      "back += reach.back;",
      "back = Math.max(back, reach.back);",
    ],
    "a day on which nothing is left is kept": [
      "for (const gone of was.values()) result.push(emptyWorkday(gone.workdayOn, gone.zone));",
      "",
    ],
    "a sheet has only the days that are asked for": [
      "first - reach.back, last + reach.ahead",
      "first, last",
    ],
  }),
  ...inFile(`${ROOT}/assemble.ts`, EXAMPLES, {
    "breaks are no pause": [
      'tile.kind === "lunch" || tile.kind === "break"',
      'tile.kind === "lunch"',
    ],
    "paid time is what claims say plus what was worked": [
      "sum + claim.seconds, 0)",
      "sum + claim.seconds, workedSeconds(tiles))",
    ],
    "punches beyond the most of a day vanish without a word": [
      "...unread(day.unread ?? [], day.rules),",
      "",
    ],
  }),
  ...inFile(`${ROOT}/rules.ts`, [`${ROOT}/rules.test.ts`, ...EXAMPLES], {
    "rules are in force from the day after they begin": [
      "version.from <= day",
      "version.from < day",
    ],
  }),
  ...inFile(`${ROOT}/schedule/match.ts`, SCHEDULE, {
    "half of the work is not enough for a plan": [
      "2 * overlap >= endAt - startAt",
      "2 * overlap > endAt - startAt",
    ],
    "the last instant of a window is outside": [
      "startAt > plan.acceptTo)",
      "startAt >= plan.acceptTo)",
    ],
    "an offer comes before what binds": [
      'return plan.kind === "open" ? 1 : 0;',
      'return plan.kind === "open" ? 0 : 1;',
    ],
  }),
  ...inFile(`${ROOT}/schedule/plan.ts`, SCHEDULE, {
    "no plan accepts a punch at the end of its window": ["at <= acceptTo", "at < acceptTo"],
    "a roster does not take the day's holiday off the rota": [
      "rosters?.has(day) === true ? NONE : on(day).byRota(day).freed",
      "on(day).byRota(day).freed",
    ],
    "a roster reaches half as far": [
      "2 * lookAround(rules, true)",
      "Math.floor(lookAround(rules, true) / 2)",
    ],
    "a roster adds to the rota": [
      "rostered(day)?.plans ?? on(day).byRota(day).worked",
      "[...(rostered(day)?.plans ?? []), ...on(day).byRota(day).worked]",
    ],
  }),
  ...inFile(`${ROOT}/schedule/planned-shift.ts`, SCHEDULE, {
    "a shift over a clock change ends by the length on the wall": [
      "const endAt = instantOf(firstDay, end, zone);",
      "const endAt = startAt + (end - start) * SECOND;",
    ],
    "what is due over a clock change is the length on the wall": [
      "(span.endAt - span.startAt) / SECOND",
      "span.end - span.start",
    ],
    "a shift on a date that the zone skipped is planned": [
      "endAt <= startAt || isSkippedDay(startAt, { day: firstDay, seconds: start, zone })",
      "endAt <= startAt",
    ],
    "a paid break is no working time due": ["if (!pause.isPaid) most -=", "most -="],
    "a break that ends with the shift is left out": [
      "from + pause.length > end",
      "from + pause.length >= end",
    ],
  }),
  ...inFile(`${ROOT}/schedule/rota.ts`, SCHEDULE, {
    "the last day of a rota is no part of it": [
      "day > dayOfDate(rota.until)",
      "day >= dayOfDate(rota.until)",
    ],
    "before its anchor a cycle runs backwards": [
      "index < 0 ? index + length : index",
      "Math.abs(index)",
    ],
    "weeks of a rota begin on a Monday": [
      "weeksBetween(dayOfDate(anchor), day, rota.weekStart)",
      'weeksBetween(dayOfDate(anchor), day, "mon")',
    ],
    "every fourth year is a leap year": ["(year % 100 !== 0 || year % 400 === 0)", "year > 0"],
  }),
  ...inFile(`${ROOT}/schedule/holidays.ts`, SCHEDULE, {
    "a holiday moves onto another one": [
      "(at) => isWeekend(at) || taken.has(at)",
      "(at) => isWeekend(at)",
    ],
    "new year never moves into the old year": [" ?? inYear(year + 1).get(day)", ""],
    "the last weekday of a month is the one before": [
      "days.at(nth > 0 ? nth - 1 : nth)",
      "days.at(nth - 1)",
    ],
  }),
  ...inFile(`${ROOT}/schedule/roster.ts`, SCHEDULE, {
    "the roster decided first holds": [
      "? a.decidedAt > b.decidedAt",
      "? a.decidedAt < b.decidedAt",
    ],
  }),
  ...inFile(`${ROOT}/schedule/windows.ts`, SCHEDULE, {
    "an instant lies in the windows of two shifts": [
      "cutBetween(plan, after, handOver(plan.day)) - 1",
      "cutBetween(plan, after, handOver(plan.day))",
    ],
    "the rota stands against the roster": [
      "return other.isRostered === true;",
      "return plan.isRostered === true;",
    ],
    "the windows of shifts that overlap are cut where the rule says": [
      "if (earlier.endAt > later.startAt) return middle;",
      "",
    ],
  }),
  ...inFile(`${ROOT}/schedule/compiled.ts`, SCHEDULE, {
    "the rota says whether a shift is worked on a holiday, not the template": [
      "template.onHoliday ?? rota.onHoliday ??",
      "rota.onHoliday ?? template.onHoliday ??",
    ],
    "windows do not count where plans may touch": [
      "from: from - (own.startBefore ?? all.startBefore),\n    to: to + (own.stopAfter ?? all.stopAfter),",
      "from,\n    to,",
    ],
  }),
  ...inFile(`${ROOT}/punches/shifts.ts`, PUNCHES, {
    "a pause of just the gap begins a new shift": [
      "return sinceMs > newShiftGap * SECOND;",
      "return sinceMs >= newShiftGap * SECOND;",
    ],
    "a shift may not last as long as it may": [
      "punch.at - open.startAt > maxShift * SECOND",
      "punch.at - open.startAt >= maxShift * SECOND",
    ],
    "an out after a long stretch begins a new shift": [
      'direction !== "out" && sinceMs >',
      "sinceMs >",
    ],
    "a shift has the rules of the person's first day": [
      "rules: rulesAt(punch.at, { zone, rules: guess }, rules)",
      "rules: first",
    ],
    "the start of a lunch from which nobody came back stays one": [
      "if (!isOver || restGuess !== open.last) {",
      "if (isOver || restGuess !== open.last) {",
    ],
  }),
  ...inFile(`${ROOT}/punches/corrections.ts`, PUNCHES, {
    "of several corrected times the first holds": [
      "at = change.at ?? at;",
      "at = at === punch.at ? (change.at ?? at) : at;",
    ],
    "a punch that was void once is void for ever": [
      'changes.at(-1)?.change.do === "void"',
      'changes.some(({ change }) => change.do === "void")',
    ],
    "a time at the very moment of the decision is impossible": [
      "at === undefined || at <= decidedAt",
      "at === undefined || at < decidedAt",
    ],
    "of two punches added for one instant both count": [
      "byInstant.set(at, correction);",
      "byInstant.set(at + byInstant.size / 1e6, correction);",
    ],
  }),
  ...inFile(`${ROOT}/punches/withdrawals.ts`, PUNCHES, {
    "a withdrawal that was taken back still takes back": [
      '"withdraw" || withdrawn.has(place)) continue;',
      '"withdraw") continue;',
    ],
    "a correction may be taken back before it was decided": [
      "if (isEarlier) return null;",
      "return null;",
    ],
  }),
  ...inFile(`${ROOT}/punches/crossings.ts`, PUNCHES, {
    "a punch that moves past another one is no problem": [
      "(punch.at - other.at) < 0",
      "(punch.at - other.at) > 0",
    ],
  }),
  ...inFile(`${ROOT}/punches/rests.ts`, PUNCHES, {
    "the longest absence that may be a break is none": [
      "absenceMs <= rule.max * SECOND",
      "absenceMs < rule.max * SECOND",
    ],
    "the shortest absence that may be a lunch is none": [
      "absenceMs >= rule.min * SECOND",
      "absenceMs > rule.min * SECOND",
    ],
  }),
  ...inFile(`${ROOT}/punches/open-shift.ts`, PUNCHES, {
    "a punch just after the repeat window is a repeat": [
      "at - read.punch.at < repeatWindow * SECOND",
      "at - read.punch.at <= repeatWindow * SECOND",
    ],
    "an out soon after an in is a repeat": [
      'return direction === null || (direction === "in") === isArrival(before.meaning);',
      "return true;",
    ],
    "a corrected punch may be a repeat": ["if (punch.forced !== undefined) return false;", ""],
    "a lone out is an out even when a second punch comes": [
      "if (this.#isLoneOut) this.#reconsiderFirst(punch);",
      "",
    ],
  }),
  ...inFile(`${ROOT}/punches/assumed-out.ts`, PUNCHES, {
    "a check-out is assumed while punches may be on their way": [
      "due.at > latest || watermarkMs < due.at + rule.tolerance * SECOND",
      "due.at > latest",
    ],
    "a check-out is assumed after the next punch": [
      "shift.nextAt ?? Number.POSITIVE_INFINITY,",
      "Number.POSITIVE_INFINITY,",
    ],
    "a check-out is assumed for who is at lunch": [
      'watermarkMs === null || shift.phase !== "in"',
      'watermarkMs === null || shift.phase === "out"',
    ],
  }),
  ...inFile(`${ROOT}/punches/tiles.ts`, PUNCHES, {
    "the time up to a second way in is worked": [
      'isArrival(from.meaning) && (!isArrival(to.meaning) || to.meaning === "transfer")',
      "isArrival(from.meaning)",
    ],
    "a transfer clears what it does not name": ["{ ...labels, ...punch.labels }", "punch.labels"],
  }),
  ...inFile(`${ROOT}/punches/planned-events.ts`, PUNCHES, {
    "a punch in the middle of the plan is a way in": [
      "punch.at < (plan.startAt + plan.endAt) / 2",
      "punch.at <= (plan.startAt + plan.endAt) / 2",
    ],
    "a planned event may be taken twice": ["index <= taken || ", ""],
  }),
  ...inFile(`${ROOT}/punches/read-punch.ts`, PUNCHES, {
    "a key that does not fit is believed": [
      "if (isTrusted || reading.problem === null)",
      "if (isTrusted || reading !== null)",
    ],
    "the end of the hours of a lunch is outside of them": [
      "afterMs <= rule.to * SECOND",
      "afterMs < rule.to * SECOND",
    ],
    "the hours of a break end at midnight": [
      ": clock >= rule.from || clock <= rule.to;",
      ": clock >= rule.from;",
    ],
  }),
  ...inFile(`${ROOT}/punches/meaning.ts`, PUNCHES, {
    "an in without an out is nothing to look at": [
      'return missing("missing-out", "in again without an out", { meaning: "in", reason });',
      'return plain("in", reason);',
    ],
  }),
  ...inFile(`${ROOT}/punches/next-punch.ts`, [...PUNCHES, ...ENGINE], {
    "a greeting knows punches that are yet to be made": [".filter((punch) => punch.at <= at)", ""],
    "a greeting does not know who was corrected": [
      "resolvePunches(facts).punches",
      "facts.punches",
    ],
  }),
  ...inFile(`${ROOT}/rounding/grid.ts`, ROUNDING, {
    "grace of rounding down ends a second early": ["left <= grace ? upper", "left < grace ? upper"],
    "grace of rounding up ends a second early": ["past <= grace ? lower", "past < grace ? lower"],
    "nearest goes up from the middle": [
      "left < past ? upper : lower",
      "left <= past ? upper : lower",
    ],
    "half up goes down from the middle": [
      "past < left ? lower : upper",
      "past <= left ? lower : upper",
    ],
  }),
  ...inFile(`${ROOT}/rounding/punch-rounding.ts`, ROUNDING, {
    "the grid of an hour with a clock change is that of its start": [
      "wallCell(at, step, zone)",
      "cellOf(at, step, -offsetAt(at, zone))",
    ],
    "a shift of just the length is longer than it": [
      "seen.shiftMs <= longerThan * SECOND",
      "seen.shiftMs < longerThan * SECOND",
    ],
    "strict rounding lets time before the plan count": [
      "isArrival(read.meaning) && at < plan.startAt",
      "isArrival(read.meaning) && at < 0",
    ],
    "tolerance ends a second early": [
      "Math.abs(at - due) <= rule.tolerance * SECOND",
      "Math.abs(at - due) < rule.tolerance * SECOND",
    ],
    "hours over midnight end at midnight": ["[day - 1, day].some(", "[day].some("],
    "a punch on time is late": [
      'rule.when === "late" && at <= due',
      'rule.when === "late" && at < due',
    ],
  }),
  ...inFile(`${ROOT}/rounding/rounding.ts`, ROUNDING, {
    "rounding turns two punches around": [
      "settleOthers(inOrder(rounded, shift), shift)",
      "settleOthers(rounded, shift)",
    ],
    "repeats stay where rounding put others": [
      "settleOthers(inOrder(rounded, shift), shift)",
      "inOrder(rounded, shift)",
    ],
  }),
  ...inFile(`${ROOT}/rounding/due.ts`, ROUNDING, {
    "a flexible shift has a start to round to": [
      'plan.kind === "flexible" ? null : plan[which]',
      "plan[which]",
    ],
  }),
  ...inFile(`${ROOT}/rounding/totals.ts`, ROUNDING, {
    "a total of just the bound is above it": ["seconds <= above", "seconds < above"],
    "shifts keep the tiles from before rounding": [
      "return { ...day, tiles, shifts };",
      "return { ...day, tiles };",
    ],
    "what rounding adds is the whole total": [
      "roundedUp: { seconds: wanted - seconds,",
      "roundedUp: { seconds: wanted,",
    ],
    "lunch that was paid already is rounded again": [
      "!isPaid && (kind === total ||",
      "(kind === total ||",
    ],
  }),
  ...inFile(`${ROOT}/rounding/tile-cuts.ts`, ROUNDING, {
    "what is cut off a tile is counted twice": [
      "return [{ ...tile, toAt: at }, into({ ...tile, fromAt: at })];",
      "return [tile, into({ ...tile, fromAt: at })];",
    ],
  }),
  ...inFile(`${ROOT}/rounding/fairness.ts`, ROUNDING, {
    "a longer lunch is in the employee's favour": ['total === "day" ? more : -more', "more"],
    "an out counted earlier is in the employee's favour": [
      "return isDeparture(meaning) ? 1 : 0;",
      "return isDeparture(meaning) ? -1 : 0;",
    ],
  }),
];
