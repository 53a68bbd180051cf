import { randomBytes, randomUUID } from "node:crypto";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { STREAMS } from "@clockleaf/shared/subjects.ts";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { BridgeRecord, Feed, Position, Sink } from "../../cloud/bridges/bridge.ts";
import { checkpointRecord, readCheckpoint } from "../../cloud/bridges/kafka/checkpoint.ts";
import {
  closeClient,
  openAdmin,
  openProducer,
  openReader,
} from "../../cloud/bridges/kafka/clients.ts";
import { kafkaConfigSchema } from "../../cloud/bridges/kafka/config.ts";
import { connectionOf } from "../../cloud/bridges/kafka/connection.ts";
import {
  type KafkaDestinationOptions,
  openKafkaDestination,
} from "../../cloud/bridges/kafka/destination.ts";
import { type EncodedRecord, encodeRecord } from "../../cloud/bridges/kafka/encode.ts";
import { kafkaError, whomOf } from "../../cloud/bridges/kafka/errors.ts";
import { partitionOf } from "../../cloud/bridges/kafka/partitioner.ts";
import { createSink } from "../../cloud/bridges/kafka/sink.ts";
import { namesOf, topicOf } from "../../cloud/bridges/kafka/topics.ts";
import { beginTransactions, type Transactions } from "../../cloud/bridges/kafka/transaction.ts";
import { findOwnKafka, type KafkaServer, runKafkaTool, startKafka } from "../support/kafka.ts";
import { type ReadRecord, readCommitted } from "../support/kafka-reader.ts";
import { available } from "../support/parts.ts";

const TENANT = "acme";
const INCARNATION = 1_700_000_000_000;
const FEED: Feed = { id: "attendance", stream: STREAMS.attendance };
const PEOPLE = 17;

const at = (seq: number): Position => ({ incarnation: INCARNATION, seq });
const encoder = {
  encode: async ({ event }: BridgeRecord) => Buffer.from(JSON.stringify(event.data)),
};

function recordOf(seq: number, padding = ""): BridgeRecord {
  const employeeId = `p${seq % PEOPLE}`;
  const metadata = {
    eventId: randomUUID(),
    eventType: "attendance.check-in.recorded",
    timestamp: INCARNATION + seq,
    version: "1.0",
    source: "test",
    correlationId: "c",
    causationId: null,
  };
  return {
    seq,
    stream: FEED.stream,
    aggregateId: employeeId,
    traceparent: undefined,
    event: { metadata, data: { employeeId, padding } },
  };
}

/** Records `from` to `to`, and the position of the last. */
async function store(sink: Sink<EncodedRecord>, from: number, to: number): Promise<void> {
  const batch: EncodedRecord[] = [];
  for (let seq = from; seq <= to; seq += 1) {
    const encoded = await sink.encode(recordOf(seq));
    if (encoded !== undefined) batch.push(encoded);
  }
  await sink.apply(batch, at(to));
}

const seqsOf = (records: readonly ReadRecord[]): number[] =>
  records.map(({ headers }) => Number(headers["nats-seq"])).toSorted((a, b) => a - b);
const upTo = (to: number): number[] => Array.from({ length: to }, (_, index) => index + 1);

