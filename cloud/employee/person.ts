import {
  type departmentChanged,
  type EmployeeData,
  type employeeActivated,
  type employeeCreated,
  employeeDataSchema,
  type employeeDeactivated,
  type employeeReactivated,
  type employeeSuspended,
  type employeeTerminated,
  type employeeUpdated,
  endOfTerm,
  erasedEmployee,
  type leaveEnded,
  type leaveStarted,
  type managerChanged,
  type personErased,
  type probationCompleted,
  type probationStarted,
} from "@clockleaf/shared/events/employee.ts";
import type { Decided, EventOf } from "@clockleaf/shared/events/envelope.ts";
import { z } from "zod";

/**
 * A person is the aggregate of their `employeeId`; badges are aggregates of their own (`badge-decider.ts`).
 *
 *     Draft → Active → Suspended → Active; Active or Suspended → Terminated → Inactive
 *     inside Active: Working ↔ OnLeave, Working ↔ Probation
 *
 * Inactive is the end of a termination, and whoever was taken off the readers at once; from there, and only from there,
 * somebody can be taken on again. Erased is the end.
 */
export type PersonEvent =
  | EventOf<typeof employeeCreated>
  | EventOf<typeof employeeUpdated>
  | EventOf<typeof employeeDeactivated>
  | EventOf<typeof employeeActivated>
  | EventOf<typeof employeeSuspended>
  | EventOf<typeof employeeReactivated>
  | EventOf<typeof employeeTerminated>
  | EventOf<typeof departmentChanged>
  | EventOf<typeof managerChanged>
  | EventOf<typeof leaveStarted>
  | EventOf<typeof leaveEnded>
  | EventOf<typeof probationStarted>
  | EventOf<typeof probationCompleted>
  | EventOf<typeof personErased>;

export const ACTIVITIES = ["working", "on-leave", "probation"] as const;
export type Activity = (typeof ACTIVITIES)[number];

export const personStateSchema = z.object({
  data: employeeDataSchema,
  /** Means something while `data.status` is active only; a suspension keeps it, and whoever is reactivated goes on with it. */
  activity: z.enum(ACTIVITIES),
  /** The running probation, or the last one. */
  probation: z.object({ untilOn: z.string(), endsAt: z.int() }).nullable(),
  /** The running leave, or the last one. */
  leaveId: z.string().nullable(),
  termination: z.object({ lastDayOn: z.string(), endsAt: z.int() }).nullable(),
  /** Suspended, also when terminated out of that: readers refuse them and their punches do not count. */
  isBarred: z.boolean(),
  isErased: z.boolean(),
});
export type PersonState = Readonly<z.output<typeof personStateSchema>>;

/** Null = no such person. */
export type Person = PersonState | null;

function begin(data: EmployeeData): PersonState {
  return {
    data,
    activity: "working",
    probation: null,
    leaveId: null,
    termination: null,
    isBarred: false,
    isErased: false,
  };
}

type LaterEvent = Exclude<Decided<PersonEvent>, { type: "employee.employee.created" }>;

function evolveLater(person: PersonState, event: LaterEvent): PersonState {
  const become = (status: EmployeeData["status"]): PersonState => ({
    ...person,
    data: { ...person.data, status },
  });
  switch (event.type) {
    case "employee.employee.updated": {
      const isTakenOn = event.data.status === "active" && person.data.status !== "active";
      return isTakenOn ? begin(event.data) : { ...person, data: event.data };
    }
    case "employee.employee.activated":
      return become("active");
    case "employee.employee.suspended":
      return { ...become("suspended"), isBarred: true };
    case "employee.employee.reactivated":
      return { ...become("active"), isBarred: false };
    case "employee.employee.terminated": {
      const { lastDayOn, endsAt } = event.data;
      return {
        ...become("terminated"),
        termination: { lastDayOn, endsAt: endOfTerm(lastDayOn, endsAt) },
      };
    }
    case "employee.employee.deactivated":
      return become("inactive");
    case "employee.department.changed":
    case "employee.manager.changed":
      // The same append has the whole record.
      return person;
    case "employee.leave.started":
      return { ...person, activity: "on-leave", leaveId: event.data.leaveId };
    case "employee.leave.ended":
      return { ...person, activity: "working" };
    case "employee.probation.started": {
      const { untilOn, endsAt } = event.data;
      const probation = { untilOn, endsAt: endOfTerm(untilOn, endsAt) };
      return { ...person, activity: "probation", probation };
    }
    case "employee.probation.completed":
      return { ...person, activity: "working" };
    case "employee.person.erased":
      return { ...person, data: erasedEmployee(person.data), isErased: true };
  }
}

export function evolvePerson(person: Person, event: Decided<PersonEvent>): Person {
  if (event.type === "employee.employee.created") return begin(event.data);
  return person === null ? null : evolveLater(person, event);
}

/** Whether readers let them in and their punches count, as long as nothing else is said. */
export function countsNow({ data, isBarred }: PersonState): boolean {
  return data.status === "active" || (data.status === "terminated" && !isBarred);
}

/** What they do these days; null while that is not a question. */
export const activityOf = ({ data, activity }: PersonState): Activity | null =>
  data.status === "active" ? activity : null;

/** When time itself changes something: the last day, or the probation, is over. */
export function dueAt({ data, activity, probation, termination }: PersonState): number | null {
  if (data.status === "terminated") return termination?.endsAt ?? null;
  if (data.status === "active" && activity === "probation") return probation?.endsAt ?? null;
  return null;
}
