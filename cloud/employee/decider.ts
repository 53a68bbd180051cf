import type { EmployeeData } from "@clockleaf/shared/events/employee.ts";
import type { Decided } from "@clockleaf/shared/events/envelope.ts";
import { badgeKeySchema } from "@clockleaf/shared/wire/punch.ts";
import { dayOfDate, instantOf } from "@clockleaf/shared/worktime/civil-time.ts";
import { type Decider, type Refusal, refuse } from "../eventing/decider.ts";
import { evolvePerson, type Person, type PersonEvent, type PersonState } from "./person.ts";

/** The ATTENDANCE stream names its aggregates of quarantined punches and gateways so, beside those of employees. */
const OTHER_AGGREGATE = /^[gq]-[0-9a-f]{32}$/;

export type NewPerson = Omit<EmployeeData, "status">;
type Changeable = Omit<EmployeeData, "employeeId" | "status"> & { readonly status: "active" };
export type PersonChanges = { readonly [K in keyof Changeable]?: Changeable[K] | undefined };

interface At {
  /** The instant of the command, UTC milliseconds. */
  readonly at: number;
}
interface InZone {
  /** Where the days of people begin who have no zone of their own. */
  readonly zone: string;
}

export type PersonCommand =
  | (At &
      InZone & {
        readonly type: "create";
        readonly data: NewPerson;
        /** True: not to be activated yet. */
        readonly isDraft: boolean;
        /** Null = no probation to begin with. */
        readonly probationUntilOn: string | null;
      })
  | (At & { readonly type: "activate" })
  | (At & {
      readonly type: "update";
      /** A merge patch: what is left out, or undefined, stays. `status: "active"` takes somebody on again. */
      readonly changes: PersonChanges;
    })
  | (At & { readonly type: "suspend"; readonly reason: string })
  | (At & { readonly type: "reactivate"; readonly reason: string })
  | (At &
      InZone & {
        readonly type: "terminate";
        readonly reason: string;
        readonly lastDayOn: string;
      })
  | (At & { readonly type: "deactivate"; readonly reason: string })
  | (At & InZone & { readonly type: "start-probation"; readonly untilOn: string })
  | (At & { readonly type: "complete-probation" })
  | (At & { readonly type: "start-leave"; readonly leaveId: string; readonly code: string })
  | (At & { readonly type: "end-leave"; readonly leaveId: string })
  | (At & {
      readonly type: "erase";
      readonly requestedBy: string;
      readonly reason: string;
      /** Also somebody who is still employed. */
      readonly isForced: boolean;
    });

type Command<Type extends PersonCommand["type"]> = Extract<PersonCommand, { type: Type }>;
type Decision = ReadonlyArray<Decided<PersonEvent>> | Refusal;

export const personDecider: Decider<Person, PersonCommand, PersonEvent> = {
  initial: null,
  decide(person, command) {
    if (command.type === "create") return create(person, command);
    if (person === null) return refuse("employee.not-found", "there is no such employee");
    if (person.isErased) {
      return command.type === "erase" ? [] : refuse("employee.erased", "the person was erased");
    }
    switch (command.type) {
      case "activate":
        return activate(person, command);
      case "update":
        return update(person, command);
      case "suspend":
        return suspend(person, command);
      case "reactivate":
        return reactivate(person, command);
      case "terminate":
        return terminate(person, command);
      case "deactivate":
        return deactivate(person, command);
      case "start-probation":
        return startProbation(person, command);
      case "complete-probation":
        return completeProbation(person, command);
      case "start-leave":
        return startLeave(person, command);
      case "end-leave":
        return endLeave(person, command);
      case "erase":
        return erase(person, command);
    }
  },
  evolve: evolvePerson,
};

