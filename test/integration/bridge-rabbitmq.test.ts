import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { BUCKETS, STREAMS } from "@clockleaf/shared/subjects.ts";
import { Kvm } from "@nats-io/kv";
import type { Connection } from "rabbitmq-client";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { BridgeRecord, Destination, Sink } from "../../cloud/bridges/bridge.ts";
import { bridgesConfigSchema } from "../../cloud/bridges/config.ts";
import { checkpointKey, takeCheckpoint } from "../../cloud/bridges/rabbitmq/checkpoint.ts";
import { openClaims } from "../../cloud/bridges/rabbitmq/claims.ts";
import { openRabbitDestination } from "../../cloud/bridges/rabbitmq/destination.ts";
import type { RabbitMessage } from "../../cloud/bridges/rabbitmq/message.ts";
import { DEAD_LETTERS, QUEUES } from "../../cloud/rabbitmq/topology.ts";
import { type CloudHub, startCloudHub } from "../support/cloud-hub.ts";
import { eventually } from "../support/eventually.ts";
import { findNatsServer } from "../support/nats.ts";
import { available } from "../support/parts.ts";
import { findOwnRabbit, type RabbitServer, startRabbit } from "../support/rabbitmq.ts";
import { drain, rabbitClient } from "../support/rabbitmq-client.ts";
import { rabbitSettings } from "../support/rabbitmq-reader.ts";
import { type TempDir, tempDir } from "../support/temp.ts";

const TENANT = "acme";
const INCARNATION = 1_690_000_000_000;
const isHere = available("nats-server", findNatsServer()) && available("RabbitMQ", findOwnRabbit());

type Open = {
  readonly destination: Destination<RabbitMessage>;
  readonly sink: Sink<RabbitMessage>;
};

