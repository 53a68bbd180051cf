import type { LeavePolicy } from "./config.ts";
import { earnedBy, type YearOf } from "./earning.ts";
import { addDays, addMonths, earlier, later, nextYear, yearStartOf } from "./leave-year.ts";
import { balanceOn, type Entry, spellMinutes, sum, sumBefore } from "./ledger.ts";

/** What of a person decides what they earn. */
export interface Terms {
  readonly employeeId: string;
  /** Policies of the account since it was opened; others earn from the day on which they are first seen. */
  readonly openedWith: readonly string[];
  /** The account's first day. */
  readonly openedOn: string;
  /** First day of the employment; service counts from here. */
  readonly startOn: string;
  readonly lastDayOn: string | null;
  /** The policies that hold for them now. */
  readonly policies: ReadonlyMap<string, LeavePolicy>;
}

/**
 * What time itself has added to or taken from the accounts up to a date and does not stand there yet: accrual, the turn of
 * the leave year, and the end of the employment. It depends on the entries and the date only, and each line has an id of
 * its own, so it may be asked at any time, as often as one likes, with months missed or the clock set back, and the ledger
 * ends up the same. What is booked late for a leave year that has turned corrects what that turn took.
 */
export function due(entries: readonly Entry[], terms: Terms, onDate: string): Entry[] {
  return [...terms.policies]
    .filter(([, { hasAccount }]) => hasAccount)
    .flatMap(([name, policy]) => {
      const own = entries.filter((entry) => entry.policy === name);
      return dueOf(createBook(name, own), { policy, terms, onDate });
    });
}

interface Asked {
  readonly policy: LeavePolicy;
  readonly terms: Terms;
  readonly onDate: string;
}

/** The lines of one account, and those that are added. */
interface Book {
  readonly name: string;
  entries(): readonly Entry[];
  has(entryId: string): boolean;
  post(entry: Omit<Entry, "policy" | "leaveId">): void;
  readonly added: Entry[];
}

function createBook(name: string, own: readonly Entry[]): Book {
  const all = [...own];
  const ids = new Set(own.map(({ entryId }) => entryId));
  const added: Entry[] = [];
  return {
    name,
    added,
    entries: () => all,
    has: (entryId) => ids.has(entryId),
    post(line) {
      const entry: Entry = { ...line, policy: name, leaveId: null };
      ids.add(entry.entryId);
      all.push(entry);
      added.push(entry);
    },
  };
}

interface Step {
  readonly on: string;
  run(): void;
}

function dueOf(book: Book, asked: Asked): Entry[] {
  const { terms, onDate } = asked;
  const firstOn = openPolicy(book, asked);
  if (firstOn > onDate) return book.added;
  const lastOn = terms.lastDayOn === null ? onDate : earlier(terms.lastDayOn, onDate);
  const steps: Step[] = [];
  let yearOn = yearStartOf(firstOn, asked.policy.yearStart);
  for (; yearOn <= lastOn; yearOn = nextYear(yearOn)) {
    const turnOn = yearOn;
    if (turnOn > firstOn) steps.push(...turnSteps(book, asked, turnOn));
    steps.push(...accrualSteps(book, asked, { yearOn: turnOn, firstOn }));
  }
  // A stable sort: on one day the turn comes before what the new year earns.
  for (const step of steps.toSorted((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0))) {
    if (step.on <= lastOn) step.run();
  }
  if (terms.lastDayOn !== null && terms.lastDayOn <= onDate) {
    settle(book, asked, { lastDayOn: terms.lastDayOn, firstOn });
  }
  return book.added;
}

