import { statSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import { encode } from "@clockleaf/shared/wire/codec.ts";
import type { JournalRow } from "@clockleaf/shared/wire/punch.ts";
import { MAX_ROW_BYTES } from "@clockleaf/shared/wire/segment.ts";
import type { JournalConfig } from "./config.ts";
import { openReader, type Reader, type ReadLimits, type RowRange } from "./reader.ts";
import type { Appended, NewRow, Origin } from "./store.ts";
import type { Failure, FromWorker, ToWorker, WorkerStart } from "./worker-messages.ts";

/**
 *   append() ─▶ outbox ─▶ worker thread: BEGIN, chain, insert, COMMIT + fsync ─▶ acknowledgement, in order
 *                                     └── the next group fills meanwhile
 *   read()  ◀── a read-only connection in this thread, bounded by the last acknowledged row
 */
export interface Journal {
  /** Ten characters made when the file was created; with a row number it names a row for ever. */
  readonly epoch: string;
  /**
   * Commits one row. Resolves only after the fsync of the group that carries it. Rejects with `journal.full` or
   * `journal.unavailable` when nothing was stored, with `journal.not-durable` when the disk did not confirm, with
   * `journal.damaged` until a person has looked, with `wire.too-large` for a row past 2 KiB.
   * `origin` makes a second append of the same exchange (`deviceSeq`: per reader, strictly growing) or of the same record
   * of the terminal's own log (`recordKey`) a no-op; only for rows with a reader.
   */
  append(row: JournalRow, origin: Origin | null): Promise<Appended>;
  /** The last acknowledged row; 0 in a new journal. */
  lastRow(): number;
  deliveredRow(): number;
  /**
   * The highest `deviceSeq` committed for this reader; null for none. A driver that lost its own counter goes on above
   * it: a lower number would be taken for a repeat, and the punch would be gone.
   */
  lastDeviceSeq(reader: string): number | null;
  /**
   * Acknowledged rows from `from` on, at least one if there is one. Undefined when `from` is not there: not yet
   * written, or pruned (see `stats().firstKeptRow`). Throws `journal.damaged` rather than give out a changed row.
   */
  read(from: number, limits: ReadLimits): RowRange | undefined;
  /**
   * Notes that the hub has everything up to `upTo`, in the message with stream sequence `streamSeq`. Not synced on its
   * own: after a crash an older number may come back, and the uplink learns the newer one from the hub.
   */
  markDelivered(upTo: number, streamSeq: number): void;
  /** Calls `listener` after every group with the last acknowledged row. Returns how to stop that. */
  onAppended(listener: (lastRow: number) => void): () => void;
  stats(): JournalStats;
  /**
   * Resolves once the thread that commits has dealt with every append before, whatever came of them; not while it hangs, such
   * as in a disk that does not answer. Rejects with `journal.unavailable` when it died or the journal is closed.
   */
  answers(): Promise<void>;
  /** Commits what was appended before, then closes the file and releases it to others. */
  close(): Promise<void>;
}

export interface JournalStats {
  readonly state: "open" | "reopening" | "closed";
  /** Rows kept in the file. */
  readonly rows: number;
  readonly firstKeptRow: number;
  readonly lastRow: number;
  readonly deliveredRow: number;
  readonly deliveredStreamSeq: number;
  /** Rows the hub does not have yet. */
  readonly waiting: number;
  /** Age of the oldest of them; null when none waits. */
  readonly oldestWaitingMs: number | null;
  /** Size of the database file; `walBytes` is that of its write-ahead log. */
  readonly bytes: number;
  readonly walBytes: number;
  readonly capBytes: number;
  /** Groups committed, rows that were repeats, appends rejected, since this open. */
  readonly commits: number;
  readonly repeats: number;
  readonly rejected: number;
  /** Insert to fsync of the latest groups, milliseconds; null before the first. */
  readonly commitP50Ms: number | null;
  readonly commitP99Ms: number | null;
}

export interface JournalOptions {
  readonly config: JournalConfig;
  readonly log: Log;
  /** Test hook: sleeps this long inside every transaction just before its commit. Never set it outside tests. */
  readonly commitDelayMs?: number;
}

/** Appends waiting for their fsync; more than any set of readers can cause, so it bounds a runaway caller only. */
const MAX_WAITING = 20_000;
const MAX_MESSAGE_ROWS = 256;
const LATENCIES = 512;

/**
 * Opens the journal and becomes its only owner. Rejects with `journal.unavailable` (in use, not openable),
 * `journal.newer-schema`, `journal.damaged` (see README.md for what to do) or `journal.full`.
 */
export async function openJournal(options: JournalOptions): Promise<Journal> {
  const wakeups = new SharedArrayBuffer(4);
  const workerData: WorkerStart = {
    config: options.config,
    commitDelayMs: options.commitDelayMs ?? 0,
    wakeups,
  };
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { workerData, execArgv: [] });
  const opened = await firstMessage(worker);
  return new WorkerJournal({ options, worker, wakeups: new Int32Array(wakeups), opened });
}

