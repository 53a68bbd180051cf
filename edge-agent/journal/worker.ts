import { randomBytes } from "node:crypto";
import {
  type MessagePort,
  parentPort,
  receiveMessageOnPort,
  workerData,
} from "node:worker_threads";
import { codeOf } from "@clockleaf/shared/lib/errors.ts";
import { type OwnerLock, takeOwnerLock } from "./owner-lock.ts";
import { journalError } from "./sqlite-errors.ts";
import { type Appended, type NewRow, Store } from "./store.ts";
import type { Failure, FromWorker, ToWorker, WorkerStart } from "./worker-messages.ts";

/**
 * The thread that owns the journal's writing connection. It has no event loop of its own: it sleeps on a shared
 * counter, takes everything that has come since, commits it as one group, and answers. While one group syncs, the
 * next one fills in the message queue.
 */
const MAX_GROUP_ROWS = 512;
const HOUSEKEEPING_MS = 1000;
const FIRST_REOPEN_MS = 100;
const LAST_REOPEN_MS = 5000;
const ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz";

const start: WorkerStart = workerData;
const port = requirePort();
const wakeups = new Int32Array(start.wakeups);
const sleeper = new Int32Array(new SharedArrayBuffer(4));

const send = (message: FromWorker): void => port.postMessage(message);

/** What the loop works on: an open store, or the failure that keeps it shut and when to try again. */
type State =
  | { readonly kind: "open"; readonly store: Store }
  | {
      readonly kind: "failed";
      readonly failure: Failure;
      readonly delayMs: number;
      readonly retryAtMs: number;
    };

function main(): void {
  let lock: OwnerLock | undefined;
  try {
    lock = takeOwnerLock(start.config.path);
    const state = { kind: "open", store: openStore() } as const;
    announce(state.store);
    run(state);
    lock.release();
    send({ kind: "closed" });
  } catch (error) {
    lock?.release();
    send({ kind: "open-failed", failure: failureOf(error, "opening the journal") });
  }
}

function run(first: State): void {
  let state = first;
  let housekeepingAtMs = performance.now() + HOUSEKEEPING_MS;
  for (;;) {
    const seen = Atomics.load(wakeups, 0);
    const inbox = takeInbox();
    state = reopenIfDue(state);
    // First, since it can only speak of rows committed before, and may be what makes room for the new ones.
    if (inbox.delivered !== undefined) markDelivered(state, inbox.delivered);
    if (inbox.rows.length > 0) state = commit(state, inbox.rows);
    if (inbox.asked > 0) send({ kind: "answered", count: inbox.asked });
    if (inbox.isClosing) return finish(state);
    if (performance.now() >= housekeepingAtMs) {
      state = guarded(state, keepHouse);
      housekeepingAtMs = performance.now() + HOUSEKEEPING_MS;
    }
    if (!inbox.isMore) Atomics.wait(wakeups, 0, seen, HOUSEKEEPING_MS / 4);
  }
}

interface Inbox {
  readonly rows: readonly NewRow[];
  readonly delivered: Extract<ToWorker, { kind: "delivered" }> | undefined;
  readonly asked: number;
  readonly isClosing: boolean;
  /** True when the group was full before the queue was empty. */
  readonly isMore: boolean;
}

function takeInbox(): Inbox {
  const rows: NewRow[] = [];
  let delivered: Inbox["delivered"];
  let asked = 0;
  let isClosing = false;
  while (rows.length < MAX_GROUP_ROWS) {
    const received: { message: ToWorker } | undefined = receiveMessageOnPort(port);
    if (received === undefined) return { rows, delivered, asked, isClosing, isMore: false };
    const { message } = received;
    if (message.kind === "append") rows.push(...message.rows);
    else if (message.kind === "delivered") delivered = message;
    else if (message.kind === "ask") asked += 1;
    else isClosing = true;
  }
  return { rows, delivered, asked, isClosing, isMore: true };
}

