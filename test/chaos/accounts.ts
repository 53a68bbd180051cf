import type { StoredEvent } from "../../cloud/eventing/event-store.ts";
import type { SunkMail } from "../support/smtp.ts";

export interface Expected {
  readonly people: readonly string[];
  readonly punchIds: readonly string[];
  /** False where the run ended before anybody was to be paid. */
  readonly isPaid: boolean;
}

/** What should be there and is not, and what is there more than once; in words for people. */
export interface Account {
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
}

/** What may be there once only, by the fields that say what it is the effect of. */
const ONCE: Readonly<Record<string, readonly string[]>> = {
  "attendance.clock.recorded": ["punch.punchId"],
  "attendance.punch.quarantined": ["punch.punchId"],
  "attendance.punch.redated": ["punch.punchId"],
  "attendance.workday.calculated": ["employeeId", "workday.workdayOn", "revision"],
  "attendance.correction.applied": ["employeeId", "correction"],
  "leave.account.created": ["employeeId"],
  "leave.ledger.posted": ["employeeId", "entryId"],
  "leave.leave.requested": ["leaveId"],
  "leave.leave.approved": ["leaveId"],
  "leave.leave.began": ["leaveId"],
  "leave.leave.finished": ["leaveId"],
  "payroll.account.created": ["employeeId"],
  "payroll.run.opened": ["runId"],
  "payroll.salary.calculated": ["employeeId", "runId", "revision"],
  "payroll.payslip.generated": ["documentId", "sha256"],
  "payroll.run.approved": ["runId"],
  "payroll.payment.processed": ["employeeId", "runId"],
  "payroll.period.locked": ["runId"],
  "workflow.request.opened": ["requestId", "askedSeq"],
  "workflow.request.approved": ["requestId", "about"],
  "workflow.request.rejected": ["requestId", "about"],
  "notification.message.requested": ["notificationId", "by"],
  "notification.message.sent": ["notificationId"],
  "document.document.stored": ["documentId"],
  "audit.entry.recorded": ["eventId"],
};
/** What everybody has in the end; the last two once they were paid. */
const EVERYBODYS = ["leave.account.created", "payroll.account.created"];
const OF_THE_PAID = ["payroll.payslip.generated", "payroll.payment.processed"];

/** Counts effects by what they are the effect of: each must be there exactly once. */
export function accountFor(
  events: readonly StoredEvent[],
  mails: readonly SunkMail[],
  expected: Expected,
): Account {
  return { lost: lostOf(events, expected), doubled: doubledOf(events, mails) };
}

function missing(what: string, wanted: readonly string[], there: readonly string[]): string[] {
  const found = new Set(there);
  return wanted.filter((each) => !found.has(each)).map((each) => `${what} of ${each}`);
}

function lostOf(events: readonly StoredEvent[], { people, punchIds, isPaid }: Expected): string[] {
  const named = (field: string, ...types: string[]): string[] =>
    events.filter(({ event }) => types.includes(event.metadata.eventType)).map(at(field));
  const recorded = named("punch.punchId", "attendance.clock.recorded");
  const quarantined = named("punch.punchId", "attendance.punch.quarantined");
  const types = isPaid ? [...EVERYBODYS, ...OF_THE_PAID] : EVERYBODYS;
  return [
    ...missing("outcome", punchIds, [...recorded, ...quarantined]),
    ...types.flatMap((type) => missing(type, people, named("employeeId", type))),
    ...missing(
      "ending",
      named("notificationId", "notification.message.requested"),
      events.filter(isEnding).map(at("notificationId")),
    ),
    ...missing(
      "audit entry",
      events.filter(({ event }) => event.metadata.eventType !== AUDITED).map(idOf),
      named("eventId", AUDITED),
    ),
  ];
}

export const AUDITED = "audit.entry.recorded";

/** A message that will not be touched again, whatever came of it. */
export function isEnding({ event: { metadata, data } }: StoredEvent): boolean {
  if (metadata.eventType === "notification.message.sent") return true;
  if (metadata.eventType !== "notification.message.failed") return false;
  return field(data, "outcome") !== "will-retry";
}

function doubledOf(events: readonly StoredEvent[], mails: readonly SunkMail[]): string[] {
  const keys = events.flatMap((stored) => {
    const { eventType } = stored.event.metadata;
    const names = ONCE[eventType];
    if (names === undefined) return [];
    return [`${eventType} of ${names.map((name) => at(name)(stored)).join(" ")}`];
  });
  return [
    ...repeated(keys),
    ...repeated(events.map((stored) => `event ${idOf(stored)}`)),
    ...repeated(mails.map(({ messageId }) => `mail ${messageId}`)),
    ...overtimeToldTwice(events),
  ];
}

function repeated(keys: readonly string[]): string[] {
  const seen = new Set<string>();
  return keys.filter((key) => {
    if (seen.has(key)) return true;
    seen.add(key);
    return false;
  });
}

/** The same figure in a row is no news: somebody was told twice. */
function overtimeToldTwice(events: readonly StoredEvent[]): string[] {
  const last = new Map<string, string>();
  return events.flatMap((stored) => {
    const { eventType } = stored.event.metadata;
    const key = ["employeeId", "workdayOn", "policy"].map((name) => at(name)(stored)).join(" ");
    if (eventType === "attendance.overtime.withdrawn") last.delete(key);
    if (eventType !== "attendance.overtime.calculated") return [];
    const { revision: _revision, ...figure } = fieldsOf(stored.event.data);
    const told = JSON.stringify(figure);
    const isTwice = last.get(key) === told;
    last.set(key, told);
    return isTwice ? [`overtime of ${key}`] : [];
  });
}

const idOf = ({ event }: StoredEvent): string => event.metadata.eventId;

/** A field of an event's data as text; `a.b` = `b` within `a`. */
const at =
  (path: string) =>
  ({ event }: StoredEvent): string => {
    let value: unknown = event.data;
    for (const name of path.split(".")) value = field(value, name);
    return typeof value === "string" ? value : JSON.stringify(value ?? null);
  };

const field = (value: unknown, name: string): unknown => fieldsOf(value)[name];

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? { ...value } : {};
