import { codeOf, isRetriable } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import { type ConsumerMessages, type JsMsg, jetstream, jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "nats";
import { readStoredEvent } from "./event-message.ts";
import type { StoredEvent } from "./event-store.ts";
import { keepFollowing } from "./keep-following.ts";
import { createPosition } from "./position.ts";
import type { ProjectionRunner, ProjectionStatus } from "./projection.ts";
import {
  type ProjectionFault,
  readCheckpoint,
  type WritableReadModel,
  writeCheckpoint,
  writeFault,
} from "./read-model.ts";
import type { PersonalVault } from "./vault.ts";

export interface ProjectionRunnerOptions<DB> {
  readonly nc: NatsConnection;
  readonly model: WritableReadModel<DB>;
  readonly log: Log;
  /** For read models that need what is personal; without it they see what an erasure leaves. */
  readonly vault?: PersonalVault;
}

/** Most events in one transaction. */
const MAX_BATCH = 256;
const CONSUME = { max_messages: 500, expires: 10_000, idle_heartbeat: 2_000 };

/**
 * Keeps a read model in step with its stream through an ordered consumer. Whatever is waiting is applied as one
 * transaction together with the checkpoint, so a crash at any point neither skips nor repeats an event.
 *
 * An event that cannot be parsed is written to `projection_faults`, counted and passed over; it would stop the read
 * model for good. An `apply` that throws is a fault of the program: the runner stays at that event and tries again,
 * and `status` shows it. If the stream is another one than before (created anew), the rows are rebuilt from it.
 */
export function createProjectionRunner<DB>(options: ProjectionRunnerOptions<DB>): ProjectionRunner {
  const { nc, model, vault } = options;
  const { projection } = model;
  const log = options.log.child({ projection: projection.name });
  const stopping = new AbortController();
  const position = createPosition();
  let running: Promise<void> | undefined;
  let messages: ConsumerMessages | undefined;
  const status = emptyStatus(projection.name);

  async function follow(onProgress: () => void): Promise<void> {
    const streamIdentity = await beginAt(options);
    position.moveTo((await model.checkpoint()).position);
    const consumer = await jetstream(nc).consumers.get(projection.stream, {
      filter_subjects: [...projection.filterSubjects],
      opt_start_seq: position.current + 1,
    });
    if (stopping.signal.aborted) return;
    messages = await consumer.consume(CONSUME);
    status.isRunning = true;
    let batch: JsMsg[] = [];
    for await (const message of messages) {
      batch.push(message);
      // Not the iterator's own queue: that counts heartbeats too, and a batch would wait behind one for ever.
      if (batch.length < MAX_BATCH && message.info.pending > 0) continue;
      const parsed = await Promise.all(batch.map((each) => parse(each, vault)));
      const result = await applyBatch(model, parsed, streamIdentity);
      batch = [];
      status.appliedTotal += result.applied;
      status.faultsTotal += result.faults.length;
      status.lag = message.info.pending;
      status.lastErrorCode = undefined;
      for (const { seq, code } of result.faults) log.error({ seq, code }, "event passed over");
      onProgress();
      position.moveTo(result.position);
    }
  }

  return {
    start() {
      running ??= keepFollowing({
        nc,
        signal: stopping.signal,
        follow,
        interrupt: () => messages?.stop(),
        onTurn(error) {
          status.isRunning = false;
          status.restartsTotal += 1;
          if (error === undefined) return;
          status.lastErrorCode = codeOf(error);
          log.warn({ err: error, code: codeOf(error) }, "projection stopped, starting it again");
        },
      });
    },
    waitFor: (seq, timeoutMs) => position.waitFor(seq, timeoutMs),
    status: () => ({ ...status, position: position.current }),
    async close() {
      stopping.abort();
      await running;
      status.isRunning = false;
    },
  };
}

function emptyStatus(name: string): {
  -readonly [K in keyof ProjectionStatus]: ProjectionStatus[K];
} {
  return {
    name,
    isRunning: false,
    position: 0,
    lag: 0,
    appliedTotal: 0,
    faultsTotal: 0,
    restartsTotal: 0,
    lastErrorCode: undefined,
  };
}

/** Makes sure that the rows belong to the stream that is there now; its identity. */
async function beginAt<DB>({ nc, model, log }: ProjectionRunnerOptions<DB>): Promise<string> {
  const jsm = await jetstreamManager(nc, { checkAPI: false });
  const { created, state } = await jsm.streams.info(model.projection.stream);
  const { position, streamIdentity } = await model.checkpoint();
  const isAnother = streamIdentity !== "" && streamIdentity !== created;
  if (isAnother || state.last_seq < position) {
    log.error({ position, lastSeq: state.last_seq }, "the stream was replaced, rebuilding");
    await model.rebuild(created);
  }
  return created;
}

interface BatchResult {
  readonly position: number;
  readonly applied: number;
  readonly faults: readonly ProjectionFault[];
}

async function applyBatch<DB>(
  model: WritableReadModel<DB>,
  parsed: readonly Parsed[],
  streamIdentity: string,
): Promise<BatchResult> {
  const erasing = model.projection.forgetsOn ?? [];
  let hasErased = false;
  const result = await model.writer.transaction().execute(async (tx) => {
    // Read here and not remembered: the ordered consumer may repeat events after it re-created itself.
    let { position } = await readCheckpoint(tx);
    const faults: ProjectionFault[] = [];
    let applied = 0;
    for (const { seq, outcome } of parsed) {
      if (seq <= position) continue;
      if ("code" in outcome) {
        await writeFault(tx, outcome);
        faults.push(outcome);
      } else {
        await model.projection.apply(tx, outcome);
        applied += 1;
        hasErased ||= erasing.includes(outcome.event.metadata.eventType);
      }
      position = seq;
    }
    await writeCheckpoint(tx, { position, streamIdentity });
    return { position, applied, faults };
  });
  if (hasErased) await model.forget();
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
