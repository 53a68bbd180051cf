import type { badgeAssigned } from "@clockleaf/shared/events/employee.ts";
import type { EventOf } from "@clockleaf/shared/events/envelope.ts";
import { describe, expect, test } from "vitest";
import { createAggregateRunner } from "./aggregate-runner.ts";
import { type Decider, isRefusal, refuse } from "./decider.ts";
import type { Cause, EventStore } from "./event-store.ts";
import { createMemoryEventStore, type Mishap } from "./memory-event-store.ts";

const cause: Cause = {
  source: "test",
  atMs: 1,
  correlationId: null,
  causationId: null,
  traceparent: undefined,
};

type Assigned = EventOf<typeof badgeAssigned>;
/** Notes down `mark` as often as asked, refuses beyond `limit` events. On purpose not idempotent. */
const notebook: Decider<
  readonly string[],
  { readonly mark: string; readonly times?: number; readonly limit?: number },
  Assigned
> = {
  initial: [],
  decide: (marks, { mark, times = 1, limit = Number.POSITIVE_INFINITY }) =>
    marks.length + times > limit
      ? refuse("notebook.full", "no room")
      : Array.from({ length: times }, () => ({
          type: "employee.badge.assigned" as const,
          data: { employeeId: mark, badge: "number-1", validFrom: 0, pin: null },
        })),
  evolve: (marks, event) => [...marks, event.data.employeeId],
};
const runnerOn = (store: EventStore, cacheSize = 100) =>
  createAggregateRunner({
    store,
    decider: notebook,
    domain: "employee",
    tenant: "acme",
    cacheSize,
  });

const at = (ifSeq: number) => ({ aggregateId: "a", command: { mark: "z" }, ifSeq });

