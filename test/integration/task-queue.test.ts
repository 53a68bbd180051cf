import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { decode } from "@clockleaf/shared/wire/codec.ts";
import { jetstreamManager } from "@nats-io/jetstream";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { readDeadLetters, type StoredLetter } from "../../cloud/eventing/dead-letter.ts";
import { createNatsTaskQueue } from "../../cloud/notification/nats-task-queue.ts";
import { createRabbitTaskQueue } from "../../cloud/notification/rabbit-task-queue.ts";
import {
  type TakenTask,
  type TaskConsumer,
  type TaskQueue,
  taskSchema,
} from "../../cloud/notification/task-queue.ts";
import { rabbitServerSchema } from "../../cloud/rabbitmq/config.ts";
import { DEAD_LETTERS, QUEUES } from "../../cloud/rabbitmq/topology.ts";
import { type CloudHub, startCloudHub } from "../support/cloud-hub.ts";
import { eventually } from "../support/eventually.ts";
import { findNatsServer } from "../support/nats.ts";
import { available } from "../support/parts.ts";
import { findOwnRabbit, type RabbitServer, startRabbit } from "../support/rabbitmq.ts";
import { drain, rabbitClient } from "../support/rabbitmq-client.ts";
import { rabbitSettings } from "../support/rabbitmq-reader.ts";
import { tempDir } from "../support/temp.ts";

const TENANT = "acme";
const CHANNEL = "email";

/** A hub, where the queue is at RabbitMQ that too, and queues as so many processes would open them. */
interface Rig {
  readonly cloud: CloudHub;
  readonly rabbit: RabbitServer | undefined;
  open(): TaskQueue;
  stop(): Promise<void>;
}

async function natsRig(): Promise<Rig> {
  const cloud = await startCloudHub("cloud-consumers");
  return {
    cloud,
    rabbit: undefined,
    open: () => createNatsTaskQueue({ nc: cloud.nc, tenant: TENANT, ackWaitMs: 1_000 }),
    async stop() {
      await cloud[Symbol.asyncDispose]();
    },
  };
}

async function rabbitRig(): Promise<Rig> {
  const cloud = await startCloudHub("cloud-consumers");
  const rabbit = await startRabbit();
  const temp = tempDir("task-queue");
  const config = rabbitServerSchema.parse(rabbitSettings(temp.path, [rabbit.port]).rabbitmq);
  return {
    cloud,
    rabbit,
    open: () =>
      createRabbitTaskQueue({ nc: cloud.nc, tenant: TENANT, config, log: silentLog(), waitMs: 20 }),
    async stop() {
      await rabbit[Symbol.asyncDispose]();
      await cloud[Symbol.asyncDispose]();
      temp.remove();
    },
  };
}