describe.skipIf(!isHere)("RabbitMQ as a destination", { timeout: 120_000 }, () => {
  let cloud: CloudHub;
  let server: RabbitServer;
  let client: Connection;
  let temp: TempDir;
  const sinks: Array<Sink<RabbitMessage>> = [];

  beforeAll(async () => {
    cloud = await startCloudHub("cloud-all");
    server = await startRabbit({ config: ["max_message_size = 20000"] });
    temp = tempDir("rabbitmq-destination");
    client = rabbitClient([server.port]);
  }, 180_000);
  afterEach(async () => {
    await Promise.all(sinks.splice(0).map((sink) => sink.close()));
  });
  afterAll(async () => {
    client?.unsafeDestroy();
    await server?.[Symbol.asyncDispose]();
    await cloud?.[Symbol.asyncDispose]();
    temp?.remove();
  });

  const destinationWith = (settings: object = {}): Destination<RabbitMessage> => {
    const { rabbitmq } = rabbitSettings(temp.path, [server.port]);
    const config = bridgesConfigSchema.parse({ rabbitmq: { ...rabbitmq, ...settings } });
    if (config.rabbitmq === undefined) throw new Error("it is configured");
    return openRabbitDestination({ nc: cloud.nc, tenant: TENANT, config: config.rabbitmq });
  };
  const open = async (feedId: string, settings?: object): Promise<Open> => {
    const destination = destinationWith(settings);
    const feed = destination.feeds.find(({ id }) => id === feedId);
    if (feed === undefined) throw new Error(`no feed ${feedId}`);
    const log = silentLog();
    const opening = { feed, incarnation: INCARNATION, log };
    // Who was closed a moment ago may still hold the lock at the server.
    const sink = await eventually(() => destination.open(opening), { what: "the feed to open" });
    sinks.push(sink);
    return { destination, sink };
  };
  test("the queues of the seed get what they should, and anybody can bind to anything", async () => {
    const all = await open("employee");
    const channel = await client.acquire();
    await channel.queueDeclare({ queue: "mine", durable: true });
    const mine = {
      queue: "mine",
      exchange: "clockleaf.topic",
      routingKey: "attendance.*.recorded",
    };
    await channel.queueBind(mine);
    await channel.close();
    await send(all, STREAMS.employee, [[1, "employee.employee.created"]]);
    await send(await open("leave"), STREAMS.leave, [[1, "leave.leave.approved"]]);
    await send(await open("attendance"), STREAMS.attendance, [
      [1, "attendance.check-in.recorded"],
      [2, "attendance.workday.calculated"],
    ]);
    await send(await open("notification"), STREAMS.notification, [
      [1, "notification.message.requested", { channel: "email" }],
      [2, "notification.message.requested", { channel: "sms" }],
      [3, "notification.message.requested", { channel: "in-app" }],
      [4, "notification.message.sent", { channel: "email" }],
    ]);
    await send(await open("workflow"), STREAMS.workflow, [[1, "workflow.request.opened"]]);
    await send(await open("reporting"), STREAMS.reporting, [[1, "reporting.report.requested"]]);
    await send(await open("document"), STREAMS.document, [[1, "document.document.stored"]]);
    const people = ["EMPLOYEE 1 employee.employee.created", "LEAVE 1 leave.leave.approved"];
    const got: Record<string, string[]> = {};
    for (const queue of ["mine", ...Object.values(QUEUES)]) {
      got[queue] = (await drain(client, queue)).map(placeAndType);
    }
    expect(got).toEqual({
      mine: ["ATTENDANCE 1 attendance.check-in.recorded"],
      "notification.email": ["NOTIFICATION 1 notification.message.requested"],
      "notification.sms": ["NOTIFICATION 2 notification.message.requested"],
      "workflow.approvals": ["WORKFLOW 1 workflow.request.opened"],
      "reports.generation": ["REPORTING 1 reporting.report.requested"],
      "background.tasks": ["DOCUMENT 1 document.document.stored"],
      "file.processing": ["DOCUMENT 1 document.document.stored"],
      "notification.employee": people,
      "audit.employee": people,
      "reporting.employee": people,
      "workflow.employee": people,
      "salary.calculation.request": [],
      "salary.calculation.reply": [],
    });
  });

  test("a message says what it is, and outlives the server", async () => {
    const workflow = await open("workflow");
    const record = recordOf(STREAMS.workflow, 10, { eventType: "workflow.request.opened" });
    const message = await workflow.sink.encode(record);
    if (message === undefined) throw new Error("it has a place");
    await workflow.sink.apply([message], { incarnation: INCARNATION, seq: 10 });
    await server.kill();
    await server.start();
    const [found] = await eventually(async () => {
      const there = await drain(client, QUEUES.approvals);
      return there.length > 0 ? there : undefined;
    });
    expect(found).toMatchObject({
      messageId: record.event.metadata.eventId,
      type: "workflow.request.opened",
      contentType: "application/json",
      deliveryMode: 2,
      routingKey: "workflow.request.opened",
      body: record.event,
      headers: { cloudEvents_specversion: "1.0", "nats-seq": "10", "clockleaf-tenant": TENANT },
    });
  });

  test("everything is declared as often as one likes; what is different there is told, not changed", async () => {
    await (await open("document")).sink.close();
    await (await open("document")).sink.close();
    const feed = { id: "document", stream: STREAMS.document };
    const opening = { feed, incarnation: INCARNATION, log: silentLog() };
    const failure = await eventually(async () => {
      const error = await failureOf(destinationWith({ deliveryLimit: 9 }).open(opening));
      return error?.code === "bridge.fenced" ? undefined : error;
    });
    expect(failure).toMatchObject({ code: "bridge.unsafe", retriable: false });
    expect(failure.message).toContain('queue "notification.email" exists');
    expect(failure.message).toContain("another x-delivery-limit (received '9' but current is '5')");
  });

  test("the checkpoint follows window by window, so no more than a window can come again", async () => {
    const payroll = await open("payroll", { window: 10 });
    const kv = await new Kvm(cloud.nc).open(BUCKETS.bridges);
    const written: unknown[] = [];
    const watch = await kv.watch({ key: checkpointKey(TENANT, "payroll") });
    const watching = (async () => {
      for await (const entry of watch) written.push(entry.json());
    })();
    const events = Array.from({ length: 25 }, (_, i) => [2 * i + 1, "payroll.run.opened"] as const);
    await send(payroll, STREAMS.payroll, events);
    const expected = [19, 39, 49].map((seq) => ({ incarnation: INCARNATION, seq }));
    await eventually(() => written.length >= expected.length);
    watch.stop();
    await watching;
    expect(written).toEqual(expected);
    await payroll.sink.close();
    expect((await open("payroll")).sink.position).toEqual({ incarnation: INCARNATION, seq: 49 });
  });

  test("a message that no queue takes fails its batch loudly, and the binding is made again", async () => {
    const workflow = await open("workflow");
    const channel = await client.acquire();
    for (const queue of [QUEUES.approvals]) {
      const routingKey = "workflow.#";
      await channel.queueUnbind({ queue, exchange: "clockleaf.topic", routingKey });
    }
    const failure = await failureOf(
      send(workflow, STREAMS.workflow, [[11, "workflow.request.opened"]]),
    );
    expect(failure).toMatchObject({
      code: "bridge.unsafe",
      details: { exchange: "clockleaf.topic", routingKey: "workflow.request.opened" },
    });
    await workflow.sink.close();
    const again = await open("workflow");
    expect(again.sink.position).toEqual({ incarnation: INCARNATION, seq: 10 });
    await send(again, STREAMS.workflow, [[11, "workflow.request.opened"]]);
    expect((await drain(client, QUEUES.approvals)).map(placeAndType)).toEqual([
      "WORKFLOW 11 workflow.request.opened",
    ]);
    await channel.close();
  });

  test("a rival is kept out while the writer lives, and takes over once its connection is gone", async () => {
    const first = await open("audit");
    const rival = destinationWith();
    const feed = { id: "audit", stream: STREAMS.audit };
    const opening = { feed, incarnation: INCARNATION, log: silentLog() };
    expect(await failureOf(rival.open(opening))).toMatchObject({
      code: "bridge.fenced",
      retriable: true,
    });
    await send(first, STREAMS.audit, [[1, "audit.entry.recorded"]]);
    await first.sink.close();
    expect((await open("audit")).sink.position).toEqual({ incarnation: INCARNATION, seq: 1 });
  });

  test("a writer that slept while another read the checkpoint cannot move it any more", async () => {
    const sleeper = await open("audit");
    const { position } = await takeCheckpoint(cloud.nc, TENANT, "audit");
    expect(
      await failureOf(send(sleeper, STREAMS.audit, [[2, "audit.entry.recorded"]])),
    ).toMatchObject({ code: "bridge.fenced" });
    await sleeper.sink.close();
    expect((await open("audit")).sink.position).toEqual(position);
  });

  test("a record that the server finds too large says so, and the feed goes on", async () => {
    const audit = await open("audit");
    const large = { text: "x".repeat(30_000) };
    const sending = send(audit, STREAMS.audit, [[3, "audit.entry.recorded", large]]);
    expect(await failureOf(sending)).toMatchObject({ code: "bridge.too-large" });
    await audit.sink.close();
    await send(await open("audit"), STREAMS.audit, [[4, "audit.entry.recorded"]]);
  });

  test("whoever is refused learns by which server, as whom, and what to do", async () => {
    const passwordFile = join(temp.path, "wrong.password");
    writeFileSync(passwordFile, "wrong");
    const feed = { id: "audit", stream: STREAMS.audit };
    const opening = { feed, incarnation: INCARNATION, log: silentLog() };
    const refused = await failureOf(destinationWith({ passwordFile }).open(opening));
    expect(refused).toMatchObject({ code: "bridge.refused", retriable: false });
    expect(refused?.message).toBe(
      `RabbitMQ at 127.0.0.1:${server.port} refuses the user "guest": the password in ${passwordFile} is wrong or there is no ` +
        "such user; there, rabbitmqctl change_password guest or add_user guest sets it",
    );
    const nowhere = await failureOf(destinationWith({ vhost: "nowhere" }).open(opening));
    expect(nowhere).toMatchObject({ code: "bridge.refused" });
    expect(nowhere?.message).toContain("rabbitmqctl add_vhost nowhere");
    const away = await failureOf(destinationWith({ hosts: ["127.0.0.1:1"] }).open(opening));
    expect(away).toMatchObject({ code: "bridge.unreachable", retriable: true });
  });

  test("a server that takes nothing for want of memory says so, and nothing is half published", async () => {
    await using starved = await startRabbit({
      config: ["vm_memory_high_watermark.absolute = 1MiB"],
    });
    const hosts = [`127.0.0.1:${starved.port}`];
    const audit = await open("audit", { hosts });
    const before = await takeCheckpoint(cloud.nc, TENANT, "audit");
    await audit.sink.close();
    const again = await open("audit", { hosts });
    const failure = await failureOf(send(again, STREAMS.audit, [[9, "audit.entry.recorded"]]));
    expect(failure).toMatchObject({ code: "bridge.unreachable", retriable: true });
    expect(failure?.message).toBe(
      `127.0.0.1:${starved.port} takes nothing just now: low on memory`,
    );
    const after = await takeCheckpoint(cloud.nc, TENANT, "audit");
    expect(after.position).toEqual(before.position);
  });

  test("the nodes are tried in turn", async () => {
    const hosts = ["127.0.0.1:1", `127.0.0.1:${server.port}`];
    await send(await open("audit", { hosts }), STREAMS.audit, [[5, "audit.entry.recorded"]]);
    await Promise.all(sinks.splice(0).map((sink) => sink.close()));
    expect((await open("audit", { hosts })).sink.position?.seq).toBe(5);
  });

  test("what a consumer gives back again and again lies in the dead letters, with the reason", async () => {
    await send(await open("document"), STREAMS.document, [[20, "document.document.stored"]]);
    let deliveries = 0;
    const consumer = client.createConsumer(
      {
        queue: QUEUES.files,
        qos: { prefetchCount: 1 },
        queueOptions: { passive: true },
        requeue: true,
      },
      async () => {
        deliveries += 1;
        throw new Error("for the test");
      },
    );
    consumer.on("error", () => undefined);
    const [letter] = await eventually(async () => {
      const letters = await drain(client, DEAD_LETTERS);
      return letters.length > 0 ? letters : undefined;
    });
    await consumer.close();
    expect(deliveries).toBe(6);
    expect(letter).toMatchObject({ routingKey: QUEUES.files, type: "document.document.stored" });
    expect(letter?.headers?.["x-death"]).toMatchObject([
      { queue: QUEUES.files, reason: "delivery_limit" },
    ]);
    await drain(client, QUEUES.background);
  });

  test("workers that share a queue do the work of a repeated message once", async () => {
    const { sink } = await open("reporting");
    const records = Array.from({ length: 40 }, (_, i) =>
      recordOf(STREAMS.reporting, 100 + i, { eventType: "reporting.report.requested" }),
    );
    const batch = [];
    for (const record of records) {
      const encoded = await sink.encode(record);
      if (encoded !== undefined) batch.push(encoded);
    }
    // The same window twice: what a bridge does that was killed before its checkpoint.
    await sink.apply(batch, { incarnation: INCARNATION, seq: 139 });
    await sink.apply(batch, { incarnation: INCARNATION, seq: 139 });
    const effects: string[] = [];
    const outcomes: string[] = [];
    const claims = await openClaims({ nc: cloud.nc, tenant: TENANT, consumer: "reports-test" });
    const workers = [1, 2, 3].map(() =>
      client.createConsumer(
        { queue: QUEUES.reports, qos: { prefetchCount: 4 }, queueOptions: { passive: true } },
        async ({ messageId = "" }) => {
          outcomes.push(
            await claims.once(messageId, async () => {
              effects.push(messageId);
              // The first try of every fifth fails: then it is given up, and done by the next one.
              if (effects.length % 5 === 0) throw new Error("for the test");
            }),
          );
        },
      ),
    );
    for (const worker of workers) worker.on("error", () => undefined);
    await eventually(() => outcomes.filter((each) => each === "done").length === 40);
    await Promise.all(workers.map((worker) => worker.close()));
    expect(outcomes.filter((each) => each === "done")).toHaveLength(40);
    expect(new Set(effects)).toEqual(new Set(records.map(({ event }) => event.metadata.eventId)));
  });
});

