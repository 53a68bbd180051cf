import type {
  badgeAssigned,
  badgeWithdrawn,
  EmployeeData,
  employeeCreated,
  employeeDeactivated,
  employeeUpdated,
  PinHash,
} from "@clockleaf/shared/events/employee.ts";
import type { Decided, EventOf } from "@clockleaf/shared/events/envelope.ts";
import { badgeKeySchema } from "@clockleaf/shared/wire/punch.ts";
import { type Decider, type Refusal, refuse } from "../eventing/decider.ts";

/** The ATTENDANCE stream names its aggregates of quarantined punches and gateways so, beside those of employees. */
const OTHER_AGGREGATE = /^[gq]-[0-9a-f]{32}$/;

/**
 * Two kinds of aggregate in one stream. A person is the aggregate of their `employeeId`. A badge is an aggregate of its
 * own, under its badge key: "a badge never belongs to two people at one instant" is a rule about one badge, so one
 * guarded append keeps it, without a lock across people and without a reaction that would come too late.
 */
export type PersonEvent =
  | EventOf<typeof employeeCreated>
  | EventOf<typeof employeeUpdated>
  | EventOf<typeof employeeDeactivated>;
export type BadgeEvent = EventOf<typeof badgeAssigned> | EventOf<typeof badgeWithdrawn>;

/** Null = no such person. */
export type Person = EmployeeData | null;

type Changeable = Omit<EmployeeData, "employeeId" | "status"> & { readonly status: "active" };
export type PersonChanges = { readonly [K in keyof Changeable]?: Changeable[K] | undefined };

export type PersonCommand =
  | { readonly type: "create"; readonly data: Omit<EmployeeData, "status"> }
  | {
      readonly type: "update";
      /** A merge patch: what is left out, or undefined, stays. `status: "active"` takes somebody on again. */
      readonly changes: PersonChanges;
    }
  | { readonly type: "deactivate"; readonly reason: string; readonly at: number };

export const personDecider: Decider<Person, PersonCommand, PersonEvent> = {
  initial: null,
  decide(person, command) {
    switch (command.type) {
      case "create":
        return create(person, command.data);
      case "update":
        return person === null ? notFound() : update(person, command.changes);
      case "deactivate":
        if (person === null) return notFound();
        if (person.status === "inactive") return [];
        return [
          {
            type: "employee.employee.deactivated",
            data: { employeeId: person.employeeId, reason: command.reason, at: command.at },
          },
        ];
    }
  },
  evolve(person, event) {
    switch (event.type) {
      case "employee.employee.created":
      case "employee.employee.updated":
        return event.data;
      case "employee.employee.deactivated":
        return person === null ? null : { ...person, status: "inactive" };
    }
  },
};

function notFound(): Refusal {
  return refuse("employee.not-found", "there is no such employee");
}

type Decision<E extends PersonEvent | BadgeEvent> = ReadonlyArray<Decided<E>> | Refusal;

function create(person: Person, data: Omit<EmployeeData, "status">): Decision<PersonEvent> {
  const created: EmployeeData = { ...data, status: "active" };
  if (person !== null && isSame(person, created)) return [];
  if (person !== null) {
    return refuse("employee.already-exists", "there is already an employee with this id");
  }
  if (badgeKeySchema.safeParse(data.employeeId).success || OTHER_AGGREGATE.test(data.employeeId)) {
    return refuse("employee.id-reserved", "an employee id must not look like a badge or a hash");
  }
  if (data.managerId === data.employeeId) return ownManager();
  return [{ type: "employee.employee.created", data: created }];
}

function update(person: EmployeeData, changes: PersonChanges): Decision<PersonEvent> {
  const sent = Object.entries(changes).filter(([, value]) => value !== undefined);
  const changed: EmployeeData = { ...person, ...Object.fromEntries(sent) };
  if (isSame(person, changed)) return [];
  if (changed.managerId === person.employeeId) return ownManager();
  return [{ type: "employee.employee.updated", data: changed }];
}

function ownManager(): Refusal {
  return refuse("employee.own-manager", "nobody is their own manager");
}

