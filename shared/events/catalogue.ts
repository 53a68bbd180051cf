import { PlatformError } from "../lib/errors.ts";
import * as attendance from "./attendance.ts";
import * as audit from "./audit.ts";
import * as document from "./document.ts";
import * as employee from "./employee.ts";
import { type Event, type EventDefinition, metadataSchema } from "./envelope.ts";
import * as fleet from "./fleet.ts";
import * as identity from "./identity.ts";
import * as leave from "./leave.ts";
import * as notification from "./notification.ts";
import * as payroll from "./payroll.ts";
import * as reporting from "./reporting.ts";
import { upcast } from "./upcasters.ts";
import * as webhook from "./webhook.ts";
import * as workflow from "./workflow.ts";

/** Every event there is. An event that is not listed here can neither be stored nor read. */
export const CATALOGUE: readonly EventDefinition[] = [
  employee.employeeCreated,
  employee.employeeUpdated,
  employee.employeeDeactivated,
  employee.employeeActivated,
  employee.employeeSuspended,
  employee.employeeReactivated,
  employee.employeeTerminated,
  employee.departmentChanged,
  employee.managerChanged,
  employee.leaveStarted,
  employee.leaveEnded,
  employee.probationStarted,
  employee.probationCompleted,
  employee.personErased,
  employee.badgeAssigned,
  employee.badgeWithdrawn,
  attendance.clockRecorded,
  attendance.checkInRecorded,
  attendance.checkOutRecorded,
  attendance.breakStarted,
  attendance.breakEnded,
  attendance.transferRecorded,
  attendance.meaningWithdrawn,
  attendance.workdayCalculated,
  attendance.overtimeCalculated,
  attendance.overtimeWithdrawn,
  attendance.overtimeApproved,
  attendance.overtimeRejected,
  attendance.correctionRequested,
  attendance.correctionRejected,
  attendance.correctionApproved,
  attendance.correctionApplied,
  attendance.absenceRecorded,
  attendance.timesheetVerified,
  attendance.siteCompleted,
  attendance.watermarkReached,
  attendance.exceptionReviewed,
  attendance.punchQuarantined,
  attendance.gatewayTimeLearned,
  attendance.punchRedated,
  attendance.quarantineResolved,
  attendance.gatewayAlarmRaised,
  leave.leaveAccountCreated,
  leave.leaveLedgerPosted,
  leave.leaveRequested,
  leave.leaveApproved,
  leave.leaveRejected,
  leave.leaveCancelled,
  leave.leaveBegan,
  leave.leaveFinished,
  payroll.payrollAccountCreated,
  payroll.payrollAccountChanged,
  payroll.payEstimated,
  payroll.payRunOpened,
  payroll.payRunCalculationRequested,
  payroll.salaryCalculated,
  payroll.taxDeducted,
  payroll.payslipGenerated,
  payroll.payRunSubmitted,
  payroll.payRunApproved,
  payroll.payRunRejected,
  payroll.paymentProcessed,
  payroll.periodLocked,
  payroll.adjustmentRecorded,
  workflow.requestOpened,
  workflow.stepDecided,
  workflow.requestEscalated,
  workflow.requestApproved,
  workflow.requestRejected,
  workflow.requestWithdrawn,
  workflow.delegationSet,
  workflow.delegationEnded,
  notification.notificationRequested,
  notification.notificationClaimed,
  notification.notificationSent,
  notification.notificationFailed,
  notification.notificationRead,
  notification.preferencesSet,
  document.documentStored,
  document.documentErased,
  document.documentChecked,
  reporting.reportRequested,
  reporting.reportCompleted,
  reporting.reportFailed,
  identity.accountCreated,
  identity.accountChanged,
  identity.accountBound,
  identity.accountGrantsSet,
  identity.accountDisabled,
  identity.accountEnabled,
  identity.accountErased,
  identity.keyIssued,
  identity.keyRotated,
  identity.keyRevoked,
  webhook.webhookCreated,
  webhook.webhookChanged,
  webhook.webhookSecretRotated,
  webhook.webhookDisabled,
  webhook.webhookEnabled,
  webhook.webhookReplayed,
  webhook.webhookDeleted,
  fleet.gatewayCommanded,
  fleet.gatewayCommandEnded,
  audit.auditRecorded,
];

const byType = new Map(CATALOGUE.map((definition) => [definition.type, definition]));

export function definitionOf(type: string): EventDefinition {
  const definition = byType.get(type);
  if (definition === undefined) {
    throw new PlatformError("event.unknown-type", `no event type "${type}" in the catalogue`);
  }
  return definition;
}

/**
 * Parses an event from outside against its own definition, in the form that today's version has. Throws
 * `event.unknown-type` or `event.invalid`.
 */
export function parseEvent(value: { readonly metadata: unknown; readonly data: unknown }): Event {
  const metadata = metadataSchema.safeParse(value.metadata);
  if (!metadata.success) throw invalid("metadata", metadata.error.issues);
  const { eventType: type, version } = metadata.data;
  const definition = definitionOf(type);
  const today = upcast({ type, version, data: value.data }, definition.version);
  const data = definition.data.safeParse(today);
  if (!data.success) throw invalid(type, data.error.issues);
  return { metadata: { ...metadata.data, version: definition.version }, data: data.data };
}

function invalid(
  what: string,
  issues: ReadonlyArray<{ path: PropertyKey[]; message: string }>,
): PlatformError {
  const first = issues.slice(0, 5).map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  return new PlatformError("event.invalid", `${what}: ${first.join("; ")}`, {
    details: { issues: first },
  });
}