const send = async (
  { sink }: Open,
  stream: string,
  events: ReadonlyArray<readonly [seq: number, eventType: string, data?: object]>,
): Promise<void> => {
  const encoded = [];
  for (const [seq, eventType, data = {}] of events) {
    const one = await sink.encode(recordOf(stream, seq, { eventType, data }));
    if (one !== undefined) encoded.push(one);
  }
  await sink.apply(encoded, { incarnation: INCARNATION, seq: events.at(-1)?.[0] ?? 0 });
};

function recordOf(
  stream: string,
  seq: number,
  { eventType, data = {} }: { readonly eventType: string; readonly data?: object },
): BridgeRecord {
  const metadata = {
    eventId: randomUUID(),
    eventType,
    timestamp: 1_700_000_000_000 + seq,
    version: "1.0",
    source: "cloud/test",
    correlationId: null,
    causationId: null,
  };
  return { seq, stream, aggregateId: "a1", event: { metadata, data }, traceparent: undefined };
}

const placeAndType = ({ headers, type }: { headers?: Record<string, unknown>; type?: string }) =>
  `${String(headers?.["nats-stream"])} ${String(headers?.["nats-seq"])} ${type}`;

interface Failure {
  readonly code: string;
  readonly message: string;
}

async function failureOf(work: Promise<unknown>): Promise<Failure | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (error instanceof Error && "code" in error && typeof error.code === "string") {
      return Object.assign(error, { code: error.code });
    }
    throw error;
  }
}