function create(person: Person, command: Command<"create">): Decision {
  const { data, isDraft, probationUntilOn, at, zone } = command;
  const { employeeId } = data;
  if (person !== null) {
    if (isRepeated(person, command)) return [];
    return refuse("employee.already-exists", "there is already an employee with this id");
  }
  if (badgeKeySchema.safeParse(employeeId).success || OTHER_AGGREGATE.test(employeeId)) {
    return refuse("employee.id-reserved", "an employee id must not look like a badge or a hash");
  }
  if (data.managerId === employeeId) return ownManager();
  if (isDraft && probationUntilOn !== null) {
    return refuse("employee.draft", "a probation begins once the employee is activated");
  }
  const created: Decided<PersonEvent> = {
    type: "employee.employee.created",
    data: { ...data, status: "draft" },
  };
  if (isDraft) return [created];
  const activated: Decided<PersonEvent> = {
    type: "employee.employee.activated",
    data: { employeeId, at },
  };
  if (probationUntilOn === null) return [created, activated];
  const probation = probationOf(data, { untilOn: probationUntilOn, zone, at });
  return isProbation(probation) ? [created, activated, probation] : probation;
}

/** Asked again, perhaps because the first answer was lost: the same person, and nothing happened to them since. */
function isRepeated(person: PersonState, { data, isDraft }: Command<"create">): boolean {
  const status = isDraft ? "draft" : "active";
  return isSame(person.data, { ...data, status });
}

function activate(person: PersonState, { at }: Command<"activate">): Decision {
  const { employeeId, status } = person.data;
  switch (status) {
    case "draft":
      return [{ type: "employee.employee.activated", data: { employeeId, at } }];
    case "active":
      return [];
    case "suspended":
    case "terminated":
    case "inactive":
      return refuseState(status);
  }
}

function update(person: PersonState, { changes, at }: Command<"update">): Decision {
  const before = person.data;
  const { status } = before;
  if (changes.status === "active" && status !== "active" && status !== "inactive") {
    return refuseState(status);
  }
  const sent = Object.entries(changes).filter(([, value]) => value !== undefined);
  const data: EmployeeData = { ...before, ...Object.fromEntries(sent) };
  if (isSame(before, data)) return [];
  const { employeeId } = data;
  if (data.managerId === employeeId) return ownManager();
  const events: Array<Decided<PersonEvent>> = [{ type: "employee.employee.updated", data }];
  if (data.departmentId !== before.departmentId) {
    const moved = { fromDepartmentId: before.departmentId, toDepartmentId: data.departmentId };
    events.push({ type: "employee.department.changed", data: { employeeId, ...moved, at } });
  }
  if (data.managerId !== before.managerId) {
    const moved = { fromManagerId: before.managerId, toManagerId: data.managerId };
    events.push({ type: "employee.manager.changed", data: { employeeId, ...moved, at } });
  }
  return events;
}

function suspend(person: PersonState, { reason, at }: Command<"suspend">): Decision {
  const { employeeId, status } = person.data;
  switch (status) {
    case "active":
      return [{ type: "employee.employee.suspended", data: { employeeId, reason, at } }];
    case "suspended":
      return [];
    case "draft":
    case "terminated":
    case "inactive":
      return refuseState(status);
  }
}

function reactivate(person: PersonState, { reason, at }: Command<"reactivate">): Decision {
  const { employeeId, status } = person.data;
  switch (status) {
    case "suspended":
      return [{ type: "employee.employee.reactivated", data: { employeeId, reason, at } }];
    case "active":
      return [];
    case "draft":
    case "terminated":
    case "inactive":
      return refuseState(status);
  }
}

function terminate(person: PersonState, command: Command<"terminate">): Decision {
  const { employeeId, status, startDate } = person.data;
  const { reason, lastDayOn, zone, at } = command;
  switch (status) {
    case "active":
    case "suspended":
      break;
    case "terminated":
      if (person.termination?.lastDayOn === lastDayOn) return [];
      return refuseState(status);
    case "draft":
    case "inactive":
      return refuseState(status);
  }
  if (lastDayOn < startDate) {
    return refuse("employee.last-day-before-first", `the first day is ${startDate}`);
  }
  const endsAt = endOfDay(lastDayOn, person.data.zone ?? zone);
  return [
    { type: "employee.employee.terminated", data: { employeeId, reason, at, lastDayOn, endsAt } },
  ];
}

function deactivate(person: PersonState, { reason, at }: Command<"deactivate">): Decision {
  const { employeeId, status } = person.data;
  if (status === "inactive") return [];
  return [{ type: "employee.employee.deactivated", data: { employeeId, reason, at } }];
}

