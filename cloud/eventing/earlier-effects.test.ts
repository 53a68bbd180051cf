import type { badgeAssigned } from "@clockleaf/shared/events/employee.ts";
import type { EventOf } from "@clockleaf/shared/events/envelope.ts";
import { describe, expect, test } from "vitest";
import { createAggregateRunner } from "./aggregate-runner.ts";
import type { Decider } from "./decider.ts";
import type { Cause, EventStore } from "./event-store.ts";
import { createMemoryEventStore } from "./memory-event-store.ts";

/** Notes down whatever it is told, as often as it is told. On purpose not idempotent. */
const notebook: Decider<readonly string[], string, EventOf<typeof badgeAssigned>> = {
  initial: [],
  decide: (_, mark) => [
    {
      type: "employee.badge.assigned",
      data: { employeeId: mark, badge: "number-1", validFrom: 0, pin: null },
    },
  ],
  evolve: (marks, event) => [...marks, event.data.employeeId],
};
const runnerOn = (store: EventStore) =>
  createAggregateRunner({ store, decider: notebook, domain: "employee", tenant: "acme" });
const causeOf = (seed: string, isRerun: boolean): Cause => ({
  source: "test",
  atMs: 1,
  correlationId: null,
  causationId: `request-${seed}`,
  traceparent: undefined,
  once: { isRerun, checked: new Set() },
});

describe("a request that is carried out again", () => {
  test("finds what it stored before, whatever its decider would say", async () => {
    const store = createMemoryEventStore();
    const first = await runnerOn(store).handle("a", "x", causeOf("r1", false));
    const other = runnerOn(store);
    await other.handle("a", "y", causeOf("r2", false));
    expect(await other.handle("a", "x", causeOf("r1", true))).toEqual(first);
    expect((await other.state("a")).state).toEqual(["x", "y"]);
  });

  test("finishes what was done in part, with the answers in their order", async () => {
    const store = createMemoryEventStore();
    const runner = runnerOn(store);
    await runner.handle("b", "x", causeOf("r1", false));
    await runner.handle("d", "x", causeOf("r1", false));
    const commands = ["a", "b", "c", "d", "e"].map((aggregateId) => ({
      aggregateId,
      command: "x",
    }));
    const outcomes = await runner.handleMany(commands, causeOf("r1", true));
    expect(outcomes).toHaveLength(5);
    for (const { aggregateId } of commands) {
      expect((await runner.state(aggregateId)).state).toEqual(["x"]);
    }
  });

  test("is not done twice by a rival that was only slow", async () => {
    const store = createMemoryEventStore();
    const asleep = Promise.withResolvers<void>();
    const slow: EventStore = {
      ...store,
      async append(appends, cause) {
        await asleep.promise;
        return await store.append(appends, cause);
      },
    };
    const first = runnerOn(slow).handle("a", "x", causeOf("r1", false));
    const second = await runnerOn(store).handle("a", "x", causeOf("r1", true));
    asleep.resolve();
    expect(await first).toEqual(second);
    expect((await runnerOn(store).state("a")).state).toEqual(["x"]);
  });

  test("leaves a second command to the same record to its decider", async () => {
    const store = createMemoryEventStore();
    const runner = runnerOn(store);
    await runner.handle("a", "first", causeOf("r1", false));
    const again = causeOf("r1", true);
    await runner.handle("a", "first", again);
    await runner.handle("a", "second", again);
    expect((await runner.state("a")).state).toEqual(["first", "second"]);
  });
});
