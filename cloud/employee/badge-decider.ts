import type { badgeAssigned, badgeWithdrawn, PinHash } from "@clockleaf/shared/events/employee.ts";
import type { Decided, EventOf } from "@clockleaf/shared/events/envelope.ts";
import { type Decider, type Refusal, refuse } from "../eventing/decider.ts";

export type BadgeEvent = EventOf<typeof badgeAssigned> | EventOf<typeof badgeWithdrawn>;
type Decision = ReadonlyArray<Decided<BadgeEvent>> | Refusal;

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

export type Holder = "active" | "inactive" | "unknown";

export type BadgeCommand =
  | {
      readonly type: "assign";
      readonly badge: string;
      readonly employeeId: string;
      /** The person as the caller just read them; a badge is given to people who work here only. */
      readonly holder: Holder;
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
        // Nobody asks for the PIN of a badge that opens nothing, so its hash is not kept.
        return { periods: [...others, { ...held, validTo: data.validTo, pin: null }] };
    }
  },
};

/**
 * Gives the badge from `validFrom` on, also back in time: punches made since then and waiting in quarantine become the
 * holder's. For who holds it already, an earlier `validFrom` or a new PIN replaces what was; a later one is refused,
 * since it would take punches away: that is a withdrawal.
 */
function assign({ periods }: Badge, command: Extract<BadgeCommand, { type: "assign" }>): Decision {
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

function mayHold(holder: Holder): Refusal | undefined {
  switch (holder) {
    case "active":
      return undefined;
    case "inactive":
      return refuse("employee.not-active", "a badge is given to active employees only");
    case "unknown":
      return refuse("employee.not-found", "there is no such employee");
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
): Decision {
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
