import type { DocumentRecord } from "./decider.ts";

/** Who asks, as far as documents care. */
export interface Reader {
  readonly name: string;
  readonly employeeId?: string | undefined;
  readonly roles: readonly string[];
  readonly isAdmin: boolean;
}

const PAY_KINDS: ReadonlySet<string> = new Set(["payslip", "payment-file", "payroll-export"]);

/**
 * Everybody sees their own documents and what they stored or asked for themselves; the role `payroll` all of pay, the role
 * `hr` all attachments, `admin` everything.
 */
export function mayRead(
  reader: Reader,
  document: Pick<DocumentRecord, "kind" | "employeeId" | "storedBy">,
): boolean {
  const { kind, employeeId, storedBy } = document;
  if (reader.isAdmin || storedBy === reader.name) return true;
  if (employeeId !== null && employeeId === reader.employeeId) return true;
  if (PAY_KINDS.has(kind)) return reader.roles.includes("payroll");
  return kind === "attachment" && reader.roles.includes("hr");
}

/** For whom somebody may hand in an attachment; null = for the company. */
export function mayStoreFor(reader: Reader, employeeId: string | null): boolean {
  if (reader.isAdmin) return true;
  if (employeeId === null) return false;
  return employeeId === reader.employeeId || reader.roles.includes("hr");
}
