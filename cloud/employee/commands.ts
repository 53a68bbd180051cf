import type { PinHash } from "@clockleaf/shared/events/employee.ts";
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
  type Holder,
} from "./badge-decider.ts";
import { type PersonCommand, personDecider } from "./decider.ts";
import { countsNow, type Person, type PersonEvent } from "./person.ts";

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
   * Gives a badge to a person who works here at this moment. If the person is deactivated at the very same moment both
   * may go through; that does no harm, since gateways and intake ask whether the holder is active as well.
   */
  assignBadge(badge: NewBadge, cause: Cause): Promise<Outcome<BadgeEvent>>;
}

export function createEmployeeCommands(store: EventStore, tenant: string): EmployeeCommands {
  // Nothing is remembered between commands: what was erased must not live on in the memory of some process.
  const kept = { store, tenant, domain: "employee", cacheSize: 0 } as const;
  const people = createAggregateRunner({ ...kept, decider: personDecider });
  const badges = createAggregateRunner({ ...kept, decider: badgeDecider });
  return {
    people,
    badges,
    async assignBadge(badge, cause) {
      const { state } = await people.state(badge.employeeId);
      const holder = holderOf(state);
      return await badges.handle(badge.badge, { type: "assign", ...badge, holder }, cause);
    },
  };
}

function holderOf(person: Person): Holder {
  if (person === null) return "unknown";
  return countsNow(person) ? "active" : "inactive";
}
