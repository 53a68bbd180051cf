import type { Decided } from "@clockleaf/shared/events/envelope.ts";
import type { Approver } from "@clockleaf/shared/events/workflow.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isRefusal } from "../eventing/decider.ts";
import { given, refused } from "../eventing/decider-spec.ts";
import {
  approversOf,
  type DecidingPrincipal,
  type Opened,
  peopleIn,
  type Request,
  type RequestCommand,
  type RequestEvent,
  requestDecider,
} from "./decider.ts";

const AT = Date.parse("2026-11-24T08:00:00Z");
const HOUR = 3_600_000;
const employee = (employeeId: string): Approver => ({ kind: "employee", employeeId });
const role = (name: string): Approver => ({ kind: "role", role: name });
const step = (approvers: readonly Approver[], dueAfterMs: number | null = null) => ({
  approvers: [...approvers],
  dueAt: dueAfterMs === null ? null : AT + dueAfterMs,
  dueAfterMs,
  escalateTo: [role("hr")],
});
const opened = (more: Partial<Opened> = {}): Opened => ({
  requestId: "r-1",
  about: { kind: "leave", employeeId: "e-ada", leaveId: "l-1" },
  requestedBy: "ada-phone",
  requesterId: "e-ada",
  askedSeq: 7,
  summary: "Leave vacation",
  steps: [step([employee("e-boss")], HOUR)],
  at: AT,
  ...more,
});
const open = (more: Partial<Opened> = {}): RequestCommand => ({ type: "open", data: opened(more) });
const principal = (name: string, more: Partial<DecidingPrincipal> = {}): DecidingPrincipal => ({
  name,
  employeeId: null,
  roles: [],
  actsFor: [],
  ...more,
});
const boss = principal("boss", { employeeId: "e-boss" });
const decide = (
  by: DecidingPrincipal,
  decision: "approved" | "rejected" = "approved",
): RequestCommand => ({ type: "decide", decision, by, note: "", at: AT + 1 });

const escalate = (at: number) => ({ type: "escalate", step: 0, at }) as const;

/** What commands lead to, one after the other; the last one's answer. */
function after(...commands: readonly RequestCommand[]) {
  const events: Array<Decided<RequestEvent>> = [];
  let answer: ReturnType<typeof requestDecider.decide> = [];
  for (const command of commands) {
    answer = given(requestDecider, events).when(command);
    if (!isRefusal(answer)) events.push(...answer);
  }
  return { answer, state: given(requestDecider, events).state };
}
const typesOf = (answer: ReturnType<typeof requestDecider.decide>) =>
  isRefusal(answer) ? answer.code : answer.map(({ type }) => type.slice("workflow.".length));