function startProbation(person: PersonState, command: Command<"start-probation">): Decision {
  if (person.data.status !== "active") return refuseState(person.data.status);
  switch (person.activity) {
    case "working": {
      const probation = probationOf(person.data, command);
      return isProbation(probation) ? [probation] : probation;
    }
    case "probation":
      if (person.probation?.untilOn === command.untilOn) return [];
      return refuse("employee.on-probation", "a probation is running; complete it first");
    case "on-leave":
      return refuse("employee.on-leave", "a probation begins when the employee is back");
  }
}

type ProbationStarted = Extract<Decided<PersonEvent>, { type: "employee.probation.started" }>;

function probationOf(
  data: NewPerson,
  command: At & InZone & { readonly untilOn: string },
): ProbationStarted | Refusal {
  const { untilOn, zone, at } = command;
  const endsAt = endOfDay(untilOn, data.zone ?? zone);
  if (endsAt <= at) return refuse("employee.probation-over", "its last day is over already");
  const { employeeId } = data;
  return { type: "employee.probation.started", data: { employeeId, untilOn, endsAt, at } };
}

const isProbation = (of: ProbationStarted | Refusal): of is ProbationStarted => "type" in of;

function completeProbation(person: PersonState, { at }: Command<"complete-probation">): Decision {
  const { employeeId, status } = person.data;
  if (status !== "active") return refuseState(status);
  if (person.activity === "probation") {
    return [{ type: "employee.probation.completed", data: { employeeId, at } }];
  }
  if (person.probation !== null) return [];
  return refuse("employee.not-on-probation", "no probation is running");
}

function startLeave(person: PersonState, command: Command<"start-leave">): Decision {
  const { employeeId, status } = person.data;
  const { leaveId, code, at } = command;
  if (status !== "active") return refuseState(status);
  switch (person.activity) {
    case "working":
      return [{ type: "employee.leave.started", data: { employeeId, leaveId, code, at } }];
    case "on-leave":
      if (person.leaveId === leaveId) return [];
      return refuse("employee.on-leave", "another leave is running");
    case "probation":
      return refuse("employee.on-probation", "a probation is running");
  }
}

function endLeave(person: PersonState, { leaveId, at }: Command<"end-leave">): Decision {
  const { employeeId, status } = person.data;
  if (status !== "active") return refuseState(status);
  if (person.leaveId !== leaveId) {
    return refuse("employee.not-on-leave", "this leave did not begin");
  }
  if (person.activity !== "on-leave") return [];
  return [{ type: "employee.leave.ended", data: { employeeId, leaveId, at } }];
}

function erase(person: PersonState, command: Command<"erase">): Decision {
  const { employeeId, status } = person.data;
  const { requestedBy, reason, at, isForced } = command;
  const isGone = status === "terminated" || status === "inactive";
  if (!isGone && !isForced) {
    return refuse("employee.still-employed", "terminate or deactivate first, or force it");
  }
  const erased: Decided<PersonEvent> = {
    type: "employee.person.erased",
    data: { employeeId, requestedBy, reason, at },
  };
  if (status === "inactive") return [erased];
  const left = { employeeId, reason: "erased", at };
  return [{ type: "employee.employee.deactivated", data: left }, erased];
}

function refuseState(status: EmployeeData["status"]): Refusal {
  switch (status) {
    case "draft":
      return refuse("employee.draft", "the employee was not activated yet");
    case "active":
      return refuse("employee.active", "the employee is active");
    case "suspended":
      return refuse("employee.suspended", "the employee is suspended; reactivate them first");
    case "terminated":
      return refuse("employee.terminated", "the employee was terminated");
    case "inactive":
      return refuse("employee.not-active", "the employee left; take them on again first");
  }
}

function ownManager(): Refusal {
  return refuse("employee.own-manager", "nobody is their own manager");
}

const endOfDay = (on: string, zone: string): number => instantOf(dayOfDate(on) + 1, 0, zone);

function fieldsOf(data: EmployeeData): string {
  return JSON.stringify(Object.entries(data).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function isSame(one: EmployeeData, other: EmployeeData): boolean {
  return fieldsOf(one) === fieldsOf(other);
}
