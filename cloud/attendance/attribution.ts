import { createHash } from "node:crypto";
import {
  badgeKey,
  badgeKeySchema,
  type Credential,
  type PunchRow,
  punchedAtMs,
} from "@clockleaf/shared/wire/punch.ts";
import type { QuarantineReason } from "./quarantine-decider.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** Which punch times are believed, against the instant the hub stored the segment. */
export interface TimeLimits {
  /** A gateway's clock may be this far ahead. Milliseconds, default 5 min. */
  readonly maxFutureMs: number;
  /** A punch may be this old when it arrives. Milliseconds, default 400 days. */
  readonly maxAgeMs: number;
}
export const DEFAULT_TIME_LIMITS: TimeLimits = { maxFutureMs: 5 * MINUTE, maxAgeMs: 400 * DAY };

/** Whose a badge was from `validFrom` until `validTo` (exclusive); null = still is. */
export interface BadgePeriod {
  readonly badge: string;
  readonly employeeId: string;
  readonly validFrom: number;
  readonly validTo: number | null;
}

/** What an employee was from `fromAt` on. */
export interface Employment {
  readonly employeeId: string;
  readonly fromAt: number;
  readonly isActive: boolean;
}

export interface People {
  readonly periods: readonly BadgePeriod[];
  readonly employments: readonly Employment[];
}

export type Attribution =
  | { readonly kind: "person"; readonly employeeId: string }
  | { readonly kind: "quarantine"; readonly reason: QuarantineReason };

/** Whose punch it is, by what was true when it was made and not by what is true now. */
export function attribute(
  punch: Pick<PunchRow, "time" | "pin"> & { readonly badge: string },
  people: People,
  stored: { readonly atMs: number; readonly limits: TimeLimits },
): Attribution {
  const at = punchedAtMs(punch.time);
  if (!isBelievable(punch.time, stored)) return quarantine("impossible-time");
  const holder = holderAt(people.periods, punch.badge, at);
  if (holder.kind !== "held") return quarantine(holder.kind);
  if (!isActiveAt(people.employments, holder.employeeId, at))
    return quarantine("inactive-employee");
  if (punch.pin === "wrong" || punch.pin === "missing") return quarantine("wrong-pin");
  return { kind: "person", employeeId: holder.employeeId };
}

const quarantine = (reason: QuarantineReason): Attribution => ({ kind: "quarantine", reason });

function isBelievable(
  time: PunchRow["time"],
  { atMs, limits }: { readonly atMs: number; readonly limits: TimeLimits },
): boolean {
  if (time.uncertaintyMs === null) return false;
  const aheadMs = punchedAtMs(time) - atMs;
  return aheadMs <= limits.maxFutureMs && -aheadMs <= limits.maxAgeMs;
}

type Holder =
  | { readonly kind: "held"; readonly employeeId: string }
  | { readonly kind: "unknown-badge" }
  | { readonly kind: "withdrawn-badge" };

/** Who held a badge at an instant. Should two periods overlap, the one that began last counts. */
export function holderAt(periods: readonly BadgePeriod[], badge: string, at: number): Holder {
  const begun = periods
    .filter((period) => period.badge === badge && period.validFrom <= at)
    .toSorted((a, b) => b.validFrom - a.validFrom);
  const valid = begun.find((period) => period.validTo === null || at < period.validTo);
  if (valid !== undefined) return { kind: "held", employeeId: valid.employeeId };
  return { kind: begun.length > 0 ? "withdrawn-badge" : "unknown-badge" };
}

function isActiveAt(employments: readonly Employment[], employeeId: string, at: number): boolean {
  const begun = employments
    .filter((each) => each.employeeId === employeeId && each.fromAt <= at)
    .toSorted((a, b) => b.fromAt - a.fromAt);
  return begun[0]?.isActive ?? false;
}

/** The badge key of a credential. One too long for a key gets a hash in its place: it can be kept, shown and assigned. */
export function badgeOf(credential: Credential): string {
  const key = badgeKey(credential);
  if (badgeKeySchema.safeParse(key).success) return key;
  const hash = createHash("sha256").update(key).digest("hex").slice(0, 32);
  return `number-long-${hash}`;
}
