import { definitionOf } from "@clockleaf/shared/events/catalogue.ts";
import type { Decided, EventOf } from "@clockleaf/shared/events/envelope.ts";
import { requestOpened } from "@clockleaf/shared/events/workflow.ts";
import { describe, expect, it } from "vitest";
import { person } from "../../test/support/people.ts";
import { KIND } from "./kinds.ts";
import { deadLetterNotice, NEWS_TYPES, type NewsEvent, type Notice, noticesOf } from "./notices.ts";
import { createRenderer, sampleValues } from "./render.ts";

const AT = 1_800_000_000_000;
const employeeId = "e-1";
const step = (id: string) => ({
  approvers: [{ kind: "employee" as const, employeeId: id }],
  dueAt: null,
});
const request = (about: object): EventOf<typeof requestOpened>["data"] =>
  requestOpened.data.parse({
    requestId: "r-1",
    about,
    requestedBy: "ada",
    summary: "Something",
    steps: [step("e-boss"), step("e-chief")],
    at: AT,
  });
const leave = request({ kind: "leave", employeeId, leaveId: "l-1" });
const correction = request({
  kind: "correction",
  correctionRequestId: "c",
  employeeIds: ["e-1", "e-2"],
});
const overtime = request({
  kind: "overtime",
  employeeId,
  workdayOn: "2026-11-24",
  policy: "daily",
  seconds: 5400,
});
const payRun = request({ kind: "pay-run", runId: "run", periodId: "p" });
const approval = {
  kind: "approval",
  approvalId: "a",
  decidedAt: AT,
  on: "2026-11-24",
  policy: "daily",
  seconds: 3600,
  decision: "approved",
  by: "boss",
};
const leaveData = {
  employeeId,
  leaveId: "l-1",
  code: "vacation",
  policy: null,
  fromOn: "2026-12-01",
  toOn: "2026-12-02",
  secondsADay: null,
  minutes: 960,
  by: "boss",
  at: AT,
};
const pay = { employeeId, runId: "run", periodId: "p", currency: "EUR" };
const ended = { requestId: "r-1", about: correction.about, by: "boss", note: "ok", at: AT };
const decided = {
  requestId: "r-1",
  step: 0,
  decision: "approved",
  by: "boss",
  onBehalfOf: null,
  note: "",
  at: AT,
};

const alarm = {
  site: "hq",
  gateway: "gw1",
  kind: "gap",
  epoch: null,
  first: 1,
  last: 2,
  streamSeq: 1,
  detail: "rows",
};

/** An event as its schema has it, what it leads to, and for whom. */
const disabled = {
  webhookId: "w-1",
  url: "https://erp.example.org/hook?token=123456",
  description: "Our ERP",
  because: "failing",
  failingSince: AT,
  by: null,
  at: AT,
};
const CASES: ReadonlyArray<
  [
    type: NewsEvent["metadata"]["eventType"],
    data: object,
    opened: typeof leave | undefined,
    told: string[],
  ]
> = [
  ["employee.employee.created", person(employeeId), undefined, ["welcome e-1"]],
  ["employee.employee.created", { ...person(employeeId), status: "draft" }, undefined, []],
  ["employee.employee.activated", { employeeId, at: AT }, undefined, ["welcome e-1"]],
  [
    "attendance.overtime.approved",
    { employeeId, approval, requestId: null, note: "" },
    undefined,
    ["overtime-decided e-1"],
  ],
  [
    "attendance.overtime.rejected",
    { employeeId, approval, requestId: null, note: "no" },
    undefined,
    ["overtime-decided e-1"],
  ],
  ["attendance.gateway.alarmed", alarm, undefined, ["gateway-alarm alarm"]],
  ["leave.leave.approved", leaveData, undefined, ["leave-decided e-1"]],
  ["leave.leave.rejected", { ...leaveData, reason: "busy" }, undefined, ["leave-decided e-1"]],
  [
    "payroll.pay.estimated",
    { ...pay, grossMinor: 123_456, overtimeSeconds: 0, because: "overtime" },
    undefined,
    ["pay-estimated e-1"],
  ],
  [
    "payroll.payslip.generated",
    { ...pay, documentId: "d", sha256: "0".repeat(64), bytes: 1, netMinor: 123_456 },
    undefined,
    ["payslip-ready e-1"],
  ],
  [
    "payroll.payment.processed",
    { ...pay, amountMinor: 123_456, reference: "x", documentId: "d", payOn: "2026-11-30" },
    undefined,
    ["payment-sent e-1"],
  ],
  ["workflow.request.opened", leave, leave, ["leave-to-approve e-boss"]],
  ["workflow.request.opened", overtime, overtime, ["overtime-to-approve e-boss"]],
  ["workflow.request.opened", correction, correction, ["correction-to-approve e-boss"]],
  ["workflow.request.opened", payRun, payRun, ["pay-run-to-approve e-boss"]],
  ["workflow.step.decided", decided, leave, ["leave-to-approve e-chief"]],
  ["workflow.step.decided", { ...decided, step: 1 }, leave, []],
  ["workflow.step.decided", { ...decided, decision: "rejected" }, leave, []],
  [
    "workflow.request.escalated",
    { requestId: "r-1", step: 0, added: [{ kind: "role", role: "hr" }], dueAt: null, at: AT },
    leave,
    ["escalation hr"],
  ],
  ["workflow.request.approved", ended, correction, ["correction-decided e-1 e-2"]],
  ["workflow.request.rejected", ended, correction, ["correction-decided e-1 e-2"]],
  ["workflow.request.approved", { ...ended, about: leave.about }, leave, []],
  ["webhook.endpoint.disabled", disabled, undefined, ["webhook-disabled alarm"]],
  ["webhook.endpoint.disabled", { ...disabled, because: "asked" }, undefined, []],
];

const toldBy = ({ kind, to }: Notice): string =>
  [
    kind,
    ...to.map((each) => {
      if (each.kind === "employee") return each.employeeId;
      return each.kind === "role" ? each.role : each.kind;
    }),
  ].join(" ");

/** Parsed by the catalogue, as the event store would. */
function eventOf(type: string, data: object): Decided<NewsEvent> {
  const event: unknown = { type, data: definitionOf(type).data.parse(data) };
  return event as Decided<NewsEvent>;
}

describe("news", () => {
  it.each(CASES)("%s", (...[type, data, opened, told]) => {
    const notices = noticesOf(eventOf(type, data), { atMs: AT, opened });
    expect(notices.map(toldBy)).toEqual(told);
    for (const { kind, values } of notices) {
      expect(Object.keys(values).toSorted()).toEqual(Object.keys(KIND[kind].sample).toSorted());
      expect(JSON.stringify(values)).not.toMatch(/123456|ada@|Ada/);
      const filled = { ...sampleValues(kind), ...values };
      expect(createRenderer(new Map(), "en").render(kind, "en", filled).text).not.toBe("");
    }
  });

  it("of every type is tried here", () => {
    expect(new Set(CASES.map(([type]) => type))).toEqual(new Set(NEWS_TYPES));
  });

  it("that comes again and again is told once an hour", () => {
    const letter = { consumer: "payroll-pay", code: "internal", reason: "x" };
    const { once } = deadLetterNotice(letter, AT);
    expect(deadLetterNotice(letter, AT + 1).once).toBe(once);
    expect(deadLetterNotice(letter, AT + 3_600_000).once).not.toBe(once);
    expect(Object.keys(deadLetterNotice(letter, AT).values).toSorted()).toEqual(
      Object.keys(KIND["dead-letters"].sample).toSorted(),
    );
  });
});
