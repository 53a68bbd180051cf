import type { PayAccount, PayLine } from "@clockleaf/shared/events/payroll.ts";
import type { PayGroup, PayrollConfig } from "../config.ts";
import type { DayFacts } from "./day-facts.ts";

/** Who is paid. */
export interface Person {
  readonly employeeId: string;
  readonly startOn: string;
  /** Null while they are employed. */
  readonly lastDayOn: string | null;
  readonly departmentId: string;
  readonly employmentType: string;
}

/** What an account said from a day on; of two from the same day the higher version holds. */
export interface AccountVersion {
  readonly account: PayAccount;
  readonly version: number;
}

export interface LeavePayout {
  readonly entryId: string;
  readonly minutes: number;
}

/** What a later change of a locked day came to, not paid yet. */
export interface PendingAdjustment {
  readonly adjustmentId: string;
  readonly workdayOn: string;
  readonly revision: number;
  readonly currency: string;
  readonly lines: readonly PayLine[];
}

/** Everything a person's pay for a period rests on. In any order. */
export interface PayFacts {
  readonly accounts: readonly AccountVersion[];
  readonly days: readonly DayFacts[];
  readonly payouts: readonly LeavePayout[];
  readonly adjustments: readonly PendingAdjustment[];
}

/** The part of the configuration that one pay group is paid by. */
export interface PayRules {
  readonly group: PayGroup;
  readonly config: PayrollConfig;
}

export type BlockerKind =
  | "no-account"
  | "no-rate"
  | "no-bank"
  | "currency"
  | "no-tax-table"
  | "day-open"
  | "day-incomplete"
  | "day-exception"
  | "overtime-pending"
  | "unknown-amount"
  | "negative-net"
  | "not-calculated"
  | "outdated"
  | "no-payslip";

/** Why a run should not be paid as it stands. */
export interface Blocker {
  readonly kind: BlockerKind;
  readonly employeeId: string;
  readonly workdayOn: string | null;
  readonly detail: string;
}

/** These cannot be let pass: what would be paid is not what was looked at. */
export const HARD_BLOCKERS: ReadonlySet<BlockerKind> = new Set([
  "not-calculated",
  "outdated",
  "currency",
]);

export interface AccountSpan {
  readonly fromOn: string;
  readonly toOn: string;
  readonly held: AccountVersion;
}
