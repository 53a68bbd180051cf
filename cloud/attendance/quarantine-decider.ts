import type {
  PunchOrigin,
  punchQuarantined,
  QUARANTINE_REASONS,
  quarantineResolved,
} from "@clockleaf/shared/events/attendance.ts";
import type { Decided, EventOf } from "@clockleaf/shared/events/envelope.ts";
import { type Decider, type Refusal, refuse } from "../eventing/decider.ts";

export type QuarantineReason = (typeof QUARANTINE_REASONS)[number];

export type QuarantineCommand =
  | {
      readonly type: "quarantine";
      readonly punch: PunchOrigin;
      readonly zone: string;
      readonly reason: QuarantineReason;
    }
  | {
      readonly type: "resolve";
      /** Null rejects the punch: it stays on record and counts for nobody. */
      readonly employeeId: string | null;
      /** The instant it shall count at, UTC milliseconds; null = its own. */
      readonly at: number | null;
      readonly resolvedBy: string;
      readonly note: string;
      /** Nothing may be dated later than this, UTC milliseconds. */
      readonly latestAt: number;
    };

export type QuarantineEvent = EventOf<typeof punchQuarantined> | EventOf<typeof quarantineResolved>;
type Happened = Decided<QuarantineEvent>;

/** One punch that could not be attributed: it waits, then is resolved once. */
export type QuarantineState =
  | { readonly kind: "none" }
  | {
      readonly kind: "waiting";
      readonly punch: PunchOrigin;
      readonly zone: string;
      readonly reason: QuarantineReason;
    }
  | { readonly kind: "resolved"; readonly employeeId: string | null; readonly at: number };

type Resolve = Extract<QuarantineCommand, { type: "resolve" }>;

/** Quarantining again and resolving again in the same way change nothing; resolving otherwise is refused. */
export const quarantineDecider: Decider<QuarantineState, QuarantineCommand, QuarantineEvent> = {
  initial: { kind: "none" },
  decide(state, command) {
    switch (command.type) {
      case "quarantine": {
        if (state.kind !== "none") return [];
        const { punch, zone, reason } = command;
        return [{ type: "attendance.punch.quarantined", data: { punch, zone, reason } }];
      }
      case "resolve":
        return resolve(state, command);
    }
  },
  evolve(_state, event): QuarantineState {
    switch (event.type) {
      case "attendance.punch.quarantined":
        return { kind: "waiting", ...event.data };
      case "attendance.quarantine.resolved":
        return { kind: "resolved", employeeId: event.data.employeeId, at: event.data.at };
    }
  },
};

function resolve(state: QuarantineState, command: Resolve): Happened[] | Refusal {
  switch (state.kind) {
    case "none":
      return refuse("quarantine.not-found", "no such punch is in quarantine");
    case "resolved": {
      const isSame =
        state.employeeId === command.employeeId && (command.at ?? state.at) === state.at;
      if (isSame) return [];
      return refuse("quarantine.already-resolved", "the punch was resolved in another way before");
    }
    case "waiting":
      return resolveWaiting(state, command);
  }
}

function resolveWaiting(
  { punch, zone, reason }: Extract<QuarantineState, { kind: "waiting" }>,
  command: Resolve,
): Happened[] | Refusal {
  const { employeeId, resolvedBy, note } = command;
  const at = command.at ?? punch.time.gatewayAtMs;
  if (employeeId !== null) {
    if (command.at === null && reason === "impossible-time") {
      return refuse("quarantine.time-needed", "the punch has no believable time: give one");
    }
    if (at > command.latestAt) {
      return refuse("quarantine.future-time", "a punch cannot be dated into the future");
    }
  }
  const data = { punch, zone, employeeId, at, resolvedBy, note };
  return [{ type: "attendance.quarantine.resolved", data }];
}