function fieldsOf(data: EmployeeData): string {
  return JSON.stringify(Object.entries(data).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function isSame(one: EmployeeData, other: EmployeeData): boolean {
  return fieldsOf(one) === fieldsOf(other);
}

/** Who held the badge from `validFrom` until `validTo` (exclusive); null = holds it still. */
export interface BadgePeriod {
  readonly employeeId: string;
  readonly validFrom: number;
  readonly validTo: number | null;
  readonly pin: PinHash | null;
}

/** All periods of one badge, in the order they were assigned; at most one is open, and it is the last. */
export interface Badge {
  readonly periods: readonly BadgePeriod[];
}

export type BadgeCommand =
  | {
      readonly type: "assign";
      readonly badge: string;
      readonly employeeId: string;
      /** The person's state as the caller just read it; a badge is given to active people only. */
      readonly holder: "active" | "inactive" | "unknown";
      readonly validFrom: number;
      /** A hash made from the PIN for this command; null = no PIN with this badge. */
      readonly pin: PinHash | null;
    }
  | {
      readonly type: "withdraw";
      readonly badge: string;
      readonly employeeId: string;
      /** Null = as of `at`. */
      readonly validTo: number | null;
      readonly reason: string;
      /** The instant of the command. */
      readonly at: number;
    };

export const badgeDecider: Decider<Badge, BadgeCommand, BadgeEvent> = {
  initial: { periods: [] },
  decide(badge, command) {
    switch (command.type) {
      case "assign":
        return assign(badge, command);
      case "withdraw":
        return withdraw(badge, command);
    }
  },
  evolve({ periods }, { type, data }) {
    const { held, others } = split(periods, data.employeeId);
    switch (type) {
      case "employee.badge.assigned": {
        const { employeeId, validFrom, pin } = data;
        return { periods: [...others, { employeeId, validFrom, validTo: null, pin }] };
      }
      case "employee.badge.withdrawn":
        if (held === undefined) return { periods };
        return { periods: [...others, { ...held, validTo: data.validTo }] };
    }
  },
};

/**
 * Gives the badge from `validFrom` on, also back in time: punches made since then and waiting in quarantine become the
 * holder's. For who holds it already, an earlier `validFrom` or a new PIN replaces what was; a later one is refused,
 * since it would take punches away: that is a withdrawal.
 */
function assign(
  { periods }: Badge,
  command: Extract<BadgeCommand, { type: "assign" }>,
): Decision<BadgeEvent> {
  const { badge, employeeId, validFrom, pin } = command;
  const { held, others } = split(periods, employeeId);
  const refusal = mayHold(command.holder) ?? overlap(others, command);
  if (refusal !== undefined) return refusal;
  if (held !== undefined && validFrom > held.validFrom) {
    return refuse("badge.already-assigned", "the employee already holds this badge");
  }
  if (held?.validFrom === validFrom && pin === null && held.pin === null) return [];
  return [{ type: "employee.badge.assigned", data: { employeeId, badge, validFrom, pin } }];
}

/** The period in which the person holds the badge now, if so, and all the others. */
function split(
  periods: readonly BadgePeriod[],
  employeeId: string,
): { held: BadgePeriod | undefined; others: readonly BadgePeriod[] } {
  const last = periods.at(-1);
  if (last?.validTo !== null || last.employeeId !== employeeId) {
    return { held: undefined, others: periods };
  }
  return { held: last, others: periods.slice(0, -1) };
}

function mayHold(holder: "active" | "inactive" | "unknown"): Refusal | undefined {
  switch (holder) {
    case "active":
      return undefined;
    case "inactive":
      return refuse("employee.not-active", "a badge is given to active employees only");
    case "unknown":
      return notFound();
  }
}

/** A new period has no end yet, so it overlaps every other one that ends after it begins. */
function overlap(
  others: readonly BadgePeriod[],
  { employeeId, validFrom }: { readonly employeeId: string; readonly validFrom: number },
): Refusal | undefined {
  const overlapped = others.find((each) => each.validTo === null || each.validTo > validFrom);
  if (overlapped === undefined) return undefined;
  return overlapped.employeeId === employeeId
    ? refuse("badge.overlaps-own", "the employee held this badge then; choose a later instant")
    : refuse("badge.held-by-another", "somebody else holds or held this badge at that instant");
}

function withdraw(
  { periods }: Badge,
  command: Extract<BadgeCommand, { type: "withdraw" }>,
): Decision<BadgeEvent> {
  const { badge, employeeId, reason, at } = command;
  const validTo = command.validTo ?? at;
  const last = periods.findLast((each) => each.employeeId === employeeId);
  if (last === undefined) {
    return refuse("badge.not-found", "the employee does not hold this badge");
  }
  if (last.validTo !== null) {
    // Asked again, perhaps because the first answer was lost.
    const isRepeated = command.validTo === null || command.validTo === last.validTo;
    return isRepeated ? [] : refuse("badge.already-withdrawn", "as of another instant");
  }
  if (validTo > at) return refuse("badge.not-yet", "a badge is withdrawn as of now or earlier");
  if (validTo < last.validFrom) {
    return refuse("badge.before-assigned", "the badge was not the employee's at that instant");
  }
  return [{ type: "employee.badge.withdrawn", data: { employeeId, badge, validTo, reason } }];
}
