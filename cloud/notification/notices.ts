import type { AttendanceEvent } from "@clockleaf/shared/events/attendance.ts";
import type { EmployeeEvent } from "@clockleaf/shared/events/employee.ts";
import type { Decided, EventOf } from "@clockleaf/shared/events/envelope.ts";
import type { LeaveEvent } from "@clockleaf/shared/events/leave.ts";
import type { PayrollEvent } from "@clockleaf/shared/events/payroll.ts";
import type { WebhookEvent } from "@clockleaf/shared/events/webhook.ts";
import type { Approver, requestOpened, WorkflowEvent } from "@clockleaf/shared/events/workflow.ts";
import type { Kind } from "./kinds.ts";

export type NewsEvent =
  | EmployeeEvent
  | AttendanceEvent
  | LeaveEvent
  | PayrollEvent
  | WorkflowEvent
  | WebhookEvent;

export type Recipient =
  | { readonly kind: "employee"; readonly employeeId: string }
  | { readonly kind: "role"; readonly role: string }
  /** The contacts that get alarms. */
  | { readonly kind: "alarm" };

/** Somebody is to be told something. */
export interface Notice {
  readonly kind: Kind;
  readonly to: readonly Recipient[];
  readonly values: Readonly<Record<string, string>>;
  /** Where one message stands for several events; otherwise each event has its own. */
  readonly once?: string;
}

type Opened = EventOf<typeof requestOpened>["data"];

export const NEWS_TYPES: readonly NewsEvent["metadata"]["eventType"][] = [
  "employee.employee.created",
  "employee.employee.activated",
  "attendance.overtime.approved",
  "attendance.overtime.rejected",
  "attendance.gateway.alarmed",
  "leave.leave.approved",
  "leave.leave.rejected",
  "payroll.pay.estimated",
  "payroll.payslip.generated",
  "payroll.payment.processed",
  "workflow.request.opened",
  "workflow.step.decided",
  "workflow.request.escalated",
  "workflow.request.approved",
  "workflow.request.rejected",
  "webhook.endpoint.disabled",
];

/** Who is to be told what of an event. `opened` is the request that an event of WORKFLOW belongs to. */
export function noticesOf(
  event: Decided<NewsEvent>,
  { atMs, opened }: { readonly atMs: number; readonly opened: Opened | undefined },
): readonly Notice[] {
  switch (event.type) {
    case "employee.employee.created":
    case "employee.employee.activated":
      return welcome(event);
    case "attendance.gateway.alarmed":
      return [gatewayAlarm(event.data, atMs)];
    case "webhook.endpoint.disabled":
      return webhookDisabled(event.data);
    case "attendance.overtime.approved":
    case "attendance.overtime.rejected":
      return [overtimeDecided(event.data)];
    case "leave.leave.approved":
    case "leave.leave.rejected":
      return [leaveDecided(event)];
    case "payroll.pay.estimated":
    case "payroll.payslip.generated":
    case "payroll.payment.processed":
      return [payNotice(event)];
    default:
      return opened === undefined ? [] : workflowNotices(event, opened);
  }
}

const employee = (employeeId: string): Recipient => ({ kind: "employee", employeeId });

/** Once a person, whether they were entered as active or became so later. */
function welcome({
  type,
  data,
}: Extract<
  Decided<NewsEvent>,
  { type: "employee.employee.created" | "employee.employee.activated" }
>): readonly Notice[] {
  if (type === "employee.employee.created" && data.status !== "active") return [];
  const { employeeId } = data;
  return [
    { kind: "welcome", to: [employee(employeeId)], values: {}, once: `welcome/${employeeId}` },
  ];
}

const HOUR_MS = 3_600_000;

/** A gateway in trouble says the same again and again: one mail an hour. */
function gatewayAlarm(
  { site, gateway, kind, detail }: DataOf<"attendance.gateway.alarmed">,
  atMs: number,
): Notice {
  return {
    kind: "gateway-alarm",
    to: [{ kind: "alarm" }],
    values: { site, gateway, alarm: kind, detail },
    once: `gateway/${site}/${gateway}/${kind}/${Math.floor(atMs / HOUR_MS)}`,
  };
}

/** The host only: what else stands in the URL is the integrator's business. */
function webhookDisabled({
  webhookId,
  url,
  description: about,
  because,
}: DataOf<"webhook.endpoint.disabled">): readonly Notice[] {
  if (because === "asked") return [];
  const { host } = new URL(url);
  const values = { webhookId, about, because, host };
  return [{ kind: "webhook-disabled", to: [{ kind: "alarm" }], values }];
}