type Opened = Extract<FromWorker, { kind: "opened" }>;

function firstMessage(worker: Worker): Promise<Opened> {
  return new Promise((resolve, reject) => {
    worker.once("error", (error) => reject(unavailable("the journal's thread died", error)));
    worker.once("message", (message: FromWorker) => {
      worker.removeAllListeners("error");
      if (message.kind === "opened") resolve(message);
      else if (message.kind === "open-failed") reject(errorOf(message.failure));
      else reject(unavailable("the journal's thread spoke out of turn"));
    });
  });
}

interface Parts {
  readonly options: JournalOptions;
  readonly worker: Worker;
  readonly wakeups: Int32Array<SharedArrayBuffer>;
  readonly opened: Opened;
}

interface Waiting {
  readonly resolve: (appended: Appended) => void;
  readonly reject: (error: PlatformError) => void;
}

class WorkerJournal implements Journal {
  readonly epoch: string;
  private readonly parts: Parts;
  private readonly reader: Reader;
  private readonly listeners = new Set<(lastRow: number) => void>();
  private readonly waiting: Waiting[] = [];
  private readonly asking: PromiseWithResolvers<void>[] = [];
  private readonly latencies: number[] = [];
  private readonly counts = { commits: 0, repeats: 0, rejected: 0 };
  private outbox: NewRow[] = [];
  private known: { lastRow: number; firstKeptRow: number; deliveredRow: number; streamSeq: number };
  private state: JournalStats["state"] = "open";
  private refusal: PlatformError | undefined;
  private closing: Promise<void> | undefined;
  private onClosed: () => void = () => undefined;

  constructor(parts: Parts) {
    const { opened, worker, options } = parts;
    this.parts = parts;
    this.epoch = opened.epoch;
    this.reader = openReader(options.config.path);
    this.known = {
      lastRow: opened.lastRow,
      firstKeptRow: opened.firstKeptRow,
      deliveredRow: opened.deliveredRow,
      streamSeq: opened.deliveredSeq,
    };
    worker.on("message", (message: FromWorker) => this.receive(message));
    worker.on("error", (error) => this.die(unavailable("the journal's thread died", error)));
    worker.on("exit", () => this.die(unavailable("the journal is closed")));
  }

  append(row: JournalRow, origin: Origin | null): Promise<Appended> {
    return new Promise((resolve, reject) => {
      const refusal = this.refusal ?? this.overload();
      if (refusal !== undefined) throw refusal;
      const named =
        origin === null || row.reader === null ? null : { reader: row.reader, ...origin };
      this.outbox.push({ body: encode(row, MAX_ROW_BYTES), origin: named });
      this.waiting.push({ resolve, reject });
      if (this.outbox.length === 1) queueMicrotask(() => this.flush());
    });
  }

  lastRow(): number {
    return this.known.lastRow;
  }

  deliveredRow(): number {
    return this.known.deliveredRow;
  }

  lastDeviceSeq(reader: string): number | null {
    if (this.state === "closed") throw unavailable("the journal is closed");
    return this.reader.lastDeviceSeq(reader);
  }

  read(from: number, limits: ReadLimits): RowRange | undefined {
    if (this.state === "closed") throw unavailable("the journal is closed");
    const range = this.reader.read(from, this.known.lastRow, limits);
    return range === undefined ? undefined : { epoch: this.epoch, ...range };
  }

  markDelivered(upTo: number, streamSeq: number): void {
    if (upTo <= this.known.deliveredRow || upTo > this.known.lastRow) return;
    this.known = { ...this.known, deliveredRow: upTo, streamSeq };
    if (this.refusal === undefined) this.send({ kind: "delivered", upTo, streamSeq });
  }