describe("an aggregate runner", () => {
  test("loses no command of many runners on one aggregate", async () => {
    const store = createMemoryEventStore();
    const runners = [runnerOn(store), runnerOn(store), runnerOn(store)];
    const marks = Array.from({ length: 60 }, (_, n) => `m${n}`);
    const outcomes = await Promise.all(
      marks.map((mark, n) => runners[n % 3]!.handle("a", { mark }, cause)),
    );
    const { state } = await runners[0]!.state("a");
    expect(state.toSorted()).toEqual(marks.toSorted());
    // Each was told its own version.
    const seqs = outcomes.map((outcome) => (isRefusal(outcome) ? 0 : outcome.seq));
    expect(new Set(seqs).size).toBe(60);
  });

  test.each<{ name: string; mishaps: Mishap[] }>([
    { name: "the answer is lost", mishaps: ["answer-lost"] },
    { name: "the request is lost", mishaps: ["request-lost"] },
    { name: "the request arrives after it was looked for", mishaps: ["late"] },
    { name: "all of that happens in turn", mishaps: ["request-lost", "late", "answer-lost"] },
  ])("does a command once when $name", async ({ mishaps }) => {
    const store = createMemoryEventStore();
    const runner = runnerOn(store);
    await runner.handle("a", { mark: "before" }, cause);
    store.failNext(...mishaps);
    const [one, two] = await runner.handleMany(
      [
        { aggregateId: "a", command: { mark: "x", times: 2 } },
        { aggregateId: "b", command: { mark: "y" } },
      ],
      cause,
    );
    expect(one).toMatchObject({ seq: 3 });
    expect(two).toMatchObject({ seq: 4 });
    expect((await runner.state("a")).state).toEqual(["before", "x", "x"]);
    expect((await runner.state("b")).state).toEqual(["y"]);
    expect(await runner.handle("a", { mark: "after" }, cause)).toMatchObject({ seq: 5 });
  });

  test("says at once that the store is out of reach, and goes on when it is back", async () => {
    const store = createMemoryEventStore();
    const runner = runnerOn(store);
    store.failNext("not-connected");
    await expect(runner.handle("a", { mark: "x" }, cause)).rejects.toMatchObject({
      code: "stream.not-connected",
      retriable: true,
    });
    expect(await runner.handle("a", { mark: "x" }, cause)).toMatchObject({ seq: 1 });
  });

  test("never says that nothing was stored once it cannot know", async () => {
    const store = createMemoryEventStore();
    const runner = runnerOn(store);
    store.failNext("request-lost", "not-connected");
    await expect(runner.handle("a", { mark: "x" }, cause)).rejects.toMatchObject({
      code: "stream.ambiguous",
      retriable: true,
    });
  });

  test("never refuses on an outdated state", async () => {
    const store = createMemoryEventStore();
    // This one's `decide` refuses until somebody else has written.
    const second: Decider<number, "go", Assigned> = {
      initial: 0,
      decide: (count) =>
        count < 2 ? refuse("too.early", "wait") : notebook.decide([], { mark: "second" }),
      evolve: (count) => count + 1,
    };
    const late = createAggregateRunner({
      store,
      decider: second,
      domain: "employee",
      tenant: "acme",
    });
    const other = runnerOn(store);
    await other.handle("a", { mark: "one" }, cause);
    expect(await late.handle("a", "go", cause)).toMatchObject({ code: "too.early" });
    await other.handle("a", { mark: "two" }, cause);
    expect(await late.handle("a", "go", cause)).toMatchObject({ seq: 3 });
  });

  test("answers in the order of the commands, stores in one batch, and lets a refusal hold up nobody", async () => {
    const store = createMemoryEventStore();
    const runner = runnerOn(store);
    const outcomes = await runner.handleMany(
      [
        { aggregateId: "a", command: { mark: "1" } },
        { aggregateId: "b", command: { mark: "2" } },
        { aggregateId: "a", command: { mark: "3", limit: 1 } },
        { aggregateId: "a", command: { mark: "4", times: 2 } },
        { aggregateId: "a", command: { mark: "5", times: 0 } },
      ],
      cause,
    );
    expect(store.appends).toEqual([4]);
    // The events of one aggregate stand together in the batch: a's three, then b's.
    expect(outcomes).toMatchObject([
      { seq: 1, events: [{}] },
      { seq: 4, events: [{}] },
      { kind: "refusal", code: "notebook.full" },
      { seq: 3, events: [{}, {}] },
      { seq: 3, events: [] },
    ]);
    expect((await runner.state("a")).state).toEqual(["1", "4", "4"]);
  });

  test("cuts what does not fit one batch between commands", async () => {
    const store = createMemoryEventStore();
    const runner = runnerOn(store);
    const commands = Array.from({ length: 5 }, (_, n) => ({
      aggregateId: `a${n}`,
      command: { mark: "x", times: 400 },
    }));
    const outcomes = await runner.handleMany(commands, cause);
    expect(outcomes).toHaveLength(5);
    expect(store.appends).toEqual([800, 800, 400]);
  });

  test("refuses a command made for another version, and takes one made for this", async () => {
    const store = createMemoryEventStore();
    const [runner, other] = [runnerOn(store), runnerOn(store)];
    await runner.handle("a", { mark: "x" }, cause);
    await other.handle("a", { mark: "y" }, cause);
    expect(await runner.handleMany([at(1)], cause)).toMatchObject([{ code: "aggregate.changed" }]);
    expect(await runner.handleMany([at(2), at(2)], cause)).toMatchObject([
      { seq: 3 },
      { code: "aggregate.changed" },
    ]);
  });

  test("works with a memory for one state only", async () => {
    const runner = runnerOn(createMemoryEventStore(), 1);
    const commands = ["a", "b", "c", "a", "b"].map((id) => ({
      aggregateId: id,
      command: { mark: id },
    }));
    await runner.handleMany(commands, cause);
    await runner.handleMany(commands, cause);
    expect((await runner.state("a")).state).toEqual(["a", "a", "a", "a"]);
    expect((await runner.state("c")).state).toEqual(["c", "c"]);
  });
});