describe.skipIf(!available("Kafka", findOwnKafka()))("Kafka as a destination", () => {
  let kafka: KafkaServer;
  /** Each test has topics and writers of its own. */
  let prefix: string;
  const opened: Array<{ close(): Promise<void> }> = [];

  beforeAll(async () => {
    kafka = await startKafka();
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((each) => each.close()));
  });
  afterAll(async () => {
    await kafka[Symbol.asyncDispose]();
  });

  const configWith = (more: object = {}, topics: object = {}) =>
    kafkaConfigSchema.parse({
      brokers: kafka.brokers,
      registry: { url: "http://127.0.0.1:1/not-asked" },
      topics: { replicationFactor: 1, prefix, ...topics },
      ...more,
    });
  const fresh = (name: string): void => {
    prefix = `${name}.`;
  };
  async function open(
    more: Partial<KafkaDestinationOptions> = {},
    feed = FEED,
  ): Promise<Sink<EncodedRecord>> {
    const destination = await openKafkaDestination({
      config: configWith(),
      tenant: TENANT,
      encoder,
      ...more,
    });
    opened.push(destination);
    return await destination.open({ feed, incarnation: INCARNATION, log: silentLog() });
  }
  /** What a sink does, with a break in between. */
  async function begin(): Promise<Transactions> {
    const { transactionalId } = namesOf(TENANT, FEED, prefix);
    const producer = openProducer(await connectionOf(configWith()), {
      clientId: "test",
      transactionalId,
      transactionTimeoutMs: 60_000,
      compression: "lz4",
    });
    opened.push({ close: () => closeClient(producer) });
    return await beginTransactions(producer);
  }
  async function admin() {
    const client = openAdmin(await connectionOf(configWith()), "test");
    opened.push({ close: () => closeClient(client) });
    return client;
  }
  const make = async (name: string, partitions: number, policy = "delete"): Promise<void> => {
    const configs = [{ name: "cleanup.policy", value: policy }];
    const topics = [`${prefix}${name}`];
    await (await admin()).createTopics({ topics, partitions, replicas: 1, configs });
  };
  const explain = (error: unknown) => kafkaError(error, whomOf(configWith(), "x"));
  const halfOf = async (from: number, to: number) => {
    const { checkpoint } = namesOf(TENANT, FEED, prefix);
    const seqs = Array.from({ length: to - from + 1 }, (_, index) => from + index);
    const records = seqs.map((seq) => encodeRecord(recordOf(seq), topicOf(FEED, prefix), encoder));
    return [...(await Promise.all(records)), checkpointRecord(checkpoint, at(to))];
  };
  const read = (): Promise<ReadRecord[]> =>
    readCommitted(configWith(), `${prefix}attendance-events`);

  it("stores each key in one partition and in order, with the headers that were agreed on", async () => {
    fresh("order");
    const sink = await open();
    expect(sink.position).toBeUndefined();
    await store(sink, 1, 100);
    await store(sink, 101, 250);
    const records = await read();
    expect(seqsOf(records)).toEqual(upTo(250));
    const lastOf = new Map<string, number>();
    for (const { key, partition, headers } of records) {
      expect(partition).toBe(partitionOf(Buffer.from(key), 6));
      const seq = Number(headers["nats-seq"]);
      expect(seq).toBeGreaterThan(lastOf.get(key) ?? 0);
      lastOf.set(key, seq);
      expect(headers).toMatchObject({
        "content-type": "application/avro",
        ce_type: "attendance.check-in.recorded",
        ce_partitionkey: key,
        "nats-stream": "ATTENDANCE",
      });
    }
    expect(lastOf.size).toBe(PEOPLE);
    expect(new Set(records.map(({ partition }) => partition)).size).toBe(6);
  });

  it.each(["none", "lz4", "zstd"] as const)(
    "what is stored with %s can be read",
    async (compression) => {
      fresh(`compressed-${compression}`);
      const sink = await open({ config: configWith({ compression }) });
      const padding = "lorem ipsum ".repeat(50);
      const encoded = await sink.encode(recordOf(1, padding));
      if (encoded === undefined) throw new Error("no place for it");
      await sink.apply([encoded], at(1));
      const [first] = await read();
      expect(JSON.parse(String(first?.value))).toEqual({ employeeId: "p1", padding });
    },
  );

  it("knows after a restart how far it is, each feed by itself, also if nothing was stored", async () => {
    fresh("restart");
    const leave = { id: "leave", stream: STREAMS.leave };
    await store(await open(), 1, 30);
    await store(await open({}, leave), 1, 7);
    const again = await open();
    expect(again.position).toEqual(at(30));
    await again.apply([], at(44));
    expect((await open()).position).toEqual(at(44));
    expect((await open({}, leave)).position).toEqual(at(7));
    expect((await open({}, { id: "payroll", stream: STREAMS.payroll })).position).toBeUndefined();
  });

  it("finds a checkpoint that lies far before the end", async () => {
    fresh("far");
    const leave = { id: "leave", stream: STREAMS.leave };
    await store(await open({}, leave), 1, 5);
    const transactions = await begin();
    const place = { topic: `${prefix}clockleaf-checkpoints`, key: "acme/other" };
    for (let batch = 0; batch < 5; batch += 1) {
      await transactions.send(upTo(1_000).map((seq) => checkpointRecord(place, at(seq))));
      await transactions.commit();
    }
    expect((await open({}, leave)).position).toEqual(at(5));
  });

  it("an old writer that wakes between batches is refused, and nothing of it is seen", async () => {
    fresh("idle-zombie");
    const old = await open();
    await store(old, 1, 10);
    const next = await open();
    expect(next.position).toEqual(at(10));
    await expect(store(old, 11, 20)).rejects.toMatchObject({
      code: "bridge.fenced",
      retriable: true,
    });
    await store(next, 11, 15);
    await expect(store(old, 11, 20)).rejects.toMatchObject({ code: "bridge.fenced" });
    expect(seqsOf(await read())).toEqual(upTo(15));
    expect((await open()).position).toEqual(at(15));
  });

  it("an old writer that wakes in mid-transaction can neither send on nor commit", async () => {
    fresh("busy-zombie");
    await store(await open(), 1, 10);
    const wakes = await begin();
    await wakes.send(await halfOf(11, 20));
    const next = await open();
    expect(next.position).toEqual(at(10));
    const sendsOn = await wakes.send(await halfOf(21, 30)).catch(explain);
    expect(sendsOn).toMatchObject({ code: "bridge.fenced" });
    const commits = await wakes.commit().catch(explain);
    expect(commits).toMatchObject({ code: "bridge.fenced" });
    await store(next, 11, 12);
    expect(seqsOf(await read())).toEqual(upTo(12));
    expect((await open()).position).toEqual(at(12));
  });

  it("transactions that were aborted, one after the other, are not seen; not by the checkpoint's reader either", async () => {
    fresh("aborted");
    await store(await open(), 1, 3);
    // Each is aborted by the next that begins.
    for (let abort = 0; abort < 3; abort += 1) {
      const transactions = await begin();
      await transactions.send(await halfOf(4, 20 + abort));
    }
    const sink = await open();
    expect(sink.position).toEqual(at(3));
    await store(sink, 4, 6);
    expect(seqsOf(await read())).toEqual(upTo(6));
  });

  it("a broker that is killed in mid-transaction and comes back loses and doubles nothing", async () => {
    fresh("killed");
    const before = await open();
    await store(before, 1, 10);
    const dying = await begin();
    await dying.send(await halfOf(11, 20));
    await kafka.kill();
    await kafka.start();
    const sink = await open();
    expect(sink.position).toEqual(at(10));
    await store(sink, 11, 20);
    expect(seqsOf(await read())).toEqual(upTo(20));
    await expect(store(before, 21, 22)).rejects.toMatchObject({ code: "bridge.fenced" });
  });

  it("a batch that a broker finds too large is refused as such; the feed goes on behind it", async () => {
    fresh("large");
    const sink = await open();
    const encoded = await sink.encode(recordOf(1, randomBytes(1_200_000).toString("latin1")));
    if (encoded === undefined) throw new Error("no place for it");
    await expect(sink.apply([encoded], at(1))).rejects.toMatchObject({ code: "bridge.too-large" });
    const again = await open();
    expect(again.position).toBeUndefined();
    await store(again, 2, 9);
    expect(seqsOf(await read())).toEqual(upTo(9).slice(1));
  });

  it("with the planted fault, what fails in between leaves records that the checkpoint knows nothing of", async () => {
    fresh("planted");
    await store(await open({ checkpointApart: true }), 1, 5);
    expect((await open()).position).toEqual(at(5));
    const { checkpoint } = namesOf(TENANT, FEED, prefix);
    const between = createSink({
      topic: topicOf(FEED, prefix),
      encoder,
      position: at(5),
      checkpoint,
      transactions: await begin(),
      explain,
      sendApart: () => Promise.reject(new Error("killed")),
      close: async () => undefined,
    });
    await expect(store(between, 6, 8)).rejects.toThrow("killed");
    expect(seqsOf(await read())).toEqual(upTo(8));
    expect((await open()).position).toEqual(at(5));
  });

  it("Kafka's own reader sees the same, whatever was aborted or refused in between", async () => {
    fresh("witness");
    const old = await open();
    await store(old, 1, 120);
    await (await begin()).send(await halfOf(121, 160));
    await (await begin()).send(await halfOf(121, 140));
    const sink = await open({ config: configWith({ compression: "zstd" }) });
    await expect(store(old, 121, 150)).rejects.toMatchObject({ code: "bridge.fenced" });
    await store(sink, 121, 200);
    const ours = (await read()).map(({ partition, key, value }) => ({
      partition,
      key,
      value: String(value),
    }));
    expect(ours).toHaveLength(200);
    const theirs = await readByJava(kafka, `${prefix}attendance-events`);
    const inPartition = (all: typeof ours, wanted: number) =>
      all.filter(({ partition }) => partition === wanted);
    for (let partition = 0; partition < 6; partition += 1) {
      expect(inPartition(theirs, partition)).toEqual(inPartition(ours, partition));
    }
  });

  describe("topics", () => {
    it("with another number of partitions are refused, and left as they are", async () => {
      fresh("drift");
      await make("attendance-events", 4);
      await expect(open()).rejects.toMatchObject({
        code: "bridge.unsafe",
        message: expect.stringContaining("4 partitions instead of 6"),
      });
    });

    it("of checkpoints that would be deleted are refused", async () => {
      fresh("forgetful");
      await make("clockleaf-checkpoints", 1);
      await expect(open()).rejects.toMatchObject({
        code: "bridge.unsafe",
        message: expect.stringContaining("set it to compact"),
      });
    });

    it("that are missing and that we may not make are named, with the command", async () => {
      fresh("missing");
      await expect(open({ config: configWith({}, { create: false }) })).rejects.toMatchObject({
        code: "bridge.unsafe",
        message: expect.stringContaining("--topic missing.clockleaf-checkpoints --partitions 1"),
      });
    });

    it("with more replicas than there are brokers are refused for that", async () => {
      fresh("replicas");
      await expect(
        open({ config: configWith({}, { replicationFactor: 3 }) }),
      ).rejects.toMatchObject({
        code: "bridge.unsafe",
        message: expect.stringContaining("replicationFactor"),
      });
    });

    it("of events that are gone are not filled from the middle; a checkpoint taken back starts anew", async () => {
      fresh("events-gone");
      await store(await open(), 1, 5);
      await (await admin()).deleteTopics({ topics: [`${prefix}attendance-events`] });
      for (let attempt = 0; attempt < 2; attempt += 1) {
        await expect(open()).rejects.toMatchObject({
          code: "bridge.unsafe",
          message: expect.stringContaining("filled up to 5"),
        });
      }
      const { checkpoint } = namesOf(TENANT, FEED, prefix);
      const reader = openReader(await connectionOf(configWith()), "test");
      opened.push({ close: () => closeClient(reader) });
      const transactions = await begin();
      const { value: _none, ...takenBack } = checkpointRecord(checkpoint, at(0));
      await transactions.send([takenBack]);
      await transactions.commit();
      expect(await readCheckpoint(reader, checkpoint)).toBeUndefined();
      await store(await open(), 1, 5);
      expect(seqsOf(await read())).toEqual(upTo(5));
    });

    it("of checkpoints that are gone are not made anew while there are events", async () => {
      fresh("checkpoints-gone");
      await store(await open(), 1, 5);
      await (await admin()).deleteTopics({ topics: [`${prefix}clockleaf-checkpoints`] });
      await expect(open()).rejects.toMatchObject({
        code: "bridge.unsafe",
        message: expect.stringContaining("is not there, but checkpoints-gone.attendance-events"),
      });
      expect(seqsOf(await read())).toEqual(upTo(5));
    });

    it("that are all gone are made and filled from the beginning", async () => {
      fresh("wiped");
      await store(await open(), 1, 5);
      const topics = ["attendance-events", "clockleaf-checkpoints"].map(
        (name) => `${prefix}${name}`,
      );
      await (await admin()).deleteTopics({ topics });
      const sink = await open();
      expect(sink.position).toBeUndefined();
      await store(sink, 1, 5);
      expect(seqsOf(await read())).toEqual(upTo(5));
    });
  });

  it("a server that is not there is told as that, soon", async () => {
    fresh("away");
    const config = { ...configWith(), brokers: ["127.0.0.1:1"] };
    await expect(open({ config })).rejects.toMatchObject({
      code: "bridge.unreachable",
      retriable: true,
      message: expect.stringContaining("127.0.0.1:1"),
    });
  });
});

const LINE = /^Partition:(\d+)\t([^\t]*)\t(.*)$/gm;

async function readByJava(
  { brokers }: KafkaServer,
  topic: string,
): Promise<Array<{ partition: number; key: string; value: string }>> {
  const properties = ["print.partition=true", "print.key=true"];
  const args = [
    "--bootstrap-server",
    brokers.join(","),
    "--topic",
    topic,
    "--from-beginning",
    "--isolation-level",
    "read_committed",
    "--timeout-ms",
    "10000",
    ...properties.flatMap((each) => ["--formatter-property", each]),
  ];
  const said = await runKafkaTool("org.apache.kafka.tools.consumer.ConsoleConsumer", args);
  return [...said.matchAll(LINE)].map(([, partition, key = "", value = ""]) => ({
    partition: Number(partition),
    key,
    value,
  }));
}