  onAppended(listener: (lastRow: number) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  stats(): JournalStats {
    const { lastRow, firstKeptRow, deliveredRow, streamSeq } = this.known;
    const { path, maxBytes } = this.parts.options.config;
    const latencies = this.latencies.toSorted((a, b) => a - b);
    const oldest =
      this.state === "closed" || deliveredRow === lastRow
        ? undefined
        : this.reader.committedAtMs(deliveredRow + 1);
    return {
      state: this.state,
      rows: lastRow - firstKeptRow + 1,
      firstKeptRow,
      lastRow,
      deliveredRow,
      deliveredStreamSeq: streamSeq,
      waiting: lastRow - deliveredRow,
      oldestWaitingMs: oldest === undefined ? null : Math.max(0, Date.now() - oldest),
      bytes: sizeOf(path),
      walBytes: sizeOf(`${path}-wal`),
      capBytes: maxBytes,
      ...this.counts,
      commitP50Ms: latencies[Math.floor(latencies.length * 0.5)] ?? null,
      commitP99Ms: latencies[Math.floor(latencies.length * 0.99)] ?? null,
    };
  }

  answers(): Promise<void> {
    if (this.refusal !== undefined) return Promise.reject(this.refusal);
    const asked = Promise.withResolvers<void>();
    this.asking.push(asked);
    this.flush();
    this.send({ kind: "ask" });
    return asked.promise;
  }

  close(): Promise<void> {
    this.closing ??= new Promise((resolve) => {
      if (this.refusal !== undefined) return resolve();
      this.flush();
      this.onClosed = resolve;
      this.refusal = unavailable("the journal is closed");
      this.reader.close();
      this.state = "closed";
      this.send({ kind: "close" });
    });
    return this.closing;
  }

  private overload(): PlatformError | undefined {
    if (this.waiting.length < MAX_WAITING) return undefined;
    return unavailable(`${MAX_WAITING} appends already wait for the disk`);
  }

  private flush(): void {
    for (let at = 0; at < this.outbox.length; at += MAX_MESSAGE_ROWS) {
      this.send({ kind: "append", rows: this.outbox.slice(at, at + MAX_MESSAGE_ROWS) });
    }
    this.outbox = [];
  }

  private send(message: ToWorker): void {
    this.parts.worker.postMessage(message, []);
    Atomics.add(this.parts.wakeups, 0, 1);
    Atomics.notify(this.parts.wakeups, 0);
  }

  private receive(message: FromWorker): void {
    switch (message.kind) {
      case "committed":
        return this.acknowledge(message.appended, message.commitMs);
      case "rejected":
        this.counts.rejected += message.count;
        for (const { reject } of this.waiting.splice(0, message.count)) {
          reject(errorOf(message.failure));
        }
        return undefined;
      case "pruned":
        this.known = { ...this.known, firstKeptRow: message.firstKeptRow };
        return undefined;
      case "failed":
        this.state = "reopening";
        this.parts.options.log.error(
          { code: message.failure.code, details: message.failure.details },
          "journal gave up its connection and reopens",
        );
        return undefined;
      case "opened":
        return this.resume(message);
      case "answered":
        for (const { resolve } of this.asking.splice(0, message.count)) resolve();
        return undefined;
      case "closed":
      case "open-failed":
        return undefined;
    }
  }

  private acknowledge(appended: readonly Appended[], commitMs: number): void {
    this.counts.commits += 1;
    this.latencies.push(commitMs);
    if (this.latencies.length > LATENCIES) this.latencies.shift();
    const settled = this.waiting.splice(0, appended.length);
    for (const each of appended) {
      if (each.isRepeat) this.counts.repeats += 1;
      else this.known.lastRow = each.row;
    }
    for (const [index, each] of appended.entries()) settled[index]?.resolve(each);
    for (const listener of this.listeners) listener(this.known.lastRow);
  }

  /** The worker opened the file again: what it found there counts, also rows whose group had been rejected. */
  private resume(opened: Opened): void {
    this.state = "open";
    this.known = {
      ...this.known,
      lastRow: opened.lastRow,
      firstKeptRow: opened.firstKeptRow,
    };
    const { deliveredRow, streamSeq } = this.known;
    if (deliveredRow > opened.deliveredRow) {
      this.send({ kind: "delivered", upTo: deliveredRow, streamSeq });
    }
    this.parts.options.log.info({ lastRow: opened.lastRow }, "journal open again");
    for (const listener of this.listeners) listener(this.known.lastRow);
  }

  private die(reason: PlatformError): void {
    this.refusal ??= reason;
    if (this.state !== "closed") this.reader.close();
    this.state = "closed";
    for (const { reject } of this.waiting.splice(0)) reject(reason);
    for (const { reject } of this.asking.splice(0)) reject(reason);
    this.onClosed();
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function errorOf(failure: Failure): PlatformError {
  const { retriable, details } = failure;
  return new PlatformError(failure.code, failure.message, { retriable, details });
}

function unavailable(message: string, cause?: unknown): PlatformError {
  return new PlatformError("journal.unavailable", message, { retriable: true, cause });
}
