import { codeOf, isRetriable, PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { type ConsumerMessages, type JsMsg, jetstream, jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "nats";
import { readStoredEvent } from "./event-message.ts";
import type { StoredEvent } from "./event-store.ts";
import {
  forgetOldRows,
  type Generation,
  lockCheckpoint,
  type ProjectionFault,
  readCheckpoint,
  replaced,
  startOver,
  writeCheckpoint,
  writeFault,
} from "./generation.ts";
import type { Projection } from "./projection.ts";
import type { PersonalVault } from "./vault.ts";

/** Most events in one transaction. */
const MAX_BATCH = 256;
const CONSUME = { max_messages: 500, expires: 10_000, idle_heartbeat: 2_000 };

export interface FollowStream<DB> {
  readonly nc: NatsConnection;
  readonly generation: Generation<DB>;
  readonly projection: Projection<DB>;
  readonly vault: PersonalVault | undefined;
  /** Told what to call so that following ends soon, as soon as there is something to end. */
  readonly onBegun: (interrupt: () => void) => void;
  /** After each batch, and once before the first. True ends it. */
  readonly onBatch: (batch: Applied) => boolean;
  /** Leaves out what stands behind this sequence. */
  readonly lastSeq?: number;
}

export interface Applied {
  /** Stream sequence that the rows now stand at. */
  readonly position: number;
  readonly applied: number;
  readonly faults: readonly ProjectionFault[];
  /** Matching events behind the batch, as of its last message. */
  readonly pending: number;
}

/**
 * Applies the stream to one generation from where that stands, until it is interrupted or `onBatch` has enough.
 * Whatever is waiting is applied as one transaction together with the checkpoint.
 */
export async function followStream<DB>(options: FollowStream<DB>): Promise<void> {
  const { nc, projection, onBegun, onBatch, lastSeq = Number.MAX_SAFE_INTEGER } = options;
  const { streamIdentity, position } = await beginAt(options);
  const consumer = await jetstream(nc).consumers.get(projection.stream, {
    filter_subjects: [...projection.filterSubjects],
    opt_start_seq: position + 1,
  });
  const { num_pending } = await consumer.info(true);
  if (onBatch({ position, applied: 0, faults: [], pending: num_pending })) return;
  const messages: ConsumerMessages = await consumer.consume(CONSUME);
  onBegun(() => messages.stop());
  let feed = position;
  let batch: JsMsg[] = [];
  for await (const message of messages) {
    const isBeyond = message.seq > lastSeq;
    if (!isBeyond) batch.push(message);
    // Not the iterator's own queue: that counts heartbeats too, and a batch would wait behind one for ever.
    const { pending } = message.info;
    if (!isBeyond && batch.length < MAX_BATCH && pending > 0 && message.seq !== lastSeq) continue;
    const parsed = await Promise.all(batch.map((each) => parse(each, options.vault)));
    const result = await applyBatch(options, parsed, { feed, streamIdentity });
    batch = [];
    feed = result.position;
    if (onBatch({ ...result, pending }) || isBeyond) break;
  }
  messages.stop();
}

/** Makes sure that the rows belong to the stream that is there now. */
async function beginAt<DB>({ nc, generation, projection }: FollowStream<DB>): Promise<{
  readonly streamIdentity: string;
  readonly position: number;
}> {
  const jsm = await jetstreamManager(nc, { checkAPI: false });
  const { created, state } = await jsm.streams.info(projection.stream);
  const checkpoint = await readCheckpoint(generation.writer);
  assertVersion(checkpoint?.version, projection);
  const { position, streamIdentity } = checkpoint ?? { position: 0, streamIdentity: "" };
  const isAnother = streamIdentity !== "" && streamIdentity !== created;
  if (!isAnother && state.last_seq >= position) return { streamIdentity: created, position };
  await startOver(generation, projection, created);
  return { streamIdentity: created, position: 0 };
}

function assertVersion<DB>(version: number | undefined, projection: Projection<DB>): void {
  if (version === undefined || version === projection.version) return;
  throw new PlatformError(
    "read-model.other-version",
    `the rows of ${projection.name} are of version ${version}, this is ${projection.version}`,
    { retriable: true },
  );
}

interface Feed {
  /** The events given follow upon this sequence without a gap. */
  readonly feed: number;
  readonly streamIdentity: string;
}

async function applyBatch<DB>(
  { generation, projection }: FollowStream<DB>,
  parsed: readonly Parsed[],
  { feed, streamIdentity }: Feed,
): Promise<Omit<Applied, "pending">> {
  const erasing = projection.forgetsOn ?? [];
  let hasErased = false;
  const result = await generation.writer.transaction().execute(async (tx) => {
    // Read here and not remembered: another process may apply the same stream, and the ordered consumer may repeat
    // events after it re-created itself.
    const checkpoint = await lockCheckpoint(tx, generation);
    assertVersion(checkpoint.version, projection);
    const isOther =
      checkpoint.streamIdentity !== "" && checkpoint.streamIdentity !== streamIdentity;
    if (isOther || checkpoint.position < feed) throw replaced("the rows went back in the stream");
    let { position } = checkpoint;
    const faults: ProjectionFault[] = [];
    let applied = 0;
    for (const { seq, outcome } of parsed) {
      if (seq <= position) continue;
      if ("code" in outcome) {
        await writeFault(tx, outcome);
        faults.push(outcome);
      } else {
        await projection.apply(tx, outcome);
        applied += 1;
        hasErased ||= erasing.includes(outcome.event.metadata.eventType);
      }
      position = seq;
    }
    await writeCheckpoint(tx, { position, streamIdentity });
    return { position, applied, faults };
  });
  if (hasErased) await forgetOldRows(generation);
  return result;
}

interface Parsed {
  readonly seq: number;
  readonly outcome: StoredEvent | ProjectionFault;
}

/** Rejects only with what may pass, such as a lost link to the keys: the batch is then tried again. */
async function parse(message: JsMsg, vault: PersonalVault | undefined): Promise<Parsed> {
  const { seq, subject } = message;
  try {
    return { seq, outcome: await readStoredEvent(message, vault) };
  } catch (error) {
    if (isRetriable(error)) throw error;
    const text = error instanceof Error ? error.message : String(error);
    return { seq, outcome: { seq, subject, code: codeOf(error), message: text.slice(0, 500) } };
  }
}
