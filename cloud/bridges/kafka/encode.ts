import type { BridgeRecord, Encoded } from "../bridge.ts";
import { headersOf, PREFIXES } from "../cloud-event.ts";
import { keyOf } from "../record.ts";
import type { OutgoingRecord } from "./checkpoint.ts";
import { partitionOf } from "./partitioner.ts";
import type { EventTopic } from "./topics.ts";

/**
 * Makes the value of a record: Avro in the registry's wire format. Rejects with `bridge.poison` for an event that no schema
 * fits, with `bridge.schema-refused` where the registry does not take the schema, with a retriable error if it is away.
 */
export interface Encoder {
  encode(record: BridgeRecord, topic: string): Promise<Buffer>;
}

export interface EncodedRecord extends OutgoingRecord, Encoded {}

/** What Kafka adds to a record, at most: lengths, offset, time. */
const OVERHEAD_BYTES = 40;
const PARTITION_KEY = `${PREFIXES.kafka}partitionkey`;
const CONTENT_TYPE = Buffer.from("content-type");
const AVRO = Buffer.from("application/avro");

/** Names of headers are the same few for every record, and made once. */
const names = new Map<string, Buffer>();

function nameOf(name: string): Buffer {
  const known = names.get(name);
  if (known !== undefined) return known;
  const made = Buffer.from(name);
  names.set(name, made);
  return made;
}

/** The record for its topic. Key, partition and headers follow from the event alone. */
export async function encodeRecord(
  record: BridgeRecord,
  topic: EventTopic,
  encoder: Encoder,
): Promise<EncodedRecord> {
  const { aggregateId } = record;
  const keyText = topic.key === "person" ? keyOf(record) : aggregateId;
  const key = Buffer.from(keyText);
  const value = await encoder.encode(record, topic.name);
  const headers = new Map<Buffer, Buffer>([[CONTENT_TYPE, AVRO]]);
  for (const [name, text] of headersOf(record, PREFIXES.kafka)) {
    headers.set(nameOf(name), name === PARTITION_KEY ? key : Buffer.from(text));
  }
  return {
    topic: topic.name,
    partition: partitionOf(key, topic.partitions),
    key,
    value,
    headers,
    bytes: key.length + value.length + sizeOf(headers) + OVERHEAD_BYTES,
  };
}

function sizeOf(headers: ReadonlyMap<Buffer, Buffer>): number {
  let bytes = 0;
  for (const [name, value] of headers) bytes += name.length + value.length + 2;
  return bytes;
}
