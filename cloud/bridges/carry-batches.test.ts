import { randomUUID } from "node:crypto";
import { checkInRecorded } from "@clockleaf/shared/events/attendance.ts";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { eventSubject } from "@clockleaf/shared/subjects.ts";
import { encode } from "@clockleaf/shared/wire/codec.ts";
import type { JsMsg } from "@nats-io/jetstream";
import type { NatsConnection } from "nats";
import { describe, expect, it } from "vitest";
import { eventually } from "../../test/support/eventually.ts";
import { createBatchSizes } from "./batch-sizes.ts";
import type { Destination, Encoded, Sink } from "./bridge.ts";
import { type Carrying, carryBatches, type Run } from "./carry-batches.ts";
import { emptyStatus } from "./feed-status.ts";

const FEED = { id: "attendance", stream: "ATTENDANCE" };

describe("batches on their way", () => {
  it("are encoded while the one before is stored, and stored one at a time, in order", async () => {
    const at = destination();
    const carried = carry(at, [batch(1, 2), batch(3), batch(4)]);
    await eventually(() => at.encoded.length === 3);
    expect(at.begun).toEqual([2]);
    at.finish();
    await eventually(() => at.begun.length === 2);
    expect(at.encoded).toEqual([1, 2, 3, 4].slice(0, at.encoded.length));
    at.finish();
    await eventually(() => at.begun.length === 3);
    at.finish();
    const { status } = await carried.done;
    expect(at.begun).toEqual([2, 3, 4]);
    expect(status).toMatchObject({ position: 4, recordsTotal: 4, batchesTotal: 3 });
  });

  it("end with the failure of one, though the next message never comes", async () => {
    const at = destination();
    const carried = carry(at, [batch(1)], "and then nothing");
    await eventually(() => at.begun.length === 1);
    at.fail(new Error("broker away"));
    await expect(carried.done).rejects.toThrow("broker away");
  });

  it("are not stored behind one that failed", async () => {
    const at = destination();
    const carried = carry(at, [batch(1), batch(2)]);
    await eventually(() => at.encoded.length === 2);
    at.fail(new Error("broker away"));
    await expect(carried.done).rejects.toThrow("broker away");
    expect(at.begun).toEqual([1]);
    expect(carried.run.status.position).toBe(0);
  });

  it("are waited for when encoding the next one fails, so that nobody closes the sink under them", async () => {
    const at = destination({ unencodable: 2 });
    const carried = carry(at, [batch(1), batch(2)]);
    let isOver = false;
    const over = carried.done.finally(() => {
      isOver = true;
    });
    await eventually(() => at.encoded.includes(2));
    await new Promise((resolve) => setImmediate(resolve));
    expect(isOver).toBe(false);
    at.finish();
    await expect(over).rejects.toThrow("registry away");
    expect(carried.run.status.position).toBe(1);
  });

  it("are not stored by who may no longer write, even if they were encoded before that", async () => {
    const at = destination();
    const carried = carry(at, [batch(1), batch(2)]);
    await eventually(() => at.encoded.length === 2);
    carried.forbid();
    at.finish();
    await carried.done;
    expect(at.begun).toEqual([1]);
    expect(carried.run.status.position).toBe(1);
  });
});

interface FakeDestination extends Destination {
  /** Sequences in the order in which they were encoded, and last ones of the batches whose storing has begun. */
  readonly encoded: number[];
  readonly begun: number[];
  /** The end of what is being stored. */
  finish(): void;
  fail(error: Error): void;
}

function destination({ unencodable = 0 } = {}): FakeDestination {
  const encoded: number[] = [];
  const begun: number[] = [];
  let storing: { resolve: () => void; reject: (error: Error) => void } | undefined;
  const sink: Sink = {
    position: undefined,
    async encode({ seq }): Promise<Encoded> {
      encoded.push(seq);
      if (seq === unencodable) throw new Error("registry away");
      return { bytes: 1 };
    },
    apply: (_, { seq }) =>
      new Promise((resolve, reject) => {
        begun.push(seq);
        storing = { resolve, reject };
      }),
    close: async () => undefined,
  };
  return {
    name: "kafka",
    feeds: [FEED],
    maxRecordBytes: 1_000,
    open: async () => sink,
    close: async () => undefined,
    encoded,
    begun,
    finish: () => storing?.resolve(),
    fail: (error) => storing?.reject(error),
  };
}

interface Carried {
  readonly run: Run<Encoded>;
  readonly done: Promise<Run<Encoded>>;
  forbid(): void;
}

function carry(
  at: FakeDestination,
  batches: ReadonlyArray<readonly JsMsg[]>,
  then?: "and then nothing",
): Carried {
  let mayGoOn = true;
  const interrupted = Promise.withResolvers<void>();
  const run: Run<Encoded> = {
    nc: {} as NatsConnection, // Only dead letters need it.
    destination: at,
    feed: FEED,
    status: emptyStatus(at.name, FEED),
    sizes: createBatchSizes({ records: 500, bytes: 1_000, lingerMs: 0 }),
    log: silentLog(),
  };
  async function* read(): AsyncGenerator<readonly JsMsg[]> {
    yield* batches;
    if (then !== undefined) await interrupted.promise;
  }
  const begin = async (): Promise<Run<Encoded>> => {
    const carrying: Carrying<Encoded> = {
      batches: read(),
      source: { stream: FEED.stream, incarnation: 1, firstSeq: 1, lastSeq: 9 },
      sink: await at.open({ feed: FEED, incarnation: 1, log: silentLog() }),
      mayGoOn: () => mayGoOn,
      onStored: () => undefined,
      interrupt: () => interrupted.resolve(),
    };
    await carryBatches(run, carrying);
    return run;
  };
  return {
    run,
    done: begin(),
    forbid: () => {
      mayGoOn = false;
    },
  };
}

const batch = (...seqs: readonly number[]): JsMsg[] => seqs.map(message);

function message(seq: number): JsMsg {
  const metadata = {
    eventId: randomUUID(),
    eventType: checkInRecorded.type,
    timestamp: 1_700_000_000_000,
    version: checkInRecorded.version,
    source: "test/carry",
    correlationId: null,
    causationId: null,
  };
  const data = {
    employeeId: "p1",
    punchId: `gw-epoch00001-${seq}`,
    at: 1_700_000_000_000,
    site: "hq",
    reader: "front-door",
    workdayOn: "2026-11-23",
    reason: "as planned",
    meaning: "in",
  };
  const subject = eventSubject({ domain: "attendance", tenant: "acme", aggregateId: "p1" });
  const info = { pending: 0 };
  return { seq, subject, data: encode({ metadata, data }), headers: undefined, info } as JsMsg;
}
