import type { Rights, Visible } from "../identity/access.ts";
import type { DocumentRecord } from "./decider.ts";

/** Who asks, as far as documents care: by what kind of document they may see whose. */
export interface Reader {
  readonly name: string;
  readonly employeeId?: string | undefined;
  readonly attachments: Rights;
  readonly pay: Rights;
  /** Of reports that others asked for. */
  readonly reports: Rights;
}

export const PAY_KINDS = ["payslip", "payment-file", "payroll-export"] as const;
const ARE_PAY: ReadonlySet<string> = new Set(PAY_KINDS);

/**
 * Everybody sees what they stored or asked for themselves. Attachments go by `documents.read`, what tells of pay by
 * `pay.read`, of whom it is about or, if that is nobody, of the whole company. A report is for whom it is about, besides.
 */
export async function mayRead(
  reader: Reader,
  { kind, employeeId, storedBy }: Pick<DocumentRecord, "kind" | "employeeId" | "storedBy">,
): Promise<boolean> {
  if (storedBy === reader.name) return true;
  if (kind === "report") return isOwn(reader, employeeId) || reader.reports.coversCompany();
  const rights = ARE_PAY.has(kind) ? reader.pay : reader.attachments;
  return employeeId === null ? rights.coversCompany() : await rights.coversPerson(employeeId);
}

const isOwn = (reader: Reader, employeeId: string | null): boolean =>
  employeeId !== null && employeeId === reader.employeeId;

/** The same for lists. */
export interface VisibleDocuments {
  readonly storedBy: string;
  readonly attachments: Visible;
  readonly pay: Visible;
  readonly reports: Visible;
}

export async function visibleDocuments(reader: Reader): Promise<VisibleDocuments> {
  const own = new Set(reader.employeeId === undefined ? [] : [reader.employeeId]);
  const none = new Set<string>();
  return {
    storedBy: reader.name,
    attachments: await reader.attachments.visible(),
    pay: await reader.pay.visible(),
    reports: reader.reports.coversCompany()
      ? { kind: "all" }
      : { kind: "some", people: own, sites: none, departments: none },
  };
}
