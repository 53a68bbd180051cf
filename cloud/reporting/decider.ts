import type { Decided, EventOf } from "@clockleaf/shared/events/envelope.ts";
import type { ReportingEvent, reportRequested } from "@clockleaf/shared/events/reporting.ts";
import { dayOfDate } from "@clockleaf/shared/worktime/civil-time.ts";
import { type Decider, type Refusal, refuse } from "../eventing/decider.ts";

export type ReportRequest = EventOf<typeof reportRequested>["data"];
type Completed = Extract<Decided<ReportingEvent>, { type: "reporting.report.completed" }>["data"];
type Failed = Extract<Decided<ReportingEvent>, { type: "reporting.report.failed" }>["data"];

export type ReportState =
  | { readonly status: "none" }
  | { readonly status: "requested"; readonly request: ReportRequest }
  | { readonly status: "completed"; readonly request: ReportRequest; readonly documentId: string }
  | { readonly status: "failed"; readonly request: ReportRequest };

export type ReportCommand =
  | { readonly type: "request"; readonly request: ReportRequest }
  | { readonly type: "complete"; readonly result: Completed }
  | { readonly type: "fail"; readonly failure: Failed };

/** Longest span of a report: a year and the month around it. */
export const MAX_DAYS = 400;

/** A report is asked for once and ends once, whichever worker comes first. */
export const reportDecider: Decider<ReportState, ReportCommand, ReportingEvent> = {
  initial: { status: "none" },
  decide(state, command) {
    switch (command.type) {
      case "request":
        return request(state, command.request);
      case "complete":
        if (state.status === "none") return unknown();
        return state.status === "requested"
          ? [{ type: "reporting.report.completed", data: command.result }]
          : [];
      case "fail":
        if (state.status === "none") return unknown();
        return state.status === "requested"
          ? [{ type: "reporting.report.failed", data: command.failure }]
          : [];
    }
  },
  evolve(state, event) {
    if (event.type === "reporting.report.requested") {
      return { status: "requested", request: event.data };
    }
    if (state.status === "none") return state;
    const { request: asked } = state;
    return event.type === "reporting.report.completed"
      ? { status: "completed", request: asked, documentId: event.data.documentId }
      : { status: "failed", request: asked };
  },
};

const unknown = (): Refusal => refuse("report.not-found", "there is no such report");

function request(
  state: ReportState,
  wanted: ReportRequest,
): ReadonlyArray<Decided<ReportingEvent>> | Refusal {
  if (state.status !== "none") return [];
  const days = dayOfDate(wanted.toOn) - dayOfDate(wanted.fromOn) + 1;
  if (days < 1) return refuse("report.bad-span", "its last day lies before its first");
  if (days > MAX_DAYS) return refuse("report.bad-span", `at most ${MAX_DAYS} days at once`);
  return [{ type: "reporting.report.requested", data: wanted }];
}
