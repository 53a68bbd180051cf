import { deflateRawSync } from "node:zlib";
import type { employeeUpdated } from "@clockleaf/shared/events/employee.ts";
import type { EventOf } from "@clockleaf/shared/events/envelope.ts";
import type { AggregateAddress } from "@clockleaf/shared/subjects.ts";
import { encode } from "@clockleaf/shared/wire/codec.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { person } from "../../test/support/people.ts";
import { SNAPSHOT_EVERY } from "./aggregate-cache.ts";
import { type AggregateRunner, createAggregateRunner } from "./aggregate-runner.ts";
import type { Decider } from "./decider.ts";
import type { Snapshots } from "./event-store.ts";
import { createMemoryEventStore, type MemoryEventStore } from "./memory-event-store.ts";
import { createSnapshots, type SnapshotBytes, snapshotKey } from "./snapshots.ts";

type Updated = EventOf<typeof employeeUpdated>;
type Titles = readonly string[];

/** Remembers every title that somebody ever had. */
const decider: Decider<Titles, readonly string[], Updated> = {
  initial: [],
  decide: (_, titles) =>
    titles.map((title) => ({ type: "employee.employee.updated", data: person("ada", title) })),
  evolve: (titles, { data }) => [...titles, data.jobTitle ?? ""],
  snapshot: {
    version: 3,
    encode: (titles) => titles,
    decode: (value) => z.array(z.string()).parse(value),
  },
};

const ADDRESS: AggregateAddress = { domain: "employee", tenant: "acme", aggregateId: "ada" };
const CAUSE = {
  source: "test",
  atMs: 1,
  correlationId: null,
  causationId: null,
  traceparent: undefined,
};

interface Memory extends SnapshotBytes {
  readonly kept: Map<string, Uint8Array>;
}
function memory(): Memory {
  const kept = new Map<string, Uint8Array>();
  return {
    kept,
    get: async (key) => kept.get(key),
    put: async (key, bytes) => void kept.set(key, bytes),
  };
}

const runnerOn = (store: MemoryEventStore): AggregateRunner<Titles, readonly string[], Updated> =>
  createAggregateRunner({ store, decider, domain: "employee", tenant: "acme" });

async function history(count: number, bytes: Memory): Promise<[MemoryEventStore, Snapshots]> {
  const snapshots = createSnapshots(bytes);
  const store = createMemoryEventStore(snapshots);
  const runner = runnerOn(store);
  for (let from = 0; from < count; from += 50) {
    const titles = Array.from({ length: Math.min(50, count - from) }, (_, n) => `t${from + n}`);
    await runner.handle("ada", titles, CAUSE);
  }
  return [store, snapshots];
}

const away = (): Promise<never> => Promise.reject(new Error("no link"));
const packed = (value: unknown): Uint8Array => new Uint8Array(deflateRawSync(encode(value)));

describe("a snapshot", () => {
  it("is written in the background and spares the events before it", async () => {
    const bytes = memory();
    const [store, snapshots] = await history(2 * SNAPSHOT_EVERY + 10, bytes);
    await expect.poll(() => snapshots.stats().savedTotal).toBe(2);
    const loads: number[] = [];
    const watched: MemoryEventStore = {
      ...store,
      load: (address, afterSeq) => {
        loads.push(afterSeq);
        return store.load(address, afterSeq);
      },
    };
    const { state, seq } = await runnerOn(watched).state("ada");
    expect(state).toHaveLength(2 * SNAPSHOT_EVERY + 10);
    expect({ seq, loads }).toEqual({
      seq: 2 * SNAPSHOT_EVERY + 10,
      loads: [2 * SNAPSHOT_EVERY - 1],
    });
  });

  it("is left out if it is too large, and nothing else happens", async () => {
    const snapshots = createSnapshots(memory());
    const noise = Array.from({ length: 100_000 }, () => Math.random().toString(36));
    await snapshots.save(ADDRESS, { seq: 1, eventId: "x", deciderVersion: 1, state: noise });
    expect(snapshots.stats()).toMatchObject({ savedTotal: 0, tooLargeTotal: 1, failedTotal: 0 });
  });

  it("that cannot be stored or read is only counted", async () => {
    const snapshots = createSnapshots({ get: away, put: away });
    await snapshots.save(ADDRESS, { seq: 1, eventId: "x", deciderVersion: 1, state: [] });
    expect(await snapshots.load(ADDRESS)).toBeUndefined();
    expect(snapshots.stats()).toMatchObject({ failedTotal: 1 });
  });

  it("whatever it says, leads to the state that the events alone lead to", async () => {
    const count = 60;
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          at: fc.integer({ min: 1, max: count + 20 }),
          version: fc.constantFrom(3, 3, 3, 2, 4),
          isOwnId: fc.boolean(),
          state: fc.constantFrom("right", "right", 7, { length: 3 }, [1, 2]),
          garbage: fc.option(fc.uint8Array({ maxLength: 40 }), { freq: 4 }),
          later: fc.integer({ min: 0, max: 5 }),
        }),
        async ({ at, version, isOwnId, state, garbage, later }) => {
          const bytes = memory();
          const [store] = await history(count, bytes);
          const { events } = await store.load(ADDRESS, 0);
          const titles = events.slice(0, at).map(({ event }) => {
            const { jobTitle } = z.object({ jobTitle: z.string() }).parse(event.data);
            return jobTitle;
          });
          const own = events[at - 1]?.event.metadata.eventId;
          const written = {
            seq: at,
            eventId: isOwnId && own !== undefined ? own : "another",
            deciderVersion: version,
            state: state === "right" ? titles : state,
          };
          bytes.kept.set(snapshotKey(ADDRESS), garbage ?? packed(written));
          const after = Array.from({ length: later }, (_, n) => `late ${n}`);
          if (later > 0) await runnerOn(store).handle("ada", after, CAUSE);
          const [withSnapshot, expected] = [
            await runnerOn(store).state("ada"),
            [...Array.from({ length: count }, (_, n) => `t${n}`), ...after],
          ];
          expect(withSnapshot).toEqual({ state: expected, seq: count + later });
        },
      ),
      { seed: 20_261_130, numRuns: 150 },
    );
  });
});
