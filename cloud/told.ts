import { ATTENDANCE_TOLD } from "./attendance/told.ts";
import { DOCUMENT_TOLD } from "./documents/told.ts";
import { EMPLOYEE_TOLD } from "./employee/told.ts";
import type { ToldAggregate } from "./eventing/told-aggregate.ts";
import { FLEET_TOLD } from "./fleet/told.ts";
import { IDENTITY_TOLD } from "./identity/told.ts";
import { LEAVE_TOLD } from "./leave/told.ts";
import { NOTIFICATION_TOLD } from "./notification/told.ts";
import { PAYROLL_TOLD } from "./payroll/told.ts";
import { REPORTING_TOLD } from "./reporting/told.ts";
import { WEBHOOK_TOLD } from "./webhooks/told.ts";
import { WORKFLOW_TOLD } from "./workflow/told.ts";

/** Every kind of aggregate there is: who tells what an event changed looks here for its decider. */
export const TOLD_AGGREGATES: readonly ToldAggregate[] = [
  ...EMPLOYEE_TOLD,
  ...ATTENDANCE_TOLD,
  ...LEAVE_TOLD,
  ...PAYROLL_TOLD,
  ...WORKFLOW_TOLD,
  ...NOTIFICATION_TOLD,
  ...DOCUMENT_TOLD,
  ...REPORTING_TOLD,
  ...IDENTITY_TOLD,
  ...WEBHOOK_TOLD,
  ...FLEET_TOLD,
];
