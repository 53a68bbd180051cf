import { correctionItemSchema, punchOriginSchema } from "@clockleaf/shared/events/attendance.ts";
import { employeeDataSchema, pinHashSchema } from "@clockleaf/shared/events/employee.ts";
import { grantSchema } from "@clockleaf/shared/events/identity.ts";
import {
  bankAccountSchema,
  dayEntrySchema,
  lineSourceSchema,
  paidDaySchema,
  payLineSchema,
} from "@clockleaf/shared/events/payroll.ts";
import { aboutSchema, approverSchema, stepSchema } from "@clockleaf/shared/events/workflow.ts";
import { punchTimeSchema } from "@clockleaf/shared/wire/punch.ts";
import {
  absenceFactSchema,
  approvalFactSchema,
  correctionFactSchema,
  labelsSchema,
  verificationFactSchema,
} from "@clockleaf/shared/worktime/facts.ts";
import {
  claimSchema,
  creditSchema,
  interpretedPunchSchema,
  intervalSchema,
  plannedSchema,
  premiumSchema,
  roundedTotalSchema,
  workdayExceptionSchema,
  workdaySchema,
} from "@clockleaf/shared/worktime/workday.ts";
import type { z } from "zod";

/**
 * What is used in more than one place goes by one name, so that a consumer's generated code has one class for it. All else
 * is named after its path. A name is for ever: to Avro a renamed record is another record.
 */
export const RECORD_NAMES: ReadonlyMap<z.core.$ZodType, string> = new Map<z.core.$ZodType, string>([
  [employeeDataSchema, "EmployeeData"],
  [pinHashSchema, "PinHash"],
  [grantSchema, "RoleGrant"],
  [punchOriginSchema, "PunchOrigin"],
  [punchTimeSchema, "PunchTime"],
  [labelsSchema, "Labels"],
  [correctionItemSchema, "CorrectionItem"],
  [correctionFactSchema, "Correction"],
  [correctionFactSchema.shape.change, "CorrectionChange"],
  [absenceFactSchema, "Absence"],
  [approvalFactSchema, "Approval"],
  [verificationFactSchema, "Verification"],
  [workdaySchema, "Workday"],
  [interpretedPunchSchema, "InterpretedPunch"],
  [intervalSchema, "Interval"],
  [claimSchema, "Claim"],
  [premiumSchema, "Premium"],
  [creditSchema, "Credit"],
  [roundedTotalSchema, "RoundedTotal"],
  [plannedSchema, "PlannedShift"],
  [workdayExceptionSchema, "WorkdayException"],
  [bankAccountSchema, "BankAccount"],
  [payLineSchema, "PayLine"],
  [lineSourceSchema, "LineSource"],
  [dayEntrySchema, "DayEntry"],
  [paidDaySchema, "PaidDay"],
  [aboutSchema, "About"],
  [approverSchema, "Approver"],
  [stepSchema, "Step"],
]);

/** Events whose data is an entity's whole record bear its name; the data of all others is `<event>Data`. */
export const WHOLE_RECORDS: Readonly<Record<string, string>> = {
  EmployeeCreated: "EmployeeData",
  EmployeeUpdated: "EmployeeData",
};

/**
 * Fields of records whose order and lack of documentation were given to us from outside. What we added comes after them.
 */
export const GIVEN_FIELDS: Readonly<Record<string, readonly string[]>> = {
  EventMetadata: [
    "eventId",
    "eventType",
    "timestamp",
    "version",
    "source",
    "correlationId",
    "causationId",
  ],
  EmployeeData: [
    "employeeId",
    "email",
    "firstName",
    "lastName",
    "departmentId",
    "managerId",
    "jobTitle",
    "startDate",
    "employmentType",
    "status",
    "salary",
    "currency",
  ],
};
