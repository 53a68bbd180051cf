import type { Channel } from "@clockleaf/shared/subjects.ts";

/** Every kind of message to people; also the names of the templates. */
export const KINDS = [
  "welcome",
  "overtime-to-approve",
  "leave-to-approve",
  "correction-to-approve",
  "pay-run-to-approve",
  "escalation",
  "overtime-decided",
  "leave-decided",
  "correction-decided",
  "pay-estimated",
  "payslip-ready",
  "payment-sent",
  "gateway-alarm",
  "dead-letters",
  "delivery-uncertain",
  "webhook-disabled",
] as const;
export type Kind = (typeof KINDS)[number];
/** Channels that reach a person. */
export type PersonalChannel = Exclude<Channel, "webhook">;

interface KindOfMessage {
  /** Where nobody chose otherwise. */
  readonly channels: readonly PersonalChannel[];
  /** Nobody can do without it: at least one channel stays. */
  readonly isMandatory: boolean;
  /** Sent to people who have left as well. */
  readonly afterLeaving: boolean;
  /** Every value the template may use, with something to show in a preview. */
  readonly sample: Readonly<Record<string, string>>;
}

const both: readonly PersonalChannel[] = ["email", "in-app"];
const task = { channels: both, isMandatory: true, afterLeaving: false };
const news = { channels: both, isMandatory: false, afterLeaving: false };
const pay = { channels: both, isMandatory: true, afterLeaving: true };
const alarm = { channels: ["email"] as const, isMandatory: true, afterLeaving: false };
const request = { requestId: "0b7c…", summary: "Leave vacation from 2026-12-01 to 2026-12-04" };

export const KIND: Readonly<Record<Kind, KindOfMessage>> = {
  welcome: { ...news, channels: ["email"], isMandatory: true, sample: {} },
  "overtime-to-approve": {
    ...task,
    sample: {
      requestId: request.requestId,
      aboutId: "e-17",
      workdayOn: "2026-11-24",
      minutes: "90",
      policy: "daily",
    },
  },
  "leave-to-approve": { ...task, sample: { ...request, aboutId: "e-17" } },
  "correction-to-approve": { ...task, sample: { ...request, people: "2" } },
  "pay-run-to-approve": { ...task, sample: { ...request, periodId: "monthly-2026-11" } },
  escalation: { ...task, sample: request },
  "overtime-decided": {
    ...news,
    sample: {
      decision: "approved",
      workdayOn: "2026-11-24",
      minutes: "90",
      policy: "daily",
      note: "",
    },
  },
  "leave-decided": { ...news, sample: { decision: "rejected", leaveId: "l-9", note: "" } },
  "correction-decided": { ...news, sample: { ...request, decision: "approved", note: "" } },
  "pay-estimated": {
    ...news,
    sample: { periodId: "monthly-2026-11", because: "Overtime approved" },
  },
  "payslip-ready": { ...pay, sample: { periodId: "monthly-2026-11", documentId: "d-4" } },
  "payment-sent": { ...pay, sample: { periodId: "monthly-2026-11", payOn: "2026-11-30" } },
  "gateway-alarm": {
    ...alarm,
    sample: { site: "hq", gateway: "gw1", alarm: "gap", detail: "rows 17 to 20 are missing" },
  },
  "dead-letters": {
    ...alarm,
    sample: { consumer: "payroll-pay", code: "internal", reason: "fault" },
  },
  "delivery-uncertain": {
    ...alarm,
    sample: {
      notificationId: "0b7c…",
      about: "payslip-ready",
      sentBy: "email",
      reason: "worker died",
    },
  },
  "webhook-disabled": {
    ...alarm,
    sample: { webhookId: "0198…", about: "Our ERP", because: "failing", host: "erp.example.org" },
  },
};

const ALARMS: readonly Kind[] = [
  "gateway-alarm",
  "dead-letters",
  "delivery-uncertain",
  "webhook-disabled",
];

/** Alarms about alarms would never end. */
export const isAlarm = (template: string): boolean => ALARMS.some((kind) => kind === template);

export const kindOf = (template: string): Kind | undefined =>
  KINDS.find((kind) => kind === template);
