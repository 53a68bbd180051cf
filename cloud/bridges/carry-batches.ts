import { hasCode, PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import type { JsMsg } from "@nats-io/jetstream";
import type { NatsConnection } from "nats";
import { publishDeadLetter } from "../eventing/dead-letter.ts";
import type { PersonalVault } from "../eventing/vault.ts";
import type { BatchSizes } from "./batch-sizes.ts";
import type { Destination, Encoded, Feed, Sink } from "./bridge.ts";
import type { OwnStatus } from "./feed-status.ts";
import { bridgeConsumer } from "./names.ts";
import { recordOf } from "./record.ts";
import type { SourceState } from "./source.ts";

/** What stays the same as long as a feed runs. */
export interface Run<E extends Encoded> {
  readonly nc: NatsConnection;
  readonly destination: Destination<E>;
  readonly feed: Feed;
  readonly vault?: PersonalVault;
  readonly status: OwnStatus;
  readonly sizes: BatchSizes;
  readonly log: Log;
}

/** From opening the destination to the next time. */
export interface Carrying<E extends Encoded> {
  readonly batches: AsyncIterable<readonly JsMsg[]>;
  readonly source: SourceState;
  readonly sink: Sink<E>;
  readonly mayGoOn: () => boolean;
  readonly onStored: () => void;
  /** Ends `batches` soon. */
  readonly interrupt: () => void;
}

/**
 * Brings every batch to its end, one after the other. The next is read and encoded while one is stored, and stored only
 * when that is done: what is under way at the destination is never more than one batch. Resolves and rejects when nothing
 * is under way any more.
 */
export async function carryBatches<E extends Encoded>(
  run: Run<E>,
  carrying: Carrying<E>,
): Promise<void> {
  const { batches, sink, mayGoOn, onStored, interrupt } = carrying;
  let storing = Promise.resolve();
  try {
    for await (const batch of batches) {
      if (!mayGoOn()) break;
      const prepared = await prepare(run, sink, batch);
      await storing;
      if (!mayGoOn()) break;
      storing = store(run, carrying, prepared).then(onStored);
      // The next message may never come, and until then nobody would look.
      storing.catch(interrupt);
    }
  } finally {
    await storing;
  }
}

interface Prepared<E extends Encoded> {
  readonly batch: readonly JsMsg[];
  readonly encoded: readonly E[];
  readonly tookMs: number;
}

/** All of a batch but for what no destination could ever take. */
async function prepare<E extends Encoded>(
  run: Run<E>,
  sink: Sink<E>,
  batch: readonly JsMsg[],
): Promise<Prepared<E>> {
  const beganAt = performance.now();
  const encoded: E[] = [];
  for (const message of batch) {
    const one = await encode(run, sink, message);
    if (one !== undefined) encoded.push(one);
  }
  return { batch, encoded, tookMs: performance.now() - beganAt };
}

async function store<E extends Encoded>(
  { status, sizes }: Run<E>,
  { source, sink }: Carrying<E>,
  { batch, encoded, tookMs }: Prepared<E>,
): Promise<void> {
  const last = batch.at(-1);
  if (last === undefined) return;
  const beganAt = performance.now();
  try {
    await sink.apply(encoded, { incarnation: source.incarnation, seq: last.seq });
  } catch (error) {
    // Alone in its batch and still too large: it is this one.
    if (batch.length === 1 && hasCode(error, "bridge.too-large")) sizes.refuse(last.seq);
    throw error;
  }
  sizes.grow();
  status.position = last.seq;
  status.lag = last.info.pending;
  status.recordsTotal += encoded.length;
  status.batchesTotal += 1;
  status.batchRecords = batch.length;
  status.batchMs = Math.round(tookMs + performance.now() - beganAt);
}

/** What is wrong with the event itself. Anything else is wrong with the world, and no event is given up for that. */
const POISON = [
  "bridge.poison",
  "event.invalid",
  "event.unknown-type",
  "vault.damaged",
  "wire.malformed",
  "wire.too-large",
  "wire.unsupported-version",
] as const;

/** Undefined for what the destination has no place for, and for what has become a dead letter instead. */
async function encode<E extends Encoded>(
  run: Run<E>,
  sink: Sink<E>,
  message: JsMsg,
): Promise<E | undefined> {
  const { feed, vault, destination, sizes } = run;
  const { seq, subject, data, headers } = message;
  try {
    if (sizes.isRefused(seq)) throw tooLarge(`the ${destination.name} refuses it for its size`);
    const record = await recordOf({ seq, subject, data, headers }, feed.stream, vault);
    const encoded = await sink.encode(record);
    if (encoded !== undefined && encoded.bytes > destination.maxRecordBytes) {
      throw tooLarge(`${encoded.bytes} bytes, ${destination.maxRecordBytes} are allowed`);
    }
    return encoded;
  } catch (error) {
    if (!hasCode(error, ...POISON)) throw error;
    await bury(run, message, error);
    return undefined;
  }
}

const tooLarge = (message: string): PlatformError => new PlatformError("bridge.poison", message);

/** Before the position passes it: a crash in between leaves the letter, at worst twice, and never nothing. */
async function bury<E extends Encoded>(
  { nc, destination, feed, status, log }: Run<E>,
  { seq, subject, data, headers }: JsMsg,
  error: PlatformError,
): Promise<void> {
  const consumer = bridgeConsumer(destination.name, feed.id);
  log.error({ err: error, code: error.code, seq, subject }, "event becomes a dead letter");
  const letter = { consumer, stream: feed.stream, seq, subject, data, headers, error };
  await publishDeadLetter(nc, { ...letter, id: `${consumer}:${feed.stream}:${seq}` });
  status.deadLettersTotal += 1;
}
