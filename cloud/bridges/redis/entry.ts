import type { BridgeRecord, Encoded } from "../bridge.ts";
import { headersOf, PREFIXES } from "../cloud-event.ts";

/** An event as an entry of a Redis stream. */
export interface RedisEntry extends Encoded {
  readonly seq: number;
  /** Name, value, name, value … as XADD takes them. */
  readonly fields: readonly string[];
}

/** Field with the whole event as JSON; the others are those of `headersOf`. */
export const DATA_FIELD = "data";

/** Flat text fields, so that a reader can filter without parsing JSON. The same record gives the same entry. */
export function entryOf(record: BridgeRecord): RedisEntry {
  const { metadata, data } = record.event;
  const fields = [
    ...headersOf(record, PREFIXES.redis).flat(),
    DATA_FIELD,
    JSON.stringify({ metadata, data }),
  ];
  const bytes = fields.reduce((sum, each) => sum + Buffer.byteLength(each), 0);
  return { seq: record.seq, fields, bytes };
}
