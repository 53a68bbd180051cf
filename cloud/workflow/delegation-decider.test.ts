import { expect, it } from "vitest";
import { given, refused } from "../eventing/decider-spec.ts";
import { type Delegation, delegationDecider, mayStandIn } from "./delegation-decider.ts";

const AT = 1_000;
const data = (more: Partial<Delegation> = {}): Delegation => ({
  employeeId: "e-boss",
  delegateId: "e-deputy",
  kinds: ["leave"],
  fromAt: AT,
  untilAt: AT + 100,
  by: "boss",
  ...more,
});
const set = (more: Partial<Delegation> = {}) =>
  ({ type: "workflow.delegation.set", data: data(more) }) as const;
const asked = (more: Partial<Delegation> = {}) =>
  ({ type: "set", data: data(more), at: AT }) as const;

it("a delegation is set once, replaced by another to the same person, and ended once", () => {
  expect(given(delegationDecider).when(asked())).toEqual([set()]);
  expect(given(delegationDecider, [set()]).when(asked())).toEqual([]);
  const longer = given(delegationDecider, [set(), set({ untilAt: AT + 500 })]);
  expect(longer.state).toEqual([data({ untilAt: AT + 500 })]);
  const end = {
    type: "end",
    employeeId: "e-boss",
    delegateId: "e-deputy",
    by: "boss",
    at: AT,
  } as const;
  expect(longer.when(end)).toHaveLength(1);
  expect(given(delegationDecider).when(end)).toEqual([]);
});

it("nobody delegates to themselves, to the past or without measure", () => {
  const to = given(delegationDecider);
  expect(to.when(asked({ delegateId: "e-boss" }))).toMatchObject(
    refused("workflow.delegation-to-self"),
  );
  expect(to.when(asked({ untilAt: AT }))).toMatchObject(refused("workflow.delegation-over"));
  const many = Array.from({ length: 16 }, (_, n) => set({ delegateId: `e-${n}` }));
  expect(given(delegationDecider, many).when(asked())).toMatchObject(
    refused("workflow.delegations-full"),
  );
});

it("a delegation holds for its kinds and its time, to the millisecond", () => {
  const holds = (kind: "leave" | "overtime", at: number) =>
    mayStandIn([data()], "e-deputy", { kind, at });
  expect([AT - 1, AT, AT + 99, AT + 100].map((at) => holds("leave", at))).toEqual([
    false,
    true,
    true,
    false,
  ]);
  expect(holds("overtime", AT)).toBe(false);
  expect(mayStandIn([data()], "e-other", { kind: "leave", at: AT })).toBe(false);
});