function commit(state: State, rows: readonly NewRow[]): State {
  if (state.kind === "failed") {
    send({ kind: "rejected", count: rows.length, failure: state.failure });
    return state;
  }
  const { store } = state;
  try {
    const startedMs = performance.now();
    const appended = appendMakingRoom(store, rows);
    send({ kind: "committed", appended, commitMs: performance.now() - startedMs });
  } catch (error) {
    const failure = failureOf(error, "appending to the journal");
    send({ kind: "rejected", count: rows.length, failure });
    return failure.code === "journal.full" ? state : giveUp(store, failure);
  }
  return guarded(state, () => {
    store.recordHighWater();
    if (store.isCheckpointDue()) store.checkpoint();
  });
}

/** A full journal first gives up delivered rows, oldest first, then says so. */
function appendMakingRoom(store: Store, rows: readonly NewRow[]): readonly Appended[] {
  for (;;) {
    try {
      return store.append(rows, Date.now());
    } catch (error) {
      if (codeOf(error) !== "journal.full" || !store.makeRoom()) throw error;
      send({ kind: "pruned", firstKeptRow: store.firstKeptRow() });
    }
  }
}

function markDelivered(state: State, message: Extract<ToWorker, { kind: "delivered" }>): void {
  if (state.kind === "open") state.store.markDelivered(message.upTo, message.streamSeq);
}

/** One small step of what may wait: the delivered row, retention, the reserve. */
function keepHouse(store: Store): void {
  store.flushDelivered();
  if (store.prune(Date.now()) > 0) send({ kind: "pruned", firstKeptRow: store.firstKeptRow() });
  store.holdReserve();
}

function guarded(state: State, step: (store: Store) => void): State {
  if (state.kind === "failed") return state;
  try {
    step(state.store);
    return state;
  } catch (error) {
    const failure = failureOf(error, "keeping the journal");
    return failure.code === "journal.full" ? state : giveUp(state.store, failure);
  }
}

/**
 * After an I/O error nothing said through that connection can be believed: the kernel reports a failed fsync once and
 * then calls the lost pages clean. So: close, open anew, write the log's frames again, check the chain, then go on.
 */
function giveUp(store: Store, failure: Failure): State {
  try {
    store.abandon();
  } catch {
    // Nothing to save: the next open decides from the file alone.
  }
  send({ kind: "failed", failure });
  const retryAtMs = performance.now() + FIRST_REOPEN_MS;
  return { kind: "failed", failure: refusal(failure), delayMs: FIRST_REOPEN_MS, retryAtMs };
}

function reopenIfDue(state: State): State {
  if (state.kind === "open" || performance.now() < state.retryAtMs) return state;
  try {
    const store = openStore();
    announce(store);
    return { kind: "open", store };
  } catch (error) {
    const delayMs = Math.min(LAST_REOPEN_MS, state.delayMs * 2);
    const failure = refusal(failureOf(error, "reopening the journal"));
    return { kind: "failed", failure, delayMs, retryAtMs: performance.now() + delayMs };
  }
}

function finish(state: State): void {
  if (state.kind === "open") state.store.close();
}

function openStore(): Store {
  const { config, commitDelayMs } = start;
  return new Store({
    config,
    newEpoch,
    ...(commitDelayMs > 0 && { beforeCommit: () => Atomics.wait(sleeper, 0, 0, commitDelayMs) }),
  });
}

function announce(store: Store): void {
  send({
    kind: "opened",
    epoch: store.epoch,
    lastRow: store.lastRow(),
    firstKeptRow: store.firstKeptRow(),
    deliveredRow: store.deliveredRow(),
    deliveredSeq: store.deliveredSeq(),
  });
}

/** What later appends hear while the journal is shut: damage stays damage, anything else is a matter of time. */
function refusal(failure: Failure): Failure {
  if (failure.code === "journal.damaged") return failure;
  return {
    ...failure,
    code: "journal.unavailable",
    message: `the journal is being reopened after: ${failure.message}`,
  };
}

function failureOf(error: unknown, doing: string): Failure {
  const { code, message, retriable, details } = journalError(error, doing);
  return { code, message, retriable, details };
}

/** Ten base-36 characters: 51 bits, so that no two journals of a gateway ever share an epoch. */
function newEpoch(): string {
  return Array.from(randomBytes(10), (byte) => ALPHABET[byte % ALPHABET.length]).join("");
}

function requirePort(): MessagePort {
  if (parentPort === null) throw new Error("worker.ts runs as a worker thread of journal.ts");
  return parentPort;
}

main();