describe("a request for approval", () => {
  it("is approved by who was asked, once", () => {
    expect(typesOf(after(open(), decide(boss)).answer)).toEqual([
      "step.decided",
      "request.approved",
    ]);
    const twice = after(open(), decide(boss), decide(boss));
    expect(twice.answer).toEqual([]);
    expect(twice.state).toMatchObject({ status: "approved", ended: { by: "boss" } });
  });

  it("is opened once, however often it is asked", () => {
    expect(after(open(), open()).answer).toEqual([]);
  });

  it("without steps is approved by the rules at once", () => {
    expect(typesOf(after(open({ steps: [] })).answer)).toEqual([
      "request.opened",
      "request.approved",
    ]);
  });

  it.each<[string, DecidingPrincipal, string]>([
    ["the requester by name", principal("ada-phone", { roles: ["hr"] }), "workflow.own-request"],
    [
      "the requester by another key",
      principal("ada-laptop", { employeeId: "e-ada", roles: ["hr"] }),
      "workflow.own-request",
    ],
    ["a stranger", principal("eve", { employeeId: "e-eve" }), "workflow.not-an-approver"],
    ["an administrator", principal("root", { roles: ["admin"] }), "workflow.not-an-approver"],
    ["nobody in particular", principal("key"), "workflow.not-an-approver"],
  ])("is not decided by %s", (_who, by, code) => {
    expect(after(open(), decide(by)).answer).toMatchObject(refused(code));
    expect(after(open(), decide(by, "rejected")).answer).toMatchObject(refused(code));
  });

  it("is not decided by whom it is about, although others asked", () => {
    const steps = [step([role("hr")])];
    const about = {
      kind: "correction" as const,
      correctionRequestId: "c-1",
      employeeIds: ["e-a", "e-hr"],
    };
    const asked = open({ about, requestedBy: "boss", requesterId: "e-boss", steps });
    const by = principal("hr", { employeeId: "e-hr", roles: ["hr"] });
    expect(after(asked, decide(by)).answer).toMatchObject(refused("workflow.about-yourself"));
  });

  it("is decided in the place of who delegated, but never in that of who may not decide", () => {
    const deputy = principal("deputy", { employeeId: "e-deputy", actsFor: ["e-boss"] });
    expect(after(open(), decide(deputy)).answer).toMatchObject([
      { data: { onBehalfOf: "e-boss", by: "deputy" } },
      { type: "workflow.request.approved" },
    ]);
    const own = open({ requestedBy: "boss", requesterId: "e-boss" });
    expect(after(own, decide(deputy)).answer).toMatchObject(refused("workflow.not-an-approver"));
  });

  it("needs another person for each step, also through a deputy", () => {
    const steps = [step([employee("e-boss")]), step([employee("e-boss"), role("payroll")])];
    const first = [open({ steps }), decide(boss)];
    expect(typesOf(after(...first).answer)).toEqual(["step.decided"]);
    expect(after(...first, decide(boss)).answer).toMatchObject(
      refused("workflow.same-person-twice"),
    );
    const alias = principal("boss-laptop", { employeeId: "e-boss", roles: ["payroll"] });
    const deputy = principal("deputy", { employeeId: "e-deputy", actsFor: ["e-boss"] });
    for (const by of [alias, deputy]) {
      expect(after(...first, decide(by)).answer).toMatchObject(
        refused("workflow.same-person-twice"),
      );
    }
    const other = principal("pay", { employeeId: "e-pay", roles: ["payroll"] });
    expect(typesOf(after(...first, decide(other)).answer)).toEqual([
      "step.decided",
      "request.approved",
    ]);
  });

  it("takes a repeated decision of an earlier step for the same one", () => {
    const steps = [step([employee("e-boss")]), step([role("payroll")])];
    expect(after(open({ steps }), decide(boss), decide(boss)).answer).toEqual([]);
  });

  it("ends with the first no, and then takes no other decision", () => {
    const steps = [step([employee("e-boss")]), step([role("payroll")])];
    const no = after(open({ steps }), decide(boss, "rejected"));
    expect(typesOf(no.answer)).toEqual(["step.decided", "request.rejected"]);
    const yes = after(open({ steps }), decide(boss, "rejected"), decide(boss));
    expect(yes.answer).toMatchObject(refused("workflow.ended"));
  });

  it("is withdrawn while pending and not later", () => {
    const withdraw = { type: "withdraw", by: "rules", note: "gone", at: AT } as const;
    expect(typesOf(after(open(), withdraw).answer)).toEqual(["request.withdrawn"]);
    expect(after(open(), withdraw, withdraw).answer).toEqual([]);
    expect(after(withdraw).answer).toEqual([]);
    expect(after(open(), decide(boss), withdraw).answer).toEqual([]);
    expect(after(open(), withdraw, decide(boss)).answer).toMatchObject(refused("workflow.ended"));
  });

  it("is escalated once a step, when its time is over", () => {
    expect(after(open(), escalate(AT + HOUR - 1)).answer).toEqual([]);
    const late = after(open(), escalate(AT + HOUR));
    expect(typesOf(late.answer)).toEqual(["request.escalated"]);
    expect(late.state?.dueAt).toBeNull();
    expect(after(open(), escalate(AT + HOUR), escalate(AT + 9 * HOUR)).answer).toEqual([]);
    const hr = principal("hr", { roles: ["hr"] });
    expect(after(open(), decide(hr)).answer).toMatchObject(refused("workflow.not-an-approver"));
    expect(typesOf(after(open(), escalate(AT + HOUR), decide(hr)).answer)).toContain(
      "request.approved",
    );
    expect(typesOf(after(open(), escalate(AT + HOUR), decide(boss)).answer)).toContain(
      "request.approved",
    );
  });

  it("counts the time of a later step from when it began", () => {
    const steps = [
      step([employee("e-boss")]),
      { ...step([role("payroll")], 2 * HOUR), dueAt: null },
    ];
    const { state } = after(open({ steps }), decide(boss));
    expect(state).toMatchObject({ step: 1, dueAt: AT + 1 + 2 * HOUR });
  });
});

