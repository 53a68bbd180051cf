import { inFile, type Mutant } from "./mutant.ts";

// What a person must look at, when a day is complete, and who has which rules.

const ROOT = "shared/worktime";
const EXCEPTIONS = [`${ROOT}/exceptions/`];
const RULE_BOOK = [`${ROOT}/rule-book.test.ts`, `${ROOT}/rule-book.property.test.ts`];

export const JUDGEMENT: readonly Mutant[] = [
  ...inFile(`${ROOT}/exceptions/completeness.ts`, EXCEPTIONS, {
    "the watermark of the last site holds for all": [
      "passed = Math.min(passed, completeTo);",
      "passed = completeTo;",
    ],
    "a site that never told anything holds nothing back": [
      "if (completeTo === undefined) return null;",
      "if (completeTo === undefined) continue;",
    ],
    "a day is complete while a punch may still work its plan": [
      "for (const plan of day.plans) at = Math.max(at, plan.acceptTo + 1);",
      "",
    ],
    "a day is complete while its shift may go on": [
      "for (const shift of day.shifts) at = Math.max(at, lastChanceOf(shift) + 1);",
      "",
    ],
    "a day does not wait for the slack of its sites": [
      " + exceptions.completeness.slack * SECOND",
      "",
    ],
    "a day with an assumed check-out is complete": [
      "passed >= settlesAt(day) && !isAssumed",
      "passed >= settlesAt(day)",
    ],
    "a day is complete a millisecond before it is over": [
      "passed >= settlesAt(day);\n}",
      "passed >= settlesAt(day) - 1;\n}",
    ],
    "a shift of the day before cannot come to count": [
      'if (shifts.countsOn !== "start") {',
      'if (shifts.countsOn === "split") {',
    ],
    "a day ends at midnight whatever its start": [
      "let at = instantOf(day.day + 1, shifts.dayStart, day.zone);",
      "let at = instantOf(day.day + 1, 0, day.zone);",
    ],
    "places where somebody punched are not waited for": [
      "for (const shift of day.shifts) for (const read of shift.reads) needed.add(read.punch.site);",
      "",
    ],
  }),
  ...inFile(`${ROOT}/exceptions/schedule.ts`, EXCEPTIONS, {
    "who has not come yet is absent": ["if (isSettled(look)) {", "if (look.passed !== null) {"],
    "who is on leave is absent": [" && !isExcused(look, plan)", ""],
    "who left at night was early even if the shift goes on": [
      "if (isRunning(look)) return;\n  const missing",
      "const missing",
    ],
    "leave is missing time": [
      "const missing = due - paid - leaveSeconds(look);",
      "const missing = due - paid;",
    ],
    "a flexible shift has a time to come": [
      'if (plan.kind === "flexible" || late <= leaveSeconds(look)) return;',
      "",
    ],
  }),
  ...inFile(`${ROOT}/exceptions/look.ts`, EXCEPTIONS, {
    "just the tolerance is too much": [
      "seconds - grace > tolerance",
      "seconds - grace >= tolerance",
    ],
    "grace is reported": ["> tolerance ? seconds - grace : null", "> tolerance ? seconds : null"],
    "the end of the watch window is outside": [
      "window !== null && seconds > window",
      "window !== null && seconds >= window",
    ],
    "what was seen may change for ever": ["look.passed <= until", "look.passed < Number.MAX_VALUE"],
    "what was seen is final a millisecond early": ["look.passed <= until", "look.passed < until"],
    "a day that is just over is not settled": [
      "look.passed !== null && look.passed >= look.settles",
      "look.passed !== null && look.passed > look.settles",
    ],
    "a kind that is off is told": ["if (!isRaised) return;", ""],
  }),
  ...inFile(`${ROOT}/exceptions/missing.ts`, EXCEPTIONS, {
    "who is in is missing an out for good": [
      "mayChange(look, closesBy(shift), shift.isLast)",
      "mayChange(look, closesBy(shift), false)",
    ],
    "a shift that was cut misses its out on both days": [
      'if (shift.phase === "out" || !shift.isEnd) return;',
      'if (shift.phase === "out") return;',
    ],
    "nobody hears of an assumed check-out": [
      "if (shift.assumedOut !== null)",
      "if (shift.assumedOut === undefined)",
    ],
  }),
  ...inFile(`${ROOT}/exceptions/rest.ts`, EXCEPTIONS, {
    "just as many days in a row as may be are too many": [
      "each >= day - most; each -= 1",
      "each > day - most; each -= 1",
    ],
    "rest after the last day worked is none": [
      "Math.max(longest, toAt - freeFrom)",
      "Math.max(longest, 0)",
    ],
    "a lunch must be broken by a sign of life": [
      "if (isIn && last !== undefined)",
      "if (last !== undefined)",
    ],
    "rest is held against the day it follows only": [
      "each = day - back; each < day",
      "each = day; each < day",
    ],
  }),
  ...inFile(`${ROOT}/exceptions/limits.ts`, EXCEPTIONS, {
    "days of leave lower the average week": ["(7 * weeks - onLeave)", "(7 * weeks)"],
    "the night ends on the day it begins": ["night.to <= night.from ? day + 1 : day", "day"],
    "an average week is told every day": [
      "isLastOf(look, first + 6, hasWork)",
      "isLastOf(look, first, hasWork)",
    ],
    "just enough night work is none": [">= rules.least", "> rules.least"],
  }),
  ...inFile(`${ROOT}/exceptions/decisions.ts`, EXCEPTIONS, {
    "what was decided with a verification lapses it": [
      "change.decidedAt > verification.decidedAt",
      "change.decidedAt >= verification.decidedAt",
    ],
    "the first verification holds": ["verifications.findLast(", "verifications.find("],
    "a verification lapses by decisions on any day": [
      "verification.decidedAt && touches(change, day)",
      "verification.decidedAt",
    ],
    "a verification is missed before it is due": [
      "look.passed < endAt + dueAfter * 1000",
      "look.passed < endAt",
    ],
  }),
  ...inFile(`${ROOT}/exceptions/changes.ts`, EXCEPTIONS, {
    "an absence that was moved concerns its new dates only": [
      "before === undefined ? [now] : [before, now]",
      "[now]",
    ],
    "a correction that was taken back concerns no day": [
      "return instants.get(change.correctionId) ?? [];",
      "return [];",
    ],
  }),
  ...inFile(`${ROOT}/exceptions/booking.ts`, EXCEPTIONS, {
    "a job is complete on its last day": ["look.day.day <= lastOn", "look.day.day < lastOn"],
    "what is booked on nothing is on another job": [
      "labels[label] !== undefined && labels[label] !== planned",
      "labels[label] !== planned",
    ],
  }),
  ...inFile(`${ROOT}/exceptions/meals.ts`, EXCEPTIONS, {
    "a lunch begun late may still be on time": [
      'new Set(["missed", "short", "too-few"])',
      'new Set(["missed", "short", "too-few", "late"])',
    ],
  }),
  ...inFile(`${ROOT}/exceptions/sites.ts`, EXCEPTIONS, {
    "a site is offline before the day is over": ["if (newest < look.settles) return;", ""],
  }),
  ...inFile(`${ROOT}/exceptions/exceptions.ts`, EXCEPTIONS, {
    "a week of limits reaches too few days back": [
      "back: WEEK * count - 1",
      "back: WEEK * (count - 1)",
    ],
    "a verification reaches no day ahead": [
      "ahead: days + Math.ceil(verification.dueAfter / 86_400) + 1",
      "ahead: 0",
    ],
  }),
  ...inFile(`${ROOT}/rule-book.ts`, RULE_BOOK, {
    "two assignments of a group may meet on a date": [
      "(earlier.until ?? FOR_GOOD) < later.from",
      "(earlier.until ?? FOR_GOOD) <= later.from",
    ],
    "a name that nobody has is used": ["...faultsOfNames(book),", ""],
  }),
  ...inFile(`${ROOT}/rule-book/assignments.ts`, RULE_BOOK, {
    "the last date of an assignment is no part of it": ["day <= until)", "day < until)"],
    "rules change on the last date of an assignment": ["days.add(until + 1)", "days.add(until)"],
    "a site is stronger than a group of people": [
      "...together(index.sites, who.sites),\n    ...together(index.groups, who.groups),",
      "...together(index.groups, who.groups),\n    ...together(index.sites, who.sites),",
    ],
    "a person's own rules are the weakest": [
      "return [\n    ...index.everyone,",
      "return [\n    ...(index.people.get(who.personId) ?? []),\n    ...index.everyone,",
    ],
    "who is in two groups has them in the order asked for": [
      ".toSorted((a, b) => a.index - b.index)",
      "",
    ],
  }),
  ...inFile(`${ROOT}/rule-book/groups.ts`, RULE_BOOK, {
    "a group that was laid as a base is not laid again": [
      "if (seen.has(name)) order.push(name);",
      "",
    ],
    "a second group undoes what was laid over its base": [
      "if (seen.has(name)) return;\n    seen.add(name);",
      "seen.add(name);",
    ],
  }),
  ...inFile(`${ROOT}/rule-book/patch.ts`, RULE_BOOK, {
    "what one group took out the next brings back": [
      "new Set([...(remove.get(path) ?? []), ...names])",
      "names",
    ],
    "a policy of the same name is there twice": [
      "filter((_, index) => !used.has(index))",
      "filter(() => true)",
    ],
    "a group's own policies are taken out with the inherited ones": [
      `for (const [path, names] of patch.remove) left = without(left, path.split("."), names);
  const merged = merge(COMPOSITION, left, patch.input);`,
      `let merged = merge(COMPOSITION, left, patch.input);
  for (const [path, names] of patch.remove) merged = without(merged, path.split("."), names);`,
    ],
  }),
  ...inFile(`${ROOT}/rule-book/resolve.ts`, RULE_BOOK, {
    "one assignment that clashes takes the rest with it": ["kept.push(placed);", ""],
    "nobody hears of what was left out": ["return { ...best, problem };", "return best;"],
    "rules change where nothing does": [
      "if (!isSame(version, before)) more.push(version);",
      "more.push(version);",
    ],
  }),
  ...inFile(`${ROOT}/rule-book/combinations.ts`, RULE_BOOK, {
    "who is in two groups is not thought of": [
      "for (const other of names.slice(index + 1)) yield together(holding, [one, other]);",
      "",
    ],
    "only what holds on the first date is held against each other": [
      "const starts = [Number.NEGATIVE_INFINITY, ...changeDays(shared)];",
      "const starts = [Number.NEGATIVE_INFINITY];",
    ],
  }),
  ...inFile(`${ROOT}/rule-parts.ts`, [`${ROOT}/overtime/`, `${ROOT}/premiums/`], {
    "what is booked on nothing is everywhere": [
      "value !== undefined && wanted.includes(value)",
      "value === undefined || wanted.includes(value)",
    ],
  }),
];
