import { SECOND, spell } from "../civil-time.ts";
import type { Phase, ReadPunch, ResolvedPunch } from "../ledger.ts";
import type { RuleSet } from "../rules.ts";
import { planFor } from "../schedule/match.ts";
import type { Plans } from "../schedule/plan.ts";
import { directionOf } from "./claims.ts";
import { isArrival, phaseAfter, type Situation } from "./meaning.ts";
import { firstOfSeveral, type Progress } from "./planned-events.ts";
import { type Decision, readPunch } from "./read-punch.ts";

/** A shift while its punches are read, one after the other. */
export class OpenShift {
  readonly startAt: number;
  readonly zone: string;
  readonly rules: RuleSet;
  readonly reads: ReadPunch[] = [];
  phase: Phase = "out";
  /** The last punch that counts. */
  last: ReadPunch;
  /** The punch that was taken for the start of a lunch or break only because of its hour. */
  restGuess: ReadPunch | undefined;
  readonly #plans: Plans;
  /** Where the last punch that counts found the person. */
  #before: Situation = { phase: "out", isFirst: true };
  #progress: Progress | null = null;
  #isLoneOut = false;

  constructor(
    first: ResolvedPunch,
    place: { readonly zone: string; readonly rules: RuleSet },
    plans: Plans,
  ) {
    this.startAt = first.at;
    this.zone = place.zone;
    this.rules = place.rules;
    this.#plans = plans;
    this.last = this.#count(first, this.#read(first, this.#before), this.#before);
  }

  /** Whether the person may be in: a lone punch that a plan took for the way out may have been the way in. */
  get isIn(): boolean {
    return this.phase === "in" || this.#isLoneOut;
  }

  /**
   * Keeps a punch that says again what one before it said, too soon to be a second going or coming. False if it is none.
   */
  takeRepeat(punch: ResolvedPunch): boolean {
    if (punch.forced !== undefined) return false;
    const before = this.#soonBefore(punch);
    if (before === undefined || !this.#isLike(before, punch)) return false;
    const reason = `${spell(punch.at - before.punch.at)} after a like punch`;
    this.reads.push({ punch, meaning: "repeat", reason, problem: null });
    return true;
  }

  /** The last punch that counts, at the same reader if need be, if it is too near. */
  #soonBefore({ at, reader, site }: ResolvedPunch): ReadPunch | undefined {
    const { repeatWindow, repeatReader } = this.rules.punches;
    const isSoon = (read: ReadPunch): boolean => at - read.punch.at < repeatWindow * SECOND;
    if (!isSoon(this.last)) return undefined;
    if (repeatReader === "any") return this.last;
    return this.reads.findLast(
      (read) =>
        read.meaning !== "repeat" &&
        read.punch.reader === reader &&
        read.punch.site === site &&
        isSoon(read),
    );
  }

  #isLike(before: ReadPunch, punch: ResolvedPunch): boolean {
    const { punches } = this.rules;
    if (punch.hint === "transfer" && this.phase === "in") {
      return before.meaning === "transfer" && isSameLabels(before.punch, punch);
    }
    if (punches.pairing === "first-last") return true;
    const direction = directionOf(punch, punches);
    return direction === null || (direction === "in") === isArrival(before.meaning);
  }

  /** Reads a punch that belongs to the shift. */
  take(punch: ResolvedPunch): void {
    if (this.rules.punches.pairing === "first-last") {
      this.#takeBetween(punch);
      return;
    }
    if (this.#isLoneOut) this.#reconsiderFirst(punch);
    const situation = { phase: this.phase, isFirst: false };
    const decision = this.#read(punch, situation);
    const double = this.#doubleOf(decision);
    const policy = double === null ? "both" : this.rules.punches[DOUBLE_RULE[double]];
    if (policy === "first" && punch.forced === undefined) {
      this.reads.push({ punch, ...surplus(double, "first") });
    } else if (policy === "last" && this.last.punch.forced === undefined) {
      this.reads[this.reads.lastIndexOf(this.last)] = {
        punch: this.last.punch,
        ...surplus(double, "last"),
      };
      this.#count(punch, this.#read(punch, this.#before), this.#before);
    } else {
      this.#count(punch, decision, situation);
    }
  }

  /** Where only the first and the last punch count, nobody knows where one in between leaves the person but itself. */
  #takeBetween(punch: ResolvedPunch): void {
    const isOut = directionOf(punch, this.rules.punches) === "out";
    this.last = { punch, meaning: "between", reason: "", problem: null };
    this.reads.push(this.last);
    this.phase = isOut ? "out" : "in";
    this.#isLoneOut = false;
  }

  #read(punch: ResolvedPunch, situation: Situation): Decision {
    const { rules, zone, startAt } = this;
    return readPunch(punch, {
      situation,
      rules,
      zone,
      startAt,
      progress: this.#progress,
      plan: () => this.#plans.accepting(punch.at)[0] ?? planFor(startAt, punch.at, this.#plans),
    });
  }

  #count(punch: ResolvedPunch, decision: Decision, situation: Situation): ReadPunch {
    const { meaning, reason, problem } = decision;
    const read = { punch, meaning, reason, problem };
    this.reads.push(read);
    this.last = read;
    this.phase = phaseAfter(meaning);
    this.restGuess = decision.isRestGuess ? read : undefined;
    this.#before = situation;
    this.#progress = decision.progress;
    this.#isLoneOut = decision.isLoneOut;
    return read;
  }

  /** With a second punch the first one, whatever its hour, was the way in. */
  #reconsiderFirst(second: ResolvedPunch): void {
    const { punch } = this.last;
    const plan = planFor(this.startAt, second.at, this.#plans);
    const reason = plan === null ? "first of several punches of a shift" : firstOfSeveral(plan);
    const read: ReadPunch = { punch, meaning: "in", reason, problem: null };
    this.reads[this.reads.lastIndexOf(this.last)] = read;
    this.last = read;
    this.phase = "in";
    this.#isLoneOut = false;
  }

  #doubleOf({ meaning }: Decision): "in" | "out" | null {
    if (meaning !== "in" && meaning !== "out") return null;
    return this.phase === meaning && this.last.meaning === meaning ? meaning : null;
  }
}

const DOUBLE_RULE = { in: "doubleIn", out: "doubleOut" } as const;

/** Of two punches in a row that go the same way, the one that does not count. */
function surplus(double: "in" | "out" | null, counts: "first" | "last"): Omit<ReadPunch, "punch"> {
  const kind = "repeat";
  const detail = `two ${double ?? ""} punches in a row; the ${counts} counts`;
  return { meaning: kind, reason: detail, problem: { kind, detail } };
}

function isSameLabels(
  { labels: a = {} }: ResolvedPunch,
  { labels: b = {} }: ResolvedPunch,
): boolean {
  return (
    a.branch === b.branch && a.department === b.department && a.job === b.job && a.task === b.task
  );
}