/** What workers may rely on, whichever queue it is. */
function workQueue(start: () => Promise<Rig>): void {
  let rig: Rig;
  const closing: Array<() => Promise<void>> = [];

  beforeAll(async () => {
    rig = await start();
  }, 180_000);
  afterEach(async () => {
    for (const close of closing.splice(0).toReversed()) await close();
  });
  afterAll(() => rig.stop());

  const open = (): TaskQueue => {
    const queue = rig.open();
    closing.push(() => queue.close());
    return queue;
  };
  const work = (handle: (task: TakenTask) => Promise<void>, workers = 4): TaskConsumer => {
    const durable = "notification-email";
    const consumer = open().consume({
      channel: CHANNEL,
      durable,
      workers,
      handle,
      log: silentLog(),
    });
    closing.push(() => consumer.close());
    consumer.start();
    return consumer;
  };
  const put = async (ids: readonly string[]): Promise<void> => {
    const queue = open();
    const publish = (notificationId: string) => queue.publish({ channel: CHANNEL, notificationId });
    await Promise.all(ids.map(publish));
  };
  const idsOf = (name: string, count: number): string[] =>
    Array.from({ length: count }, (_, i) => `${name}-${i}`);
  const letters = async (): Promise<StoredLetter[]> => {
    const jsm = await jetstreamManager(rig.cloud.nc, { checkAPI: false });
    const found: StoredLetter[] = [];
    for await (const letter of readDeadLetters(rig.cloud.nc, jsm)) found.push(letter);
    return found;
  };

  test("each task goes to one of the workers of whichever process, and is gone once acknowledged", async () => {
    const done = new Map<string, number[]>();
    const takenBy = (worker: number) => async (task: TakenTask) => {
      const { notificationId } = await task.read();
      done.set(notificationId, [...(done.get(notificationId) ?? []), worker]);
      await task.ack();
    };
    const ids = idsOf("each", 200);
    await put(ids);
    work(takenBy(1));
    work(takenBy(2));
    await eventually(() => done.size === ids.length);
    expect([...done.keys()].toSorted()).toEqual(ids.toSorted());
    expect([...done.values()].every((workers) => workers.length === 1)).toBe(true);
    expect(new Set([...done.values()].flat())).toEqual(new Set([1, 2]));
  });

  test("what a worker had in hand when it was gone comes to another one", async () => {
    const held: string[] = [];
    const first = work(async (task) => {
      held.push((await task.read()).notificationId);
      // Neither acknowledged nor given back.
    });
    const ids = idsOf("held", 6);
    await put(ids);
    await eventually(() => held.length >= 4);
    await first.close();
    const done = new Set<string>();
    work(async (task) => {
      done.add((await task.read()).notificationId);
      await task.ack();
    });
    await eventually(() => done.size === ids.length);
    expect([...done].toSorted()).toEqual(ids);
  });

  test("given back it comes again, however often, and says how often that was", async () => {
    const deliveries: number[] = [];
    work(async (task) => {
      deliveries.push(task.deliveries);
      await (deliveries.length < 8 ? task.giveBack() : task.ack());
    });
    await put(["again"]);
    await eventually(() => deliveries.length >= 8, { timeoutMs: 40_000 });
    // The first one may have gone to the worker of the test before, whose last request still stood.
    const [first = 0] = deliveries;
    expect(deliveries).toEqual(deliveries.map((_, index) => first + index));
  });

  test("a dead letter lies in DLQ with its task and its reason", async () => {
    work((task) => task.bury(new Error("for the test")));
    await put(["buried"]);
    const letter = await eventually(async () =>
      (await letters()).find(({ reason }) => reason === "for the test"),
    );
    expect(letter).toMatchObject({ consumer: "notification-email" });
    expect(decode(letter.data, taskSchema, { what: "task" })).toEqual({ notificationId: "buried" });
  });
}

const isHere = available("nats-server", findNatsServer());
const isRabbitHere = isHere && available("RabbitMQ", findOwnRabbit());
describe.skipIf(!isHere)("the work queue in JetStream", () => {
  workQueue(natsRig);
});
describe.skipIf(!isRabbitHere)("the work queue at RabbitMQ", () => {
  workQueue(rabbitRig);
});

describe.skipIf(!isRabbitHere)("the work queue at RabbitMQ alone", () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await rabbitRig();
  }, 180_000);
  afterAll(() => rig.stop());

  test("loses no task with the server killed, and takes what a bridge puts there as tasks too", async () => {
    const { rabbit } = rig;
    if (rabbit === undefined) throw new Error("it has one");
    const queue = rig.open();
    const done = new Set<string>();
    await queue.publish({ channel: CHANNEL, notificationId: "before" });
    await rabbit.kill();
    await expect(
      queue.publish({ channel: CHANNEL, notificationId: "while" }),
    ).rejects.toMatchObject({
      code: "bridge.unreachable",
      retriable: true,
    });
    await rabbit.start();
    await queue.publish({ channel: CHANNEL, notificationId: "after" });
    const client = rabbitClient([rabbit.port]);
    const event = { metadata: { eventType: "notification.message.requested" } };
    const publisher = client.createPublisher({ confirm: true });
    await publisher.send(
      { routingKey: QUEUES.email },
      { ...event, data: { notificationId: "bridged", channel: CHANNEL } },
    );
    await publisher.send({ routingKey: QUEUES.email }, "no task");
    const malformed: number[] = [];
    const consumer = queue.consume({
      channel: CHANNEL,
      durable: "notification-email",
      workers: 2,
      log: silentLog(),
      async handle(task) {
        try {
          done.add((await task.read()).notificationId);
          await task.ack();
        } catch (error) {
          malformed.push(task.deliveries);
          await (malformed.length < 3 ? task.giveBack() : task.bury(error));
        }
      },
    });
    consumer.start();
    await eventually(() => done.size === 3 && malformed.length === 3);
    expect(done).toEqual(new Set(["before", "after", "bridged"]));
    await consumer.close();
    expect(await drain(client, QUEUES.email)).toEqual([]);
    expect(await drain(client, DEAD_LETTERS)).toEqual([]);
    await queue.close();
    client.unsafeDestroy();
  });
});
