import type { Callback, MinimumShift, OccurrencePremium, SplitShift } from "./occurrence-rules.ts";
import type { TimePremium, WindowPremium } from "./time-rules.ts";

export type Contradiction = readonly [key: string, message: string];

/** What in a policy can never be meant, with the parameter to change. */
export function* contradictionsOf(
  policy: TimePremium | OccurrencePremium,
): Generator<Contradiction> {
  if ("during" in policy) yield* ofTime(policy);
  switch (policy.kind) {
    case "window":
      yield* ofDates(policy);
      return;
    case "weekend":
      if (policy.startsOn === policy.endsOn && policy.to <= policy.from)
        yield ["to", "a weekend on one day must end after it begins"];
      return;
    case "callback":
      yield* ofCallback(policy);
      return;
    case "minimum-shift":
      yield* ofMinimum(policy);
      return;
    case "split-shift":
      yield* ofSplit(policy);
      return;
    default: // the others have nothing of their own that could contradict
  }
}

function* ofTime({ factor, credits, limits }: TimePremium): Generator<Contradiction> {
  if (factor === null) return;
  if (credits > 0) yield ["credits", "is paid per shift, which needs factor to be null"];
  if (limits.timesADay !== null || limits.timesAWeek !== null)
    yield ["limits", "times are counted per shift, which needs factor to be null"];
}

/** Length of `MM-DD`. */
const YEARLY = 5;

function* ofDates({ fromOn, toOn }: WindowPremium): Generator<Contradiction> {
  if (fromOn === null || toOn === null) return;
  if (fromOn.length !== toOn.length)
    yield ["toOn", "write both dates with a year, or both without"];
  else if (fromOn.length > YEARLY && toOn < fromOn)
    yield ["toOn", `${toOn} is before fromOn (${fromOn})`];
}

function* ofCallback({ within, away, pays, factor, limits }: Callback): Generator<Contradiction> {
  if (within !== null && within < away)
    yield ["within", `(${within} s) may not be below away (${away} s)`];
  if (pays === "top-up") return;
  if (factor === null) yield ["factor", "hours are paid by a factor: set one, or pays to top-up"];
  if (limits.timesADay !== null || limits.timesAWeek !== null)
    yield ["limits", "times are counted where pays is top-up"];
}

function* ofMinimum(policy: MinimumShift): Generator<Contradiction> {
  const { minimum, shareOfPlan, least, most, per, turn } = policy;
  if (minimum === null && shareOfPlan === null)
    yield ["minimum", "set minimum or shareOfPlan: nothing would ever be topped up"];
  if (most !== null && most < least)
    yield ["most", `(${most} s) may not be below least (${least} s)`];
  if (per === "day" && turn !== "any") yield ["turn", "only shifts have a turn: set per to shift"];
}

function* ofSplit({ gap, spread }: SplitShift): Generator<Contradiction> {
  if (gap === null && spread === null)
    yield ["gap", "set gap or spread: nothing would ever be paid"];
}
