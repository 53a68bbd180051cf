import type { ReportRequest } from "./decider.ts";

/** Who asks, as far as reports care. */
export interface Reader {
  readonly name: string;
  readonly employeeId?: string | undefined;
  readonly roles: readonly string[];
  readonly isAdmin: boolean;
}

/** Pay is for payroll; the rest for HR and payroll, and for everybody about themselves. */
export function mayRequest(
  { isAdmin, roles, employeeId }: Reader,
  { report, filters }: Pick<ReportRequest, "report" | "filters">,
): boolean {
  if (isAdmin || roles.includes("payroll")) return true;
  if (report === "payroll-register") return false;
  if (roles.includes("hr")) return true;
  return employeeId !== undefined && filters.employeeId === employeeId;
}
