import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { Admin, Consumer, Producer } from "@platformatic/kafka";
import type { OpenFeed, Position, Sink } from "../bridge.ts";
import { type CheckpointPlace, readCheckpoint } from "./checkpoint.ts";
import { openApartSender } from "./checkpoint-apart.ts";
import { closeClient, openAdmin, openProducer, openReader } from "./clients.ts";
import { connectionOf } from "./connection.ts";
import { declareTopic, existingTopics, type TopicSettings } from "./declare-topic.ts";
import type { KafkaDestinationOptions } from "./destination.ts";
import type { EncodedRecord } from "./encode.ts";
import { kafkaError, whomOf } from "./errors.ts";
import { hasRecords } from "./partition.ts";
import { createSink } from "./sink.ts";
import { type EventTopic, namesOf, topicOf } from "./topics.ts";
import { beginTransactions, type Transactions } from "./transaction.ts";
import { within } from "./within.ts";

/** Topics, fence and checkpoint together; whatever hangs longer is given up. */
const OPEN_MS = 60_000;

/** Opens a feed: other writers are shut out when it resolves. See `Destination.open` for what it rejects with. */
export async function openSink(
  { config, tenant, encoder, checkpointApart = false }: KafkaDestinationOptions,
  { feed, incarnation }: OpenFeed,
): Promise<Sink<EncodedRecord>> {
  const { topics: settings, compression, transactionTimeout } = config;
  const topic = topicOf(feed, settings.prefix);
  const { transactionalId, checkpoint } = namesOf(tenant, feed, settings.prefix);
  const whom = whomOf(config, transactionalId);
  const explain = (error: unknown): PlatformError => kafkaError(error, whom);
  const connection = await connectionOf(config);
  const clientId = `${config.clientId}-${tenant}-${feed.stream}`;
  const admin = openAdmin(connection, clientId);
  const reader = openReader(connection, clientId);
  const producer = openProducer(connection, {
    clientId,
    transactionalId,
    compression,
    transactionTimeoutMs: transactionTimeout * 1_000,
  });
  try {
    const opening = prepare({ admin, reader, producer, settings, topic, checkpoint, incarnation });
    const prepared = await within(OPEN_MS, `opening ${transactionalId}`, opening);
    const apart = checkpointApart ? openApartSender(connection, clientId) : undefined;
    return createSink({
      ...prepared,
      topic,
      encoder,
      checkpoint,
      explain,
      ...(apart === undefined ? {} : { sendApart: apart.send }),
      async close() {
        await closeClient(producer);
        await apart?.close();
      },
    });
  } catch (error) {
    await closeClient(producer);
    throw explain(error);
  } finally {
    await Promise.all([closeClient(admin), closeClient(reader)]);
  }
}

interface Preparing {
  readonly admin: Admin;
  readonly reader: Consumer;
  readonly producer: Producer;
  readonly settings: TopicSettings;
  readonly topic: EventTopic;
  readonly checkpoint: CheckpointPlace;
  readonly incarnation: number;
}

/** The checkpoint is read behind the fence: before it, an older writer could still commit a newer one. */
async function prepare(
  preparing: Preparing,
): Promise<{ transactions: Transactions; position: Position | undefined }> {
  const { admin, reader, producer, settings, topic, checkpoint } = preparing;
  const existing = await existingTopics(admin);
  await refuseWithoutCheckpoints(preparing, existing);
  await declareTopic(
    admin,
    { name: checkpoint.topic, partitions: 1, holds: "checkpoints" },
    settings,
  );
  const transactions = await beginTransactions(producer);
  const position = await readCheckpoint(reader, checkpoint);
  refuseWithoutEvents(preparing, existing, position);
  await declareTopic(admin, { ...topic, holds: "events" }, settings);
  return { transactions, position };
}

/** Checkpoints gone, events still there: going on would send all of them a second time, and nobody would notice. */
async function refuseWithoutCheckpoints(
  { reader, topic, checkpoint }: Preparing,
  existing: ReadonlySet<string>,
): Promise<void> {
  if (existing.has(checkpoint.topic) || !existing.has(topic.name)) return;
  if (!(await hasRecords(reader, topic.name))) return;
  throw new PlatformError(
    "bridge.unsafe",
    `Kafka topic ${checkpoint.topic} is not there, but ${topic.name} holds records: bring it back, or make it by hand (one partition, compacted) to have everything sent again`,
  );
}

/** Events gone, checkpoints still there: going on would leave out what was in it. */
function refuseWithoutEvents(
  { topic, checkpoint, incarnation }: Preparing,
  existing: ReadonlySet<string>,
  position: Position | undefined,
): void {
  if (existing.has(topic.name) || position?.incarnation !== incarnation) return;
  throw new PlatformError(
    "bridge.unsafe",
    `Kafka topic ${topic.name} is not there, but ${checkpoint.topic} says that it was filled up to ${position.seq}: bring it back, or write a record with the key ${checkpoint.key} and no value there to have everything sent again`,
  );
}
