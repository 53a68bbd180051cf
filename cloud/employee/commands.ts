import type { EmployeeData, PinHash } from "@clockleaf/shared/events/employee.ts";
import {
  type AggregateRunner,
  createAggregateRunner,
  type Outcome,
} from "../eventing/aggregate-runner.ts";
import type { Cause, EventStore } from "../eventing/event-store.ts";
import {
  type Badge,
  type BadgeCommand,
  type BadgeEvent,
  badgeDecider,
  type Person,
  type PersonCommand,
  type PersonEvent,
  personDecider,
} from "./decider.ts";

export const SOURCE = "cloud/employee";

export interface NewBadge {
  readonly badge: string;
  readonly employeeId: string;
  readonly validFrom: number;
  readonly pin: PinHash | null;
}

/** All that can be done to people and badges. */
export interface EmployeeCommands {
  readonly people: AggregateRunner<Person, PersonCommand, PersonEvent>;
  readonly badges: AggregateRunner<Badge, BadgeCommand, BadgeEvent>;
  /**
   * Gives a badge to a person who is active at this moment. If the person is deactivated at the very same moment both
   * may go through; that does no harm, since gateways and intake ask whether the holder is active as well.
   */
  assignBadge(badge: NewBadge, cause: Cause): Promise<Outcome<BadgeEvent>>;
}

export function createEmployeeCommands(store: EventStore, tenant: string): EmployeeCommands {
  const domain = "employee";
  const people = createAggregateRunner({ store, decider: personDecider, domain, tenant });
  const badges = createAggregateRunner({ store, decider: badgeDecider, domain, tenant });
  return {
    people,
    badges,
    async assignBadge(badge, cause) {
      const { state } = await people.state(badge.employeeId);
      const holder = statusOf(state);
      return await badges.handle(badge.badge, { type: "assign", ...badge, holder }, cause);
    },
  };
}

function statusOf(person: EmployeeData | null): "active" | "inactive" | "unknown" {
  if (person === null) return "unknown";
  return person.status === "active" ? "active" : "inactive";
}
