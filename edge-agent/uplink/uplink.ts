import type { KeyObject } from "node:crypto";
import { codeOf, type ErrorCode, PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import { type Link, watchLink } from "@clockleaf/shared/lib/nats-link.ts";
import { type Backoff, backoffMs } from "@clockleaf/shared/lib/retry.ts";
import { Signal } from "@clockleaf/shared/lib/signal.ts";
import type { GatewayAddress } from "@clockleaf/shared/subjects.ts";
import { decode } from "@clockleaf/shared/wire/codec.ts";
import { journalRowSchema } from "@clockleaf/shared/wire/punch.ts";
import {
  MAX_SEGMENT_BYTES,
  MAX_SEGMENT_ROWS,
  sealSegment,
} from "@clockleaf/shared/wire/segment.ts";
import type { NatsConnection } from "nats";
import { type Hub, openHub } from "./hub.ts";
import { HubClock, type HubOffset, type Mark } from "./hub-clock.ts";
import { Rate } from "./rate.ts";
import { type Resend, serveResend } from "./resend.ts";
import { resumeFrom } from "./resume.ts";
import type { SegmentSource } from "./segment-source.ts";

/**
 *   journal ──rows──▶ segment, signed ──▶ publish after message S ──▶ ack: S' ──▶ mark delivered ──▶ next segment
 *                                             │ any doubt: link broke, no answer, refused
 *                                             ▼
 *                        read the newest segment on the own subject: it says what is stored, and S
 *
 * One segment is in flight at a time, and the hub stores it only right after the one before, so whatever is repeated
 * after a doubt is stored once. Live, a segment is one punch; from a backlog it is as many rows as it may hold.
 */
export interface Uplink {
  state(): UplinkState;
  stats(): UplinkStats;
  /** Sends these rows again, as `serveResend` does for the cloud. */
  readonly resend: Resend["request"];
  /** Stops after the segment in flight, or without it: the journal will send it again. The connection stays open. */
  close(): Promise<void>;
}

export type UplinkState =
  /** Finding out what the hub has. */
  | { readonly kind: "resuming" }
  /** Everything is delivered. */
  | { readonly kind: "idle" }
  | { readonly kind: "sending" }
  /** The hub does not take rows now; retried for ever. */
  | { readonly kind: "waiting"; readonly code: ErrorCode; readonly sinceMs: number }
  /** Somebody else writes in this gateway's name. A person must find out who and start the agent again. */
  | { readonly kind: "halted"; readonly code: "uplink.rival-writer"; readonly message: string }
  | { readonly kind: "closed" };

export interface UplinkStats {
  readonly segments: number;
  readonly rows: number;
  /** Rows that the hub took within the last minute. */
  readonly rowsLastMinute: number;
  readonly bytes: number;
  /** How often the hub had to be asked what it has; 1 after a start without trouble. */
  readonly resumes: number;
  readonly failures: number;
  /** Rows missing at the hub and no longer in the journal: a hub that was wiped or restored from a backup. */
  readonly lostRows: number;
  readonly resentRows: number;
  /** UTC milliseconds of the newest answer of the hub; null before the first. */
  readonly lastContactMs: number | null;
  /** This gateway's clock against the hub's; null before it was measured. */
  readonly hubClock: HubOffset | null;
}

export interface UplinkOptions {
  readonly source: SegmentSource;
  /** To the local leaf server, with the gateway's NKey. */
  readonly connection: NatsConnection;
  readonly identity: GatewayAddress;
  /** Private key of the gateway's NKey. */
  readonly signKey: KeyObject;
  readonly log: Log;
  /** How long to wait for an answer of the hub; 5 s unless told. */
  readonly timeoutMs?: number;
  /** Rows of a segment at most; 1000 unless told. Shrinks by itself on a link too slow for the time-out. */
  readonly maxRows?: number;
  /** Wall clock, UTC milliseconds. */
  readonly now?: () => number;
}

/** A segment that is read back to learn when the hub stored it: a few punches, and no backlog. */
const MAX_READ_BACK_BYTES = 16_384;

/** While the hub is out of reach an attempt ends at the local server, so asking often costs next to nothing. */
const BACKOFF: Backoff = { firstMs: 50, maxMs: 1_000, jitter: 0.3 };

export async function startUplink(options: UplinkOptions): Promise<Uplink> {
  const { connection, identity } = options;
  const link = watchLink(connection);
  const hub = await openHub({ connection, link, identity, timeoutMs: options.timeoutMs ?? 5_000 });
  const worker = new Worker({ ...options, link, hub });
  const running = worker.run();
  return {
    state: () => worker.state,
    stats: () => ({
      ...worker.counts,
      rowsLastMinute: worker.rate.perMinute(),
      resentRows: worker.resend.rows(),
      hubClock: worker.hubClock.offset(),
    }),
    resend: (range) => worker.resend.request(range),
    async close() {
      worker.stop();
      await running;
      link.close();
    },
  };
}

type Parts = UplinkOptions & { readonly link: Link; readonly hub: Hub };

class Worker {
  state: UplinkState = { kind: "resuming" };
  readonly counts = {
    segments: 0,
    rows: 0,
    bytes: 0,
    resumes: 0,
    failures: 0,
    lostRows: 0,
    lastContactMs: null as number | null,
  };
  readonly rate = new Rate();
  readonly hubClock = new HubClock(() => this.mark());
  readonly resend: Resend;
  private readonly parts: Parts;
  private readonly now: () => number;
  private readonly stopping = new AbortController();
  /** Where to go on; undefined after any doubt. */
  private position: { nextRow: number; expect: number } | undefined;
  private failuresInARow = 0;
  private readonly maxRows: number;
  /** Halved by every answer that did not come in time, doubled by every one that did. */
  private rowLimit: number;
  private readonly appended = new Signal();
  private readonly linkChanged = new Signal();

  constructor(parts: Parts) {
    this.parts = parts;
    this.now = parts.now ?? Date.now;
    this.maxRows = parts.maxRows ?? MAX_SEGMENT_ROWS;
    this.rowLimit = this.maxRows;
    this.resend = serveResend({ ...parts, signal: this.stopping.signal });
  }

  stop(): void {
    this.stopping.abort();
    this.appended.raise();
    this.linkChanged.raise();
  }

  async run(): Promise<void> {
    const { source, link } = this.parts;
    const stopListening = source.onAppended(() => this.appended.raise());
    link.onChange((isUp) => {
      this.position = undefined; // whatever was in flight may or may not be stored
      this.hubClock.doubt();
      if (isUp) this.failuresInARow = 0;
      this.appended.raise();
      this.linkChanged.raise();
    });
    while (!this.stopping.signal.aborted && this.state.kind !== "halted") {
      try {
        await this.turn();
      } catch (error) {
        await this.failed(error);
      }
    }
    stopListening();
    await this.resend.close();
    if (this.state.kind !== "halted") this.state = { kind: "closed" };
  }

  /** One step: learn where to go on, or send one segment, or wait for something to send. */
  private async turn(): Promise<void> {
    if (this.position === undefined) {
      await this.resume();
      return;
    }
    const { source, identity, signKey, hub } = this.parts;
    const { nextRow, expect } = this.position;
    if (nextRow > source.lastRow()) {
      this.recovered();
      this.state = { kind: "idle" };
      await this.appended.wait();
      return;
    }
    const range = source.read(nextRow, { maxRows: this.rowLimit, maxBytes: MAX_SEGMENT_BYTES });
    if (range === undefined) {
      this.position = undefined; // deleted under us: resuming finds the oldest row that is left
      return;
    }
    if (this.state.kind !== "waiting") this.state = { kind: "sending" };
    const { epoch, first, prev, rows } = range;
    const body = { v: 1 as const, ...identity, epoch, first, prev, rows: [...rows] };
    const segment = sealSegment(body, signKey);
    // From here until the answer nobody knows whether it is stored; an exception leaves it at that.
    this.position = undefined;
    const sent = this.mark();
    const seq = await hub.publish(segment, expect, traceOf(rows));
    const answered = this.mark();
    this.position = { nextRow: first + rows.length, expect: seq };
    source.markDelivered(first + rows.length - 1, seq);
    this.recovered();
    this.counts.segments += 1;
    this.counts.rows += rows.length;
    this.rate.note(rows.length);
    this.counts.bytes += segment.length;
    this.rowLimit = Math.min(this.maxRows, this.rowLimit * 2);
    if (segment.length <= MAX_READ_BACK_BYTES && this.hubClock.isDue()) {
      void this.compareClocks(seq, sent, answered);
    }
  }

  private mark(): Mark {
    return { wallMs: this.now(), monotonicMs: performance.now() };
  }

  /** Beside the sending: nothing waits for it, and nothing depends on it. Never rejects. */
  private async compareClocks(seq: number, sent: Mark, answered: Mark): Promise<void> {
    this.hubClock.tried();
    try {
      const stored = await this.parts.hub.lastStored();
      // Another one: of a replica that lags, or sent meanwhile.
      if (stored?.seq === seq) this.hubClock.heard(sent, answered, stored.storedAtMs);
    } catch (error) {
      this.parts.log.debug({ err: error, code: codeOf(error) }, "the hub's time was not read");
    }
  }

  private async resume(): Promise<void> {
    const { source, identity, signKey, hub, log } = this.parts;
    if (this.state.kind !== "waiting") this.state = { kind: "resuming" };
    const stored = await hub.lastStored();
    this.counts.lastContactMs = this.now();
    this.counts.resumes += 1;
    const resume = resumeFrom(stored, source, { identity, signKey });
    switch (resume.kind) {
      case "continue":
        if (resume.lostFrom !== undefined) {
          this.counts.lostRows += resume.nextRow - resume.lostFrom;
          log.error(
            { code: "uplink.refused", from: resume.lostFrom, to: resume.nextRow - 1 },
            "the hub lost rows that the journal no longer keeps",
          );
        }
        if (resume.deliveredRow !== undefined) {
          source.markDelivered(resume.deliveredRow, resume.expect);
        }
        this.position = { nextRow: resume.nextRow, expect: resume.expect };
        return;
      case "stale":
        throw new PlatformError("uplink.ambiguous", "the hub answered with an older segment", {
          retriable: true,
        });
      case "rival":
        this.state = { kind: "halted", code: "uplink.rival-writer", message: resume.reason };
        log.error(
          { code: "uplink.rival-writer", reason: resume.reason },
          "somebody else writes in this gateway's name; nothing is sent until a person looks",
        );
        return;
    }
  }

  private async failed(cause: unknown): Promise<void> {
    if (this.stopping.signal.aborted) return;
    const code = codeOf(cause);
    this.counts.failures += 1;
    if (code === "uplink.ambiguous") this.rowLimit = Math.max(1, Math.ceil(this.rowLimit / 2));
    if (this.state.kind !== "waiting") {
      this.state = { kind: "waiting", code, sinceMs: this.now() };
      const level = cause instanceof PlatformError && cause.retriable ? "warn" : "error";
      this.parts.log[level]({ err: cause, code }, "the hub does not take rows; trying on");
    }
    const waitMs = backoffMs(this.failuresInARow, BACKOFF, Math.random());
    this.failuresInARow += 1;
    await this.linkChanged.wait(waitMs);
  }

  /** The hub takes rows: reading from it alone does not show that. */
  private recovered(): void {
    this.failuresInARow = 0;
    this.counts.lastContactMs = this.now();
    if (this.state.kind !== "waiting") return;
    this.parts.log.info({ waitedMs: this.now() - this.state.sinceMs }, "the hub takes rows again");
    this.state = { kind: "sending" };
  }
}

/** The trace of a punch sent alone, as it is live; rows of a backlog carry theirs inside. */
function traceOf(rows: readonly Uint8Array[]): string | undefined {
  const [row] = rows;
  if (row === undefined || rows.length > 1) return undefined;
  try {
    const record = decode(row, journalRowSchema, { what: "journal row" });
    return record.kind === "punch" ? record.traceparent : undefined;
  } catch {
    return undefined; // a row that this release cannot read is sent all the same
  }
}
