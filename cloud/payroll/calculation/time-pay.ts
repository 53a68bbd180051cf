import type { DayEntry, PayLine } from "@clockleaf/shared/events/payroll.ts";
import {
  decimal,
  type Exact,
  exact,
  isZero,
  minus,
  ONE,
  over,
  rounded,
  spelled,
  times,
  ZERO,
} from "./exact.ts";
import type { AccountVersion, PayRules } from "./facts.ts";
import { exponentOf } from "./money.ts";

const HOUR = exact(3600);

/** Minor units an hour, exact: what an hourly account says, or a salary by the hours of a month. Undefined = no rate. */
export function hourlyRate({ account }: AccountVersion, { group }: PayRules): Exact | undefined {
  if (account.rateMinor === null) return undefined;
  const rate = exact(account.rateMinor);
  return account.basis === "hourly" ? rate : over(rate, decimal(group.hoursAMonth));
}

/** What of the hourly rate one second of an entry adds to pay; a salary already pays regular time and paid leave. */
export function payFactor(
  entry: DayEntry,
  basis: "salaried" | "hourly",
  { group, config }: PayRules,
): Exact {
  const own = config.codes[entry.code]?.factor;
  const factor = own === undefined ? decimal(entry.factor) : decimal(own);
  const isSalaried = basis === "salaried";
  if (entry.kind === "premium" || entry.kind === "occurrence") return factor;
  const extra = factor.n > factor.d ? minus(factor, ONE) : ZERO;
  switch (entry.kind) {
    case "regular":
    case "paid-leave":
      return isSalaried ? extra : factor;
    case "overtime":
      return isSalaried ? { full: factor, extra, none: ZERO }[group.salariedOvertime] : factor;
    case "unpaid":
      return isSalaried ? exact(-1) : ZERO;
    case "undertime":
      return isSalaried && group.deductUndertime ? exact(-1) : ZERO;
  }
}

/** Time of one day to be paid, by the account that held on it. */
export interface PaidTime {
  readonly entry: DayEntry;
  readonly held: AccountVersion;
  readonly source: PayLine["sources"][number];
  /** Minus one takes back what was paid before. */
  readonly sign: 1 | -1;
}

interface Bucket {
  readonly entry: DayEntry;
  readonly rate: Exact;
  seconds: number;
  readonly sources: Map<string, PayLine["sources"][number]>;
}

/**
 * Time as lines: seconds of one code at one rate add up exactly and become money once. A premium of an amount per
 * occurrence counts occurrences. What earns nothing is left out.
 */
export function timeLines(
  paid: Iterable<PaidTime>,
  rules: PayRules,
  kind: "earning" | "adjustment",
): PayLine[] {
  const buckets = new Map<string, Bucket>();
  for (const each of paid) {
    const rate = rateOf(each, rules);
    if (isZero(rate)) continue;
    const { entry, sign, source } = each;
    const key = `${entry.code} ${entry.kind} ${rate.n}/${rate.d}`;
    const bucket = buckets.get(key) ?? { entry, rate, seconds: 0, sources: new Map() };
    bucket.seconds += sign * entry.seconds;
    bucket.sources.set(`${source.kind} ${source.id} ${source.revision}`, source);
    buckets.set(key, bucket);
  }
  return [...buckets]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .filter(([, { seconds }]) => seconds !== 0)
    .map(([, bucket]) => lineOf(bucket, rules, kind));
}

/** Minor units an hour for this entry, or for each occurrence. */
function rateOf({ entry, held }: PaidTime, rules: PayRules): Exact {
  if (entry.kind === "occurrence") return exact(rules.config.codes[entry.code]?.amountMinor ?? 0);
  const hourly = hourlyRate(held, rules) ?? ZERO;
  return times(hourly, payFactor(entry, held.account.basis, rules));
}

function lineOf(bucket: Bucket, { config, group }: PayRules, kind: PayLine["kind"]): PayLine {
  const { entry, rate, seconds, sources } = bucket;
  const isCounted = entry.kind === "occurrence";
  const quantity = isCounted ? exact(seconds) : over(exact(seconds), HOUR);
  const scale = exact(10n ** BigInt(exponentOf(group.currency)));
  return {
    code: entry.code,
    label: config.codes[entry.code]?.label ?? LABELS[entry.kind],
    kind,
    seconds: isCounted ? null : seconds,
    rate: spelled(over(rate, scale), 6),
    amountMinor: rounded(times(quantity, rate), config.rounding),
    sources: [...sources]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([, source]) => source)
      .slice(0, 400),
  };
}

const LABELS = {
  regular: "Regular time",
  overtime: "Overtime",
  premium: "Premium",
  occurrence: "Premium",
  "paid-leave": "Paid leave",
  unpaid: "Unpaid absence",
  undertime: "Time missing",
} as const satisfies Record<DayEntry["kind"], string>;
