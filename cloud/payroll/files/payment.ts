import type { PayGroup } from "../config.ts";

/** Money for one person. */
export interface Payment {
  readonly employeeId: string;
  /** End-to-end reference, 35 characters at most. */
  readonly reference: string;
  readonly amountMinor: number;
  readonly holder: string;
  readonly iban: string | null;
  readonly bic: string | null;
  readonly routing: string | null;
  readonly account: string | null;
}

/** What one payment file pays. Nothing of it comes from a clock: the same batch has the same bytes. */
export interface PaymentBatch {
  readonly runId: string;
  /** 35 characters at most, derived from the run. */
  readonly messageId: string;
  readonly currency: string;
  readonly payOn: string;
  /** When the run was approved, UTC milliseconds: stands as the time of making. */
  readonly approvedAt: number;
  readonly bank: NonNullable<PayGroup["bank"]> | undefined;
  readonly payments: readonly Payment[];
}
