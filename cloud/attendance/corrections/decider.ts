import type {
  correctionApproved,
  correctionRejected,
  correctionRequested,
} from "@clockleaf/shared/events/attendance.ts";
import type { Decided, EventOf } from "@clockleaf/shared/events/envelope.ts";
import { isSameValue } from "@clockleaf/shared/worktime/alike.ts";
import type { CorrectionFact } from "@clockleaf/shared/worktime/facts.ts";
import { type Decider, type Refusal, refuse } from "../../eventing/decider.ts";

export type CorrectionsEvent =
  | EventOf<typeof correctionRequested>
  | EventOf<typeof correctionApproved>
  | EventOf<typeof correctionRejected>;
export type CorrectionRequest = EventOf<typeof correctionRequested>["data"];

/** One request for corrections, and what became of it; null = nobody asked. */
export type CorrectionsState = {
  readonly request: CorrectionRequest;
  readonly outcome: "pending" | "approved" | "rejected";
} | null;

export type CorrectionsCommand =
  | { readonly type: "request"; readonly request: CorrectionRequest }
  /** Whoever approves has decided, at this instant. */
  | {
      readonly type: "decide";
      readonly outcome: "approved" | "rejected";
      readonly by: string;
      readonly note: string;
      readonly at: number;
    }
  /** Whoever asked takes it back. */
  | { readonly type: "withdraw"; readonly by: string; readonly note: string };

/** The first decision stands; a later one has no effect, so that decisions may come again. */
export const correctionsDecider: Decider<CorrectionsState, CorrectionsCommand, CorrectionsEvent> = {
  initial: null,
  decide(state, command): Array<Decided<CorrectionsEvent>> | Refusal {
    if (command.type === "request") return request(state, command.request);
    if (state === null) return refuse("correction.not-found", "nobody asked for this correction");
    const { requestId } = state.request;
    const { by, note } = command;
    if (command.type === "withdraw") {
      if (state.outcome === "approved") {
        const detail = "it was approved already: ask for a correction that takes it back";
        return refuse("correction.decided", detail);
      }
      if (state.outcome === "rejected") return [];
      return [{ type: "attendance.correction.rejected", data: { requestId, by, note } }];
    }
    if (state.outcome !== "pending") return [];
    if (command.outcome === "rejected") {
      return [{ type: "attendance.correction.rejected", data: { requestId, by, note } }];
    }
    const data = { requestId, by, note, at: command.at };
    return [{ type: "attendance.correction.approved", data }];
  },
  evolve(state, event) {
    switch (event.type) {
      case "attendance.correction.requested":
        return { request: event.data, outcome: "pending" };
      case "attendance.correction.approved":
        return state === null ? null : { ...state, outcome: "approved" };
      case "attendance.correction.rejected":
        return state === null ? null : { ...state, outcome: "rejected" };
    }
  },
};

function request(
  state: CorrectionsState,
  wanted: CorrectionRequest,
): Array<Decided<CorrectionsEvent>> | Refusal {
  if (state === null) return [{ type: "attendance.correction.requested", data: wanted }];
  if (isSameValue(state.request, wanted)) return [];
  return refuse("correction.exists", "another request has this id");
}

/** A correction and whose punch it is about. */
export interface PersonalCorrection {
  readonly employeeId: string;
  readonly correction: CorrectionFact;
}

/** Of the item so many of a request, counted from 0. */
export const correctionIdOf = (requestId: string, index: number): string =>
  `${requestId}-${index + 1}`;

/** What a request comes to once it is decided: its items as facts, each under an id of its own, for ever the same. */
export function correctionsOf(
  { requestId, items, reasonCode, reason }: CorrectionRequest,
  decided: { readonly by: string; readonly at: number },
): PersonalCorrection[] {
  return items.map(({ employeeId, change }, index) => ({
    employeeId,
    correction: {
      kind: "correction",
      correctionId: correctionIdOf(requestId, index),
      decidedAt: decided.at,
      reason: `${reasonCode}: ${reason}`.slice(0, 300),
      by: decided.by.slice(0, 120),
      change,
    },
  }));
}