/** First day on which the policy earns; a policy that came after the account was opened gets a line that says so. */
function openPolicy(book: Book, { terms, onDate }: Asked): string {
  const startOn = later(terms.openedOn, terms.startOn);
  if (terms.openedWith.includes(book.name)) return startOn;
  const entryId = `opening-${book.name}`;
  const opened = book.entries().find((entry) => entry.entryId === entryId);
  if (opened !== undefined) return later(startOn, opened.on);
  if (onDate < startOn) return startOn;
  book.post({
    entryId,
    kind: "opening",
    minutes: 0,
    on: onDate,
    reason: "The policy holds from here on",
  });
  return onDate;
}

function accrualSteps(book: Book, asked: Asked, year: YearOf): Step[] {
  const { accrual } = asked.policy;
  switch (accrual.kind) {
    case "none":
      return [];
    case "yearly": {
      const on = later(year.yearOn, year.firstOn);
      const share = () => earnedBy(accrual, asked.terms, { ...year, months: 12 });
      return [accrue(book, asked, { on, period: year.yearOn.slice(0, 4), share })];
    }
    case "monthly":
      return Array.from({ length: 12 }, (_, month) => {
        const monthOn = addMonths(year.yearOn, month);
        const endOn = addDays(addMonths(monthOn, 1), -1);
        if (endOn < year.firstOn) return [];
        const on = accrual.at === "end" ? endOn : later(monthOn, year.firstOn);
        const share = () =>
          earnedBy(accrual, asked.terms, { ...year, months: month + 1 }) -
          earnedBy(accrual, asked.terms, { ...year, months: month });
        return [accrue(book, asked, { on, period: monthOn.slice(0, 7), share })];
      }).flat();
  }
}

function accrue(
  book: Book,
  { policy }: Asked,
  {
    on,
    period,
    share,
  }: { readonly on: string; readonly period: string; readonly share: () => number },
): Step {
  return {
    on,
    run() {
      const entryId = `accrual-${book.name}-${period}`;
      if (book.has(entryId)) return;
      const earned = share();
      if (earned === 0) return;
      const room = (policy.capMinutes ?? Number.POSITIVE_INFINITY) - balanceOn(book.entries(), on);
      const minutes = Math.min(earned, Math.max(0, room));
      const capped = minutes < earned ? `; ${spell(policy, earned - minutes)} above the cap` : "";
      const reason = `Earned for ${period}: ${spell(policy, earned)}${capped}`;
      // A line even for nothing: what the cap took is not made up for when the balance has fallen.
      book.post({ entryId, kind: "accrual", minutes, on, reason });
    },
  };
}

/** The turn into the leave year that begins on `turnOn`, and the day on which what it left expires. */
function turnSteps(book: Book, asked: Asked, turnOn: string): Step[] {
  const { policy } = asked;
  const entryId = `carry-over-${book.name}-${turnOn}`;
  const posted = book.entries().find((entry) => entry.entryId === entryId);
  // The rule stands in the line: a change of the configuration leaves turns that are over as they were.
  const rule = posted?.carryOver ?? {
    maxMinutes: policy.carryOver?.maxMinutes ?? null,
    expiresOn: expiryOf(policy, turnOn),
  };
  const over = `expiry-${book.name}-${turnOn}-over`;
  const carried = (): number => {
    const left = sumBefore(book.entries(), turnOn);
    return rule.maxMinutes === null ? left : Math.min(left, rule.maxMinutes);
  };
  const turn = (): void => {
    const left = sumBefore(book.entries(), turnOn);
    if (!book.has(entryId)) {
      const until = rule.expiresOn === null ? "" : `, to be taken before ${rule.expiresOn}`;
      const reason = `Carried over: ${spell(policy, carried())} of ${spell(policy, left)}${until}`;
      book.post({ entryId, kind: "carry-over", minutes: 0, on: turnOn, reason, carryOver: rule });
    }
    correct(book, over, {
      minutes: carried() - left,
      on: turnOn,
      reason: "More than may be carried over",
    });
  };
  const steps: Step[] = [{ on: turnOn, run: turn }];
  const { expiresOn } = rule;
  if (expiresOn === null) return steps;
  const expire = (): void => {
    const within = book.entries().filter(({ on }) => on >= turnOn && on < expiresOn);
    const used = -sum(within.filter(({ kind }) => kind === "taken" || kind === "returned"));
    const minutes = -Math.max(0, carried() - Math.max(0, used));
    const reason = `Carried over and not taken before ${expiresOn}`;
    correct(book, `expiry-${book.name}-${turnOn}-unused`, { minutes, on: expiresOn, reason });
  };
  return [...steps, { on: expiresOn, run: expire }];
}

