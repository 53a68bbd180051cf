import type {
  PunchOrigin,
  punchQuarantined,
  punchRedated,
  QUARANTINE_REASONS,
  quarantineResolved,
} from "@clockleaf/shared/events/attendance.ts";
import type { Decided, EventOf } from "@clockleaf/shared/events/envelope.ts";
import { punchedAtMs } from "@clockleaf/shared/wire/punch.ts";
import { redated, type TimeAnchor } from "@clockleaf/shared/wire/redating.ts";
import { spell } from "@clockleaf/shared/worktime/civil-time.ts";
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
      /** Its gateway has come to know the time within the same boot. */
      readonly type: "redate";
      readonly anchor: TimeAnchor;
      /** The journal row that says so. */
      readonly rowId: string;
      /** Whose the punch is at its new time; null = nobody's, because of `heldBy`. */
      readonly employeeId: string | null;
      readonly heldBy: QuarantineReason | null;
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

export type QuarantineEvent =
  | EventOf<typeof punchQuarantined>
  | EventOf<typeof punchRedated>
  | EventOf<typeof quarantineResolved>;
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

type Redate = Extract<QuarantineCommand, { type: "redate" }>;
type Resolve = Extract<QuarantineCommand, { type: "resolve" }>;

/**
 * Quarantining again, re-dating again and resolving again in the same way change nothing; resolving otherwise is refused. What
 * a person decided first stands.
 */
export const quarantineDecider: Decider<QuarantineState, QuarantineCommand, QuarantineEvent> = {
  initial: { kind: "none" },
  decide(state, command) {
    switch (command.type) {
      case "quarantine": {
        if (state.kind !== "none") return [];
        const { punch, zone, reason } = command;
        return [{ type: "attendance.punch.quarantined", data: { punch, zone, reason } }];
      }
      case "redate":
        return redate(state, command);
      case "resolve":
        return resolve(state, command);
    }
  },
  evolve(_state, event): QuarantineState {
    switch (event.type) {
      case "attendance.punch.quarantined":
        return { kind: "waiting", ...event.data };
      case "attendance.punch.redated": {
        const { punch, zone, heldBy } = event.data;
        // Without one it is resolved by the event that follows.
        return { kind: "waiting", punch, zone, reason: heldBy ?? "impossible-time" };
      }
      case "attendance.quarantine.resolved":
        return { kind: "resolved", employeeId: event.data.employeeId, at: event.data.at };
    }
  },
};

/** No events where the anchor says nothing of the punch, as of one that was dated or resolved before. */
function redate(state: QuarantineState, command: Redate): Happened[] | Refusal {
  if (state.kind === "none")
    return refuse("quarantine.not-found", "no such punch is in quarantine");
  if (state.kind === "resolved" || state.reason !== "impossible-time") return [];
  const { anchor, rowId, employeeId, heldBy } = command;
  const time = redated(state.punch.time, anchor);
  if (time?.uncertaintyMs === undefined || time.uncertaintyMs === null) return [];
  const { zone } = state;
  const punch = { ...state.punch, time };
  const at = punchedAtMs(time);
  const detail = `dated by its gateway, which knew the time ${spell(Math.abs(anchor.gatewayAtMs - at))} ${at <= anchor.gatewayAtMs ? "later" : "earlier"} in the same boot (journal row ${rowId})`;
  const dated = { punch, zone, at, uncertaintyMs: time.uncertaintyMs, heldBy, detail };
  const events: Happened[] = [{ type: "attendance.punch.redated", data: dated }];
  if (employeeId === null) return events;
  const resolvedBy = "gateway-time";
  const data = { punch, zone, employeeId, at, resolvedBy, note: detail };
  return [...events, { type: "attendance.quarantine.resolved", data }];
}

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
  const at = command.at ?? punchedAtMs(punch.time);
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