/** Whether the rules, said once more and otherwise, let this decision through. */
function isAllowed(request: Request, by: DecidingPrincipal, onBehalfOf: string | null): boolean {
  const { requestedBy, requesterId, about } = request.opened;
  const barred = new Set([requesterId, ...peopleIn(about)]);
  const mine = approversOf(request).some((each) =>
    each.kind === "role"
      ? onBehalfOf === null && by.roles.includes(each.role)
      : each.employeeId === (onBehalfOf ?? by.employeeId),
  );
  const acting = [by.employeeId, onBehalfOf].filter((id) => id !== null);
  return (
    mine &&
    by.name !== requestedBy &&
    !acting.some((id) => barred.has(id)) &&
    (onBehalfOf === null || by.actsFor.includes(onBehalfOf))
  );
}

describe("whatever is tried in whatever order", () => {
  const people = ["e-ada", "e-boss", "e-hr", "e-pay", "e-deputy"];
  const roles = ["hr", "payroll", "admin"];
  const approver = fc.oneof(
    fc.constantFrom(...people).map(employee),
    fc.constantFrom(...roles).map(role),
  );
  const anyStep = fc.record({
    approvers: fc.array(approver, { minLength: 1, maxLength: 3 }),
    dueAt: fc.constantFrom(null, AT + HOUR),
    dueAfterMs: fc.constantFrom(null, HOUR),
    escalateTo: fc.array(approver, { maxLength: 2 }),
  });
  const anyOpened = fc.record({
    requestedBy: fc.constantFrom("k0", "k1", "k2"),
    requesterId: fc.option(fc.constantFrom(...people)),
    steps: fc.array(anyStep, { minLength: 1, maxLength: 3 }),
  });
  const anyone = fc.record({
    name: fc.constantFrom("k0", "k1", "k2", "k3", "k4"),
    employeeId: fc.option(fc.constantFrom(...people)),
    roles: fc.subarray(roles),
    actsFor: fc.subarray(people),
  });
  const command = fc.oneof(
    { weight: 6, arbitrary: fc.tuple(anyone, fc.constantFrom("approved", "approved", "rejected")) },
    {
      weight: 1,
      arbitrary: fc.record({ escalateAt: fc.constantFrom(AT, AT + HOUR, AT + 9 * HOUR) }),
    },
    { weight: 1, arbitrary: fc.constant("withdraw" as const) },
  );

  it("nothing is approved unless every step was decided by somebody allowed, each by another", () => {
    let approved = 0;
    fc.assert(
      fc.property(anyOpened, fc.array(command, { maxLength: 14 }), (asked, commands) => {
        let state: Request | null = null;
        const run = (each: RequestCommand) => {
          const before = state;
          const answer = requestDecider.decide(state, each);
          if (isRefusal(answer)) return;
          for (const event of answer) {
            if (
              event.type === "workflow.step.decided" &&
              before !== null &&
              each.type === "decide"
            ) {
              expect(before.status).toBe("pending");
              expect(isAllowed(before, each.by, event.data.onBehalfOf)).toBe(true);
            }
            state = requestDecider.evolve(state, event);
          }
        };
        run(open(asked));
        for (const each of commands) {
          const request = state as Request | null;
          const stepNow = request?.step ?? 0;
          if (each === "withdraw") run({ type: "withdraw", by: "rules", note: "", at: AT });
          else if ("escalateAt" in each)
            run({ type: "escalate", step: stepNow, at: each.escalateAt });
          else run(decide(each[0], each[1]));
        }
        const end = state as Request | null;
        if (end?.status !== "approved") return;
        approved += 1;
        expect(end.decisions.map(({ step: of, decision }) => [of, decision])).toEqual(
          asked.steps.map((_, index) => [index, "approved"]),
        );
        const names = end.decisions.map(({ by }) => by);
        expect(new Set(names).size).toBe(names.length);
        const deciders = end.decisions.flatMap(({ byEmployeeId, onBehalfOf }) =>
          [byEmployeeId, onBehalfOf].filter((id) => id !== null),
        );
        expect(new Set(deciders).size).toBe(deciders.length);
      }),
      { numRuns: 3_000, seed: 20261130 },
    );
    // Otherwise nothing was shown.
    expect(approved).toBeGreaterThan(100);
  });
});
