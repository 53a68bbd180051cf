import { randomUUID } from "node:crypto";
import type { EmployeeData } from "@clockleaf/shared/events/employee.ts";
import { eventSubject } from "@clockleaf/shared/subjects.ts";
import { newTraceparent } from "@clockleaf/shared/wire/trace-context.ts";
import { jetstreamManager } from "@nats-io/jetstream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { publishBatch } from "../../cloud/eventing/atomic-batch.ts";
import { deriveEventId } from "../../cloud/eventing/event-id.ts";
import type { Cause, EventStore, NewEvent } from "../../cloud/eventing/event-store.ts";
import { openJsEventStore } from "../../cloud/eventing/js-event-store.ts";
import { type CloudHub, startCloudHub } from "../support/cloud-hub.ts";
import { eventually } from "../support/eventually.ts";
import { findNatsServer } from "../support/nats.ts";
import { available } from "../support/parts.ts";
import { person } from "../support/people.ts";

const cause: Cause = {
  source: "cloud/test",
  atMs: 1_795_478_400_000,
  correlationId: "trace-1",
  causationId: "request-1",
  traceparent: newTraceparent(),
};

const updated = (id: string, jobTitle: string): NewEvent => ({
  type: "employee.employee.updated",
  data: person(id, jobTitle),
});
const address = (aggregateId: string) => ({
  domain: "employee" as const,
  tenant: "acme",
  aggregateId,
});
const newId = (): string => `e-${randomUUID()}`;

