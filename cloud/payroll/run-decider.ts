import type { Decided, EventOf } from "@clockleaf/shared/events/envelope.ts";
import type {
  payRunApproved,
  payRunCalculationRequested,
  payRunOpened,
  payRunRejected,
  payRunSubmitted,
  periodLocked,
} from "@clockleaf/shared/events/payroll.ts";
import { type Decider, type Refusal, refuse } from "../eventing/decider.ts";
import { isSame } from "./same.ts";

export type RunEvent =
  | EventOf<typeof payRunOpened>
  | EventOf<typeof payRunCalculationRequested>
  | EventOf<typeof payRunSubmitted>
  | EventOf<typeof payRunApproved>
  | EventOf<typeof payRunRejected>
  | EventOf<typeof periodLocked>;

type Opened = EventOf<typeof payRunOpened>["data"];
type Submitted = EventOf<typeof payRunSubmitted>["data"];

export type RunStatus = "open" | "submitted" | "approved" | "locked";

/** One run of one pay group for one period. Null = not opened. */
export type Run = {
  readonly opened: Opened;
  readonly status: RunStatus;
  readonly calculations: number;
  /** Who opened, calculated or submitted it: none of them may approve it. */
  readonly involved: readonly string[];
  /** Approval requests whose decision has had its effect. */
  readonly decided: readonly string[];
} | null;

export type RunCommand =
  | { readonly type: "open"; readonly opened: Opened }
  | { readonly type: "calculate"; readonly by: string; readonly at: number }
  | {
      readonly type: "submit";
      readonly submitted: Omit<Submitted, "runId" | "periodId" | "currency">;
    }
  | {
      readonly type: "decide";
      readonly requestId: string;
      readonly decision: "approved" | "rejected";
      readonly by: string;
      readonly reason: string;
      readonly at: number;
    }
  | { readonly type: "lock"; readonly people: readonly string[]; readonly at: number };

type Decision = ReadonlyArray<Decided<RunEvent>> | Refusal;

export const runDecider: Decider<Run, RunCommand, RunEvent> = {
  initial: null,
  decide(run, command) {
    if (command.type === "open") return open(run, command.opened);
    if (run === null) return refuse("payroll.run-not-found", "there is no such pay run");
    switch (command.type) {
      case "calculate":
        return calculate(run, command);
      case "submit":
        return submit(run, command.submitted);
      case "decide":
        return decide(run, command);
      case "lock":
        return lock(run, command);
    }
  },
  evolve(run, { type, data }) {
    if (type === "payroll.run.opened") {
      return { opened: data, status: "open", calculations: 0, involved: [data.by], decided: [] };
    }
    if (run === null) return null;
    switch (type) {
      case "payroll.run.calculation-requested":
        return {
          ...run,
          calculations: data.calculation,
          involved: [...new Set([...run.involved, data.by])],
        };
      case "payroll.run.submitted":
        return { ...run, status: "submitted", involved: [...new Set([...run.involved, data.by])] };
      case "payroll.run.approved":
        return { ...run, status: "approved", decided: withId(run.decided, data.requestId) };
      case "payroll.run.rejected":
        return { ...run, status: "open", decided: withId(run.decided, data.requestId) };
      case "payroll.period.locked":
        return { ...run, status: "locked" };
    }
  },
};

const withId = (ids: readonly string[], id: string | undefined): readonly string[] =>
  id === undefined ? ids : [...ids, id];

function open(run: Run, opened: Opened): Decision {
  if (run === null) return [{ type: "payroll.run.opened", data: opened }];
  const { by: _by, ...asked } = opened;
  const { by: _before, ...there } = run.opened;
  return isSame(asked, there)
    ? []
    : refuse("payroll.run-exists", "another run of this number was opened; ask again");
}

type RunThatIs = NonNullable<Run>;

function calculate(
  { opened, status, calculations }: RunThatIs,
  { by, at }: { readonly by: string; readonly at: number },
): Decision {
  if (status !== "open") return closed(status);
  const { runId, periodId } = opened;
  const data = { runId, periodId, calculation: calculations + 1, by, at };
  return [{ type: "payroll.run.calculation-requested", data }];
}

function submit(
  { opened, status, calculations }: RunThatIs,
  submitted: Omit<Submitted, "runId" | "periodId" | "currency">,
): Decision {
  if (status !== "open") return closed(status);
  if (calculations === 0) {
    return refuse("payroll.not-calculated", "calculate the run before it is submitted");
  }
  const { runId, periodId, currency } = opened;
  return [{ type: "payroll.run.submitted", data: { runId, periodId, ...submitted, currency } }];
}

const closed = (status: RunStatus): Refusal =>
  refuse("payroll.run-closed", `the run is ${status}; only an open run changes`);

/** Four eyes, whatever the workflow was told: who had a hand in the run does not approve it, which is then a rejection. */
function decide(
  { opened, status, involved, decided }: RunThatIs,
  command: Extract<RunCommand, { type: "decide" }>,
): Decision {
  const { requestId, decision, by, at } = command;
  if (status !== "submitted" || decided.includes(requestId)) return [];
  const { runId, periodId } = opened;
  const data = { runId, periodId, by, at, requestId };
  if (decision === "approved" && !involved.includes(by)) {
    return [{ type: "payroll.run.approved", data }];
  }
  const reason =
    decision === "rejected"
      ? command.reason
      : "approved by somebody who opened, calculated or submitted it: somebody else must";
  return [{ type: "payroll.run.rejected", data: { ...data, reason } }];
}

function lock(
  { opened, status }: RunThatIs,
  { people, at }: Extract<RunCommand, { type: "lock" }>,
): Decision {
  if (status === "locked") return [];
  if (status !== "approved")
    return refuse("payroll.not-approved", "only an approved run is locked");
  const { runId, periodId, payGroup, fromOn, toOn } = opened;
  const data = { periodId, payGroup, runId, fromOn, toOn, people: [...people], at };
  return [{ type: "payroll.period.locked", data }];
}