/** The same for a consumer that cannot do with its messages. */
export function deadLetterNotice(
  { consumer, code, reason }: { consumer: string; code: string; reason: string },
  atMs: number,
): Notice {
  return {
    kind: "dead-letters",
    to: [{ kind: "alarm" }],
    values: { consumer, code, reason },
    once: `dead-letters/${consumer}/${Math.floor(atMs / HOUR_MS)}`,
  };
}

type DataOf<T extends Decided<NewsEvent>["type"]> = Extract<
  Decided<NewsEvent>,
  { type: T }
>["data"];

function overtimeDecided({
  employeeId,
  approval,
  note,
}: DataOf<"attendance.overtime.approved">): Notice {
  const { decision, on, seconds, policy } = approval;
  return {
    kind: "overtime-decided",
    to: [employee(employeeId)],
    values: { decision, workdayOn: on, minutes: minutesOf(seconds), policy, note },
  };
}

function leaveDecided({
  type,
  data,
}: Extract<Decided<NewsEvent>, { type: "leave.leave.approved" | "leave.leave.rejected" }>): Notice {
  const decided =
    type === "leave.leave.approved"
      ? { decision: "approved", note: "" }
      : { decision: "rejected", note: data.reason };
  const values = { ...decided, leaveId: data.leaveId };
  return { kind: "leave-decided", to: [employee(data.employeeId)], values };
}

type PayEvent = Extract<
  Decided<NewsEvent>,
  { type: "payroll.pay.estimated" | "payroll.payslip.generated" | "payroll.payment.processed" }
>;

/** No amounts: they stay behind the sign-in. */
function payNotice({ type, data }: PayEvent): Notice {
  const to = [employee(data.employeeId)];
  const { periodId } = data;
  switch (type) {
    case "payroll.pay.estimated":
      return { kind: "pay-estimated", to, values: { periodId, because: data.because } };
    case "payroll.payslip.generated": {
      const values = { periodId, documentId: data.documentId };
      // Calculated again, it is still the payslip of the same run.
      return { kind: "payslip-ready", to, values, once: `payslip/${data.runId}` };
    }
    case "payroll.payment.processed":
      return { kind: "payment-sent", to, values: { periodId, payOn: data.payOn } };
  }
}

function workflowNotices(event: Decided<NewsEvent>, opened: Opened): readonly Notice[] {
  switch (event.type) {
    case "workflow.request.opened":
      return toApprove(opened, 0);
    case "workflow.step.decided":
      return event.data.decision === "approved" ? toApprove(opened, event.data.step + 1) : [];
    case "workflow.request.escalated":
      return [
        { kind: "escalation", to: event.data.added.map(recipientOf), values: requestOf(opened) },
      ];
    case "workflow.request.approved":
      return correctionDecided(opened, { decision: "approved", note: event.data.note });
    case "workflow.request.rejected":
      return correctionDecided(opened, { decision: "rejected", note: event.data.note });
    default:
      return [];
  }
}

const recipientOf = (approver: Approver): Recipient =>
  approver.kind === "role" ? approver : employee(approver.employeeId);

const requestOf = ({ requestId, summary }: Opened) => ({ requestId, summary });

function toApprove(opened: Opened, step: number): readonly Notice[] {
  const to = opened.steps[step]?.approvers.map(recipientOf) ?? [];
  if (to.length === 0) return [];
  const { about } = opened;
  const values = requestOf(opened);
  switch (about.kind) {
    case "overtime": {
      const { employeeId: aboutId, workdayOn, policy, seconds } = about;
      const { requestId } = opened;
      const overtime = { requestId, aboutId, workdayOn, policy, minutes: minutesOf(seconds) };
      return [{ kind: "overtime-to-approve", to, values: overtime }];
    }
    case "leave":
      return [{ kind: "leave-to-approve", to, values: { ...values, aboutId: about.employeeId } }];
    case "correction": {
      const people = String(about.employeeIds.length);
      return [{ kind: "correction-to-approve", to, values: { ...values, people } }];
    }
    case "pay-run":
      return [{ kind: "pay-run-to-approve", to, values: { ...values, periodId: about.periodId } }];
  }
}

/** Of corrections there is no event that names all the people; overtime and leave have events of their own. */
function correctionDecided(
  opened: Opened,
  decided: { decision: "approved" | "rejected"; note: string },
): readonly Notice[] {
  const { about } = opened;
  if (about.kind !== "correction") return [];
  const to = about.employeeIds.map(employee);
  return [{ kind: "correction-decided", to, values: { ...requestOf(opened), ...decided } }];
}

const minutesOf = (seconds: number): string => String(Math.round(seconds / 60));
