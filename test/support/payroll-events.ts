import { emptyWorkday, type Workday } from "@clockleaf/shared/worktime/workday.ts";

interface Day {
  readonly revision: number;
  readonly overtimeSeconds?: number;
  readonly approval?: "not-needed" | "pending" | "approved" | "rejected";
  readonly state?: Workday["state"];
  readonly exceptions?: Workday["exceptions"];
}

const claim = { fromAt: 0, toAt: 0, punchIds: [], reason: "test", labels: {} };

interface AnyEvent {
  readonly type: string;
  readonly data: unknown;
}

/** Events of other contexts, as payroll hears them. */
export const attendance = {
  /** Eight hours, and overtime at one and a half. */
  workday(employeeId: string, workdayOn: string, day: Day): AnyEvent {
    const { revision, overtimeSeconds = 0, approval = "not-needed", state = "complete" } = day;
    const { exceptions = [] } = day;
    const workday = {
      ...emptyWorkday(workdayOn, "Europe/Berlin"),
      state,
      exceptions,
      claims: [
        {
          ...claim,
          class: "regular",
          code: "REG",
          rate: 1,
          seconds: 28_800,
          approval: "not-needed",
          policy: "Regular",
        },
        {
          ...claim,
          class: "overtime",
          code: "OT15",
          rate: 1.5,
          seconds: overtimeSeconds,
          approval,
          policy: "Daily",
        },
      ],
    };
    return { type: "attendance.workday.calculated", data: { employeeId, revision, workday } };
  },
};

export const employee = {
  created(more: { readonly employeeId: string }): AnyEvent {
    return {
      type: "employee.employee.created",
      data: {
        email: "mara@example.org",
        firstName: "Mara",
        lastName: "Muster",
        departmentId: "assembly",
        managerId: null,
        jobTitle: "Fitter",
        startDate: "2020-01-01",
        employmentType: "full-time",
        status: "active",
        siteIds: ["hq"],
        ...more,
      },
    };
  },
};
