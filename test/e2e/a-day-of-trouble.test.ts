import { CATALOGUE } from "@clockleaf/shared/events/catalogue.ts";
import { describe, expect, it } from "vitest";
import { createProgress } from "../demo/progress.ts";
import { runDemo } from "../demo/run.ts";
import { runCloud } from "../support/cloud.ts";
import { findNatsServer } from "../support/nats.ts";
import { available } from "../support/parts.ts";

const SEED = 42;
const progress = createProgress(process.stderr, true);

/**
 * What happens in a company, and the events that tell of it, by name: those that other systems are promised
 * (`shared/events`), each of which must have been stored by the end of this day.
 */
const FLOWS = {
  onboarding: [
    "EmployeeCreated",
    "EmployeeActivated",
    "LeaveAccountCreated",
    "PayrollAccountCreated",
    "NotificationSent",
    "AuditRecorded",
  ],
  "a day": [
    "CheckInRecorded",
    "BreakStarted",
    "BreakEnded",
    "CheckOutRecorded",
    "WorkdayCalculated",
    "OvertimeCalculated",
    "OvertimeApproved",
    "OvertimeRejected",
    "PayEstimated",
  ],
  "a pay run": [
    "SalaryCalculated",
    "TaxDeducted",
    "PayslipGenerated",
    "PaymentProcessed",
    "PeriodLocked",
    "DocumentStored",
  ],
  leave: ["LeaveRequested", "LeaveApproved", "LeaveStarted", "LeaveEnded", "AbsenceRecorded"],
  "a correction": ["CorrectionRequested", "CorrectionApproved", "CorrectionApplied"],
  "coming and going": [
    "ProbationStarted",
    "ProbationCompleted",
    "EmployeeUpdated",
    "DepartmentChanged",
    "ManagerChanged",
    "EmployeeSuspended",
    "EmployeeReactivated",
    "EmployeeTerminated",
    "EmployeeDeactivated",
    "BadgeWithdrawn",
    "PersonErased",
  ],
} as const;

/** Names of the events that were stored, of those in a flow. */
function storedOf(flow: readonly string[], byType: Readonly<Record<string, number>>): string[] {
  return flow.filter((name) => {
    const type = CATALOGUE.find((definition) => definition.name === name)?.type ?? "";
    return (byType[type] ?? 0) > 0;
  });
}

// The short form of `make chaos`, which runs many seeds with longer days.
describe.skipIf(!available("nats-server", findNatsServer()))("a day of trouble", () => {
  it("loses and doubles nothing through cuts and kills, and ends with everybody paid", async () => {
    const { result, plant } = await runDemo({ seed: SEED, people: 60, dayMs: 15_000, progress });
    const audit = await runCloud(["audit", "verify", "--json", "--config", plant.cloudConfigFile]);
    await plant.stop();
    expect(result.faults).toEqual([]);
    expect(result).toMatchObject({ lost: 0, doubled: 0, linkCuts: 1, agentKills: 1, hubKills: 1 });
    // The day was one: most people came and went, strangers and the withdrawn badge were caught.
    expect(result.green).toBeGreaterThan(150);
    expect(result.quarantined).toBeGreaterThan(0);
    expect(result.inTimesheets + result.quarantined).toBe(result.journaled);
    expect(result.stored).toBe(result.journaled);

    for (const [flow, names] of Object.entries(FLOWS)) {
      expect([flow, storedOf(names, result.events ?? {})]).toEqual([flow, [...names]]);
    }
    expect(result).toMatchObject({ causationBroken: 0, mailsDoubled: 0 });
    expect(result.payslips).toBeGreaterThan(50);
    // Somebody was erased on the way: the chain over what was stored stands all the same.
    expect(JSON.parse(audit.stdout)).toMatchObject({ faultsTotal: 0 });
    expect(audit.code).toBe(0);
  }, 300_000);
});
