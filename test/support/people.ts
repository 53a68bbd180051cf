import type { EmployeeData } from "@clockleaf/shared/events/employee.ts";

/** Somebody employed at one site, where a test does not care who. */
export const person = (employeeId: string, jobTitle = "Fitter"): EmployeeData => ({
  employeeId,
  email: `${employeeId}@example.org`,
  firstName: "Ada",
  lastName: "Example",
  departmentId: "assembly",
  managerId: null,
  jobTitle,
  startDate: "2026-01-01",
  employmentType: "full-time",
  status: "active",
  siteIds: ["hq"],
});