function expiryOf({ carryOver }: LeavePolicy, turnOn: string): string | null {
  if (carryOver?.expires === undefined) return null;
  if ("afterMonths" in carryOver.expires) return addMonths(turnOn, carryOver.expires.afterMonths);
  const on = `${turnOn.slice(0, 4)}-${carryOver.expires.on}`;
  return on > turnOn ? on : addMonths(on, 12);
}

/** Days on which the same day of leave stops or starts to count for what was carried over: bookings are split there. */
export function boundariesOf(policy: LeavePolicy, fromOn: string, toOn: string): string[] {
  const first = yearStartOf(fromOn, policy.yearStart);
  const found: string[] = [];
  for (let turnOn = first; turnOn <= toOn; turnOn = nextYear(turnOn)) {
    const expiresOn = expiryOf(policy, turnOn);
    found.push(turnOn, ...(expiresOn === null ? [] : [expiresOn]));
  }
  return found.filter((on) => on > fromOn && on <= toOn).toSorted();
}

/** The last day of the employment: what was earned up to it, and the payout of what is left. */
function settle(
  book: Book,
  asked: Asked,
  { lastDayOn, firstOn }: { readonly lastDayOn: string; readonly firstOn: string },
): void {
  const { policy } = asked;
  const { accrual } = policy;
  if (lastDayOn < firstOn) return;
  const yearOn = yearStartOf(lastDayOn, policy.yearStart);
  const finalId = `accrual-${book.name}-final-${lastDayOn}`;
  if (accrual.kind !== "none" && !book.has(finalId)) {
    const target = earnedBy(accrual, asked.terms, { yearOn, firstOn, months: 12 });
    const posted = sum(
      book.entries().filter((each) => each.kind === "accrual" && each.on >= yearOn),
    );
    const reason = `Earned in this leave year up to the last day: ${spell(policy, target)}`;
    const minutes =
      policy.capMinutes === undefined ? target - posted : Math.min(0, target - posted);
    if (minutes !== 0)
      book.post({ entryId: finalId, kind: "accrual", minutes, on: lastDayOn, reason });
  }
  if (!policy.isPaidOut) return;
  // With the person in it: payroll tells payouts apart by nothing else.
  const id = `payout-${asked.terms.employeeId}-${book.name}-${lastDayOn}`;
  const left = sum(book.entries().filter(({ entryId }) => !entryId.startsWith(`${id}-`)));
  const reason = "Left at the end of the employment";
  correct(book, id, {
    kind: "payout",
    minutes: -Math.max(0, left),
    on: lastDayOn,
    reason,
  });
}

/** Posts what is missing to `minutes` under ids that begin with `id`: the first line, or the correction of earlier ones. */
function correct(
  book: Book,
  id: string,
  wanted: { kind?: Entry["kind"]; minutes: number; on: string; reason: string },
): void {
  const { kind = "expiry", minutes, on, reason } = wanted;
  const posted = book.entries().filter(({ entryId }) => entryId.startsWith(`${id}-`));
  const missing = minutes - sum(posted);
  if (missing === 0) return;
  const said = posted.length === 0 ? reason : `${reason}; corrected by what was booked since`;
  book.post({ entryId: `${id}-${posted.length + 1}`, kind, minutes: missing, on, reason: said });
}

const spell = ({ dayMinutes }: LeavePolicy, minutes: number): string =>
  spellMinutes(minutes, dayMinutes);
