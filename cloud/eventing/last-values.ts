import type { JetStreamManager } from "@nats-io/jetstream";
import { isNothingThere } from "./direct-read.ts";

/** A key of a bucket as it is now. */
export interface LastValue {
  readonly key: string;
  readonly value: Uint8Array;
  readonly revision: number;
}

const KEYS = "$KV.";
const OPERATION = "KV-Operation";

/**
 * What stands under the keys of a bucket that fit `filter`, such as `acme.plant-1.*`, by key. One direct read, as KV's `get` is
 * one: no consumer is made, which listing keys costs some 12 ms each time. For up to 1024 keys: above that the server refuses.
 */
export async function lastValues(
  jsm: JetStreamManager,
  bucket: string,
  filter: string,
): Promise<LastValue[]> {
  const prefix = `${KEYS}${bucket}.`;
  const found: LastValue[] = [];
  const reading = await jsm.direct.getLastMessagesFor(`KV_${bucket}`, {
    multi_last: [prefix + filter],
  });
  try {
    for await (const { subject, data, header, seq } of reading) {
      // A deleted key's last message is the mark that it is gone.
      if (header.has(OPERATION)) continue;
      found.push({ key: subject.slice(prefix.length), value: data, revision: seq });
    }
  } catch (error) {
    if (!isNothingThere(error)) throw error;
  }
  return found.toSorted((a, b) => (a.key < b.key ? -1 : 1));
}
