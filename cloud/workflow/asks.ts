import type { AttendanceEvent } from "@clockleaf/shared/events/attendance.ts";
import type { Decided } from "@clockleaf/shared/events/envelope.ts";
import type { LeaveEvent } from "@clockleaf/shared/events/leave.ts";
import type { PayrollEvent } from "@clockleaf/shared/events/payroll.ts";
import type { About } from "@clockleaf/shared/events/workflow.ts";

/** Events of the contexts in which something is asked for. */
export type AskingEvent = AttendanceEvent | LeaveEvent | PayrollEvent;
type Told = Decided<AskingEvent>;

/** What approval is asked for. */
interface Ask {
  readonly about: About;
  readonly requestedBy: string;
  /** In the unit of its chain. */
  readonly size: number;
  /** For people; no names. */
  readonly summary: string;
}

/** What an event of another context means for the requests about one subject. */
export interface Asking {
  /** What it is about, whatever is asked of it: see {@link subjectOf}. */
  readonly subject: string;
  /** Null = nothing is to be decided about the subject any more. */
  readonly ask: Ask | null;
  /** Why earlier requests about the subject no longer stand. */
  readonly because: string;
}

/** No API key can have this name, for the slash. */
const BY_ATTENDANCE = "cloud/attendance";

/** One request about a subject is pending at a time: a day's overtime by one policy, a leave, a correction, a pay run. */
export function subjectOf(about: About): string {
  switch (about.kind) {
    case "overtime":
      return overtimeSubject(about);
    case "leave":
      return `leave/${about.leaveId}`;
    case "correction":
      return `correction/${about.correctionRequestId}`;
    case "pay-run":
      return `pay-run/${about.runId}`;
  }
}

function overtimeSubject(of: {
  readonly employeeId: string;
  readonly workdayOn: string;
  readonly policy: string;
}): string {
  return `overtime/${of.employeeId}/${of.workdayOn}/${of.policy}`;
}

const DECIDED_ELSEWHERE = "it was decided without this request";

/** Undefined for events that ask for nothing and end nothing. */
export function askingOf(event: Told): Asking | undefined {
  switch (event.type) {
    case "attendance.overtime.calculated":
    case "attendance.overtime.withdrawn":
      return overtimeAsking(event);
    case "leave.leave.cancelled":
      return endOf(`leave/${event.data.leaveId}`, "the leave was cancelled");
    case "attendance.correction.approved":
    case "attendance.correction.rejected":
      return endOf(`correction/${event.data.requestId}`, DECIDED_ELSEWHERE);
    case "leave.leave.approved":
    case "leave.leave.rejected":
      return endOf(`leave/${event.data.leaveId}`, DECIDED_ELSEWHERE);
    case "payroll.run.approved":
    case "payroll.run.rejected":
      return endOf(`pay-run/${event.data.runId}`, DECIDED_ELSEWHERE);
    default: {
      const ask = askOf(event);
      if (ask === undefined) return undefined;
      return { subject: subjectOf(ask.about), ask, because: "it was asked again" };
    }
  }
}

function askOf({ type, data }: Told): Ask | undefined {
  switch (type) {
    case "attendance.correction.requested":
      return correctionAsk(data);
    case "leave.leave.requested":
      // Nobody is asked about what is approved by its policy, such as sickness.
      return data.needsApproval === false ? undefined : leaveAsk(data);
    case "payroll.run.submitted":
      return payRunAsk(data);
    default:
      return undefined;
  }
}

const endOf = (subject: string, because: string): Asking => ({ subject, ask: null, because });

type DataOf<T extends Told["type"]> = Extract<Told, { type: T }>["data"];

function overtimeAsking({
  type,
  data,
}: Extract<
  Told,
  { type: "attendance.overtime.calculated" | "attendance.overtime.withdrawn" }
>): Asking {
  const subject = overtimeSubject(data);
  if (type === "attendance.overtime.withdrawn") {
    return endOf(subject, "the day holds no such overtime any more");
  }
  const isAsked = data.needsApproval && data.seconds > 0;
  const because = "the day now holds another figure";
  return { subject, ask: isAsked ? overtimeAsk(data) : null, because };
}

function overtimeAsk(data: DataOf<"attendance.overtime.calculated">): Ask {
  const { employeeId, workdayOn, policy, seconds } = data;
  const minutes = Math.round(seconds / 60);
  return {
    about: { kind: "overtime", employeeId, workdayOn, policy, seconds },
    requestedBy: BY_ATTENDANCE,
    size: seconds / 60,
    summary: `${minutes} min of overtime on ${workdayOn} by ${policy}`,
  };
}

function leaveAsk(data: DataOf<"leave.leave.requested">): Ask {
  const { employeeId, leaveId, requestedBy, minutes, code, fromOn, toOn } = data;
  return {
    about: { kind: "leave", employeeId, leaveId },
    requestedBy,
    size: minutes,
    summary: `Leave ${code} from ${fromOn} to ${toOn}`,
  };
}

function correctionAsk(data: DataOf<"attendance.correction.requested">): Ask {
  const { requestId, items, reasonCode, requestedBy, overridesLock } = data;
  const employeeIds = [...new Set(items.map(({ employeeId }) => employeeId))];
  const lock = overridesLock ? ", in a locked period" : "";
  return {
    about: { kind: "correction", correctionRequestId: requestId, employeeIds },
    requestedBy,
    size: items.length,
    summary: `${items.length} punches corrected for ${employeeIds.length} people: ${reasonCode}${lock}`,
  };
}

function payRunAsk({ runId, periodId, by, people }: DataOf<"payroll.run.submitted">): Ask {
  return {
    about: { kind: "pay-run", runId, periodId },
    requestedBy: by,
    size: people,
    summary: `Pay run ${runId} of ${periodId}: ${people} people`,
  };
}
