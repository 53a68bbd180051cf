import { deriveEventId } from "../eventing/event-id.ts";

/**
 * Ids of what PAYROLL holds: a letter and a hash of what it is of, so that the same thing has the same id in every
 * process, and no two kinds meet under one subject. Runs alone have names that people read.
 */
const id = (letter: string, ...parts: readonly string[]): string =>
  `${letter}-${deriveEventId("payroll", letter, ...parts).replaceAll("-", "")}`;

export const accountAggregate = (employeeId: string): string => id("a", employeeId);
export const resultAggregate = (runId: string, employeeId: string): string =>
  id("r", runId, employeeId);
export const adjustmentAggregate = (employeeId: string, workdayOn: string): string =>
  id("d", employeeId, workdayOn);
export const estimateAggregate = (employeeId: string, periodId: string): string =>
  id("e", employeeId, periodId);

/** The run of a period, or one of those that follow it, such as for somebody who leaves. */
export const runId = (periodId: string, number: number): string => `${periodId}-run-${number}`;

/** `paidBy` = the run whose payment the difference is measured against. */
export const adjustmentId = (employeeId: string, workdayOn: string, paidBy: string): string =>
  id("j", employeeId, workdayOn, paidBy);
export const payslipDocument = (run: string, employeeId: string): string =>
  id("payslip", run, employeeId);
export const paymentDocument = (run: string, kind: string): string => id("payment", run, kind);
/** At most 35 characters, as payment files have it. */
export const paymentReference = (run: string, employeeId: string): string =>
  id("p", run, employeeId);
/** Of a payment file, 35 characters at most. */
export const messageId = (run: string, kind: string): string => id("m", run, kind);