describe.skipIf(!available("nats-server", findNatsServer()))("the event store", () => {
  let cloud: CloudHub;
  let store: EventStore;
  beforeAll(async () => {
    cloud = await startCloudHub("cloud-consumers");
    store = await openJsEventStore({ nc: cloud.nc, timeoutMs: 2_000 });
  });
  afterAll(() => cloud[Symbol.asyncDispose]());

  const countOf = async (stream = "EMPLOYEE"): Promise<number> => {
    const jsm = await jetstreamManager(cloud.nc, { checkAPI: false });
    return (await jsm.streams.info(stream)).state.messages;
  };

  test("gives back what was appended, with its metadata, trace and sequence", async () => {
    const id = newId();
    const eventId = deriveEventId("test", id);
    const seqs = await store.append(
      [
        {
          address: address(id),
          expectedSeq: 0,
          events: [{ ...updated(id, "Welder"), eventId }, updated(id, "Foreman")],
        },
      ],
      cause,
    );
    const { events, lastSeq } = await store.load(address(id), 0);
    expect(seqs.get(eventSubject(address(id)))).toBe(lastSeq);
    expect(events.map((each) => each.event.data)).toEqual([
      person(id, "Welder"),
      person(id, "Foreman"),
    ]);
    expect(events[0]).toMatchObject({
      seq: lastSeq - 1,
      subject: eventSubject(address(id)),
      traceparent: cause.traceparent,
      event: {
        metadata: {
          eventId,
          eventType: "employee.employee.updated",
          timestamp: cause.atMs,
          version: "1.0",
          source: "cloud/test",
          correlationId: "trace-1",
          causationId: "request-1",
        },
      },
    });
    expect((await store.load(address(id), lastSeq - 1)).events).toHaveLength(1);
  });

  test("carries the CloudEvents attributes in headers", async () => {
    const id = newId();
    await store.append(
      [{ address: address(id), expectedSeq: 0, events: [updated(id, "x")] }],
      cause,
    );
    const jsm = await jetstreamManager(cloud.nc, { checkAPI: false });
    // Any copy answers, in a cluster also one that has not got it yet.
    const message = await eventually(() =>
      jsm.direct.getMessage("EMPLOYEE", { last_by_subj: eventSubject(address(id)) }),
    );
    const headers = message.header;
    expect(headers.get("ce-specversion")).toBe("1.0");
    expect(headers.get("ce-type")).toBe("employee.employee.updated");
    expect(headers.get("ce-source")).toBe("cloud/test");
    expect(headers.get("ce-time")).toBe("2026-11-24T00:00:00.000Z");
    expect(headers.get("traceparent")).toBe(cause.traceparent);
  });

  test("says that an aggregate without events has none", async () => {
    expect(await store.load(address(newId()), 0)).toEqual({ events: [], lastSeq: 0 });
  });

  test("loads an aggregate of many pages whole and in order", async () => {
    const id = newId();
    let seq = 0;
    for (let round = 0; round < 3; round += 1) {
      const events = Array.from({ length: 700 }, (_, n) => updated(id, `job ${round * 700 + n}`));
      const seqs = await store.append([{ address: address(id), expectedSeq: seq, events }], cause);
      seq = seqs.get(eventSubject(address(id))) ?? 0;
    }
    const { events, lastSeq } = await store.load(address(id), 0);
    expect(lastSeq).toBe(seq);
    expect(events.map((each) => (each.event.data as EmployeeData).jobTitle)).toEqual(
      Array.from({ length: 2100 }, (_, n) => `job ${n}`),
    );
  });

  test("refuses an append on an outdated sequence, alone or anywhere in a batch, and stores nothing", async () => {
    const [one, two] = [newId(), newId()];
    await store.append(
      [{ address: address(one), expectedSeq: 0, events: [updated(one, "a")] }],
      cause,
    );
    const before = await countOf();
    await expect(
      store.append([{ address: address(one), expectedSeq: 0, events: [updated(one, "b")] }], cause),
    ).rejects.toMatchObject({ code: "stream.conflict", retriable: true });
    const fresh = {
      address: address(two),
      expectedSeq: 0,
      events: [updated(two, "c"), updated(two, "d")],
    };
    const stale = { address: address(one), expectedSeq: 0, events: [updated(one, "e")] };
    for (const order of [
      [fresh, stale],
      [stale, fresh],
    ]) {
      await expect(store.append(order, cause)).rejects.toMatchObject({ code: "stream.conflict" });
    }
    expect(await countOf()).toBe(before);
    expect((await store.load(address(two), 0)).events).toEqual([]);
  });

  test("lets exactly one of many writers with the same knowledge through", async () => {
    const id = newId();
    const results = await Promise.allSettled(
      Array.from({ length: 40 }, (_, n) =>
        store.append(
          [
            {
              address: address(id),
              expectedSeq: 0,
              events: [updated(id, `w${n}`), updated(id, `w${n}`)],
            },
          ],
          cause,
        ),
      ),
    );
    expect(results.filter((each) => each.status === "fulfilled")).toHaveLength(1);
    const { events } = await store.load(address(id), 0);
    const titles = events.map((each) => (each.event.data as EmployeeData).jobTitle);
    expect(titles).toHaveLength(2);
    expect(titles[0]).toBe(titles[1]);
  });

  test("takes a full batch and refuses one that is larger without storing any of it", async () => {
    const id = newId();
    const many = (count: number) => [
      {
        address: address(id),
        expectedSeq: 0,
        events: Array.from({ length: count }, () => updated(id, "x")),
      },
    ];
    const before = await countOf();
    await expect(store.append(many(1001), cause)).rejects.toMatchObject({
      code: "stream.batch-refused",
    });
    expect(await countOf()).toBe(before);
    await store.append(many(1000), cause);
    expect(await countOf()).toBe(before + 1000);
  });

  test("stores nothing that it could not read back", async () => {
    const id = newId();
    const before = await countOf();
    const attempts: NewEvent[] = [
      { type: "employee.employee.updated", data: { employeeId: id } },
      { type: "employee.never.heard", data: {} },
      { type: "attendance.punch.quarantined", data: {} },
    ];
    for (const event of attempts) {
      await expect(
        store.append([{ address: address(id), expectedSeq: 0, events: [event] }], cause),
      ).rejects.toMatchObject({ code: expect.stringMatching(/^event\./) });
    }
    expect(await countOf()).toBe(before);
  });

  test("never takes a batch on a stream that would store its messages one by one", async () => {
    const before = await countOf("DLQ");
    const message = { subject: "dlq.v1.test", data: new Uint8Array(), headers: [] };
    await expect(
      publishBatch(cloud.nc, [message, message], { stream: "DLQ", timeoutMs: 2_000 }),
    ).rejects.toMatchObject({ code: "stream.batch-refused" });
    expect(await countOf("DLQ")).toBe(before);
  });

  test("is not fooled by another stream's answer", async () => {
    const message = { subject: "dlq.v1.test", data: new Uint8Array(), headers: [] };
    await expect(
      publishBatch(cloud.nc, [message], { stream: "EMPLOYEE", timeoutMs: 2_000 }),
    ).rejects.toMatchObject({ code: "stream.batch-refused" });
  });
});
