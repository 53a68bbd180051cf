import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { connectNatsOnce } from "@clockleaf/shared/lib/nats-connection.ts";
import { Signal } from "@clockleaf/shared/lib/signal.ts";
import { gatewayInbox, heartbeatSubject } from "@clockleaf/shared/subjects.ts";
import { encode } from "@clockleaf/shared/wire/codec.ts";
import type { Heartbeat } from "@clockleaf/shared/wire/heartbeat.ts";
import { privateKeyOfSeed } from "@clockleaf/shared/wire/nkey.ts";
import type { PunchRow } from "@clockleaf/shared/wire/punch.ts";
import { newTraceparent } from "@clockleaf/shared/wire/trace-context.ts";
import type { NatsConnection } from "nats";
import { lastStored, publishSegment } from "./hub.ts";
import type { EnrolledGateway } from "./keys.ts";
import { createRows, type Rows } from "./rows.ts";

const RETRY_MS = 500;
const READER = "door";

export interface SimGatewayOptions extends EnrolledGateway {
  readonly hub: string;
  readonly heartbeatMs: number;
  /** Something a person should know of. */
  readonly onTrouble: (what: string) => void;
}

export interface GatewayCounts {
  punches: number;
  /** Segments sent, repeated ones too. */
  published: number;
  /** Rows that the hub has. */
  acknowledged: number;
  /** Segments that the hub will not have. */
  refused: number;
  /** How often it had to be asked what it has. */
  resumes: number;
}

/** A gateway without readers, journal file and process of its own; at the hub it looks like any other. */
export interface SimGateway {
  readonly name: string;
  readonly counts: Readonly<GatewayCounts>;
  readonly isConnected: () => boolean;
  readonly waiting: () => number;
  /** Somebody with this badge number punches now. */
  punch(badge: string): void;
  /** Its link is gone; what is on its way may arrive or not. */
  cut(): void;
  restore(): void;
  stop(): Promise<void>;
}

export function startSimGateway(options: SimGatewayOptions): SimGateway {
  const gateway = new Gateway(options);
  const running = gateway.run();
  return {
    name: options.address.gateway,
    counts: gateway.counts,
    isConnected: () => gateway.isConnected(),
    waiting: () => gateway.rows.lastRow() - gateway.rows.deliveredRow(),
    punch: (badge) => gateway.punch(badge),
    cut: () => gateway.setCut(true),
    restore: () => gateway.setCut(false),
    async stop() {
      gateway.stop();
      await running;
    },
  };
}

class Gateway {
  readonly counts: GatewayCounts = {
    punches: 0,
    published: 0,
    acknowledged: 0,
    refused: 0,
    resumes: 0,
  };
  readonly rows: Rows;
  private readonly options: SimGatewayOptions;
  private readonly epoch = randomBytes(5).toString("hex");
  private readonly bootId = randomBytes(8).toString("hex");
  private readonly stopping = new AbortController();
  private readonly news = new Signal();
  private connection: NatsConnection | undefined;
  private isCut = false;
  /** Sequence that the next segment must follow; undefined after any doubt. */
  private expect: number | undefined;

  constructor(options: SimGatewayOptions) {
    this.options = options;
    const key = privateKeyOfSeed(readFileSync(options.seedFile, "utf8"));
    this.rows = createRows({ address: options.address, epoch: this.epoch, key });
  }

  isConnected(): boolean {
    return this.connection?.isClosed() === false;
  }

  punch(badge: string): void {
    this.counts.punches += 1;
    this.rows.add(punchRow(badge, this.bootId));
    this.news.raise();
  }

  setCut(isCut: boolean): void {
    this.isCut = isCut;
    // Not drained: as on a torn cable, nobody says goodbye.
    if (isCut) void this.connection?.close().catch(() => undefined);
    this.news.raise();
  }

  stop(): void {
    this.stopping.abort();
    this.news.raise();
  }

  async run(): Promise<void> {
    const beats = setInterval(() => this.beat(), this.options.heartbeatMs);
    while (!this.stopping.signal.aborted) {
      try {
        await this.turn();
      } catch {
        // Whatever it was, only the hub knows now what it has.
        this.expect = undefined;
        await this.pause(RETRY_MS);
      }
    }
    clearInterval(beats);
    await this.connection?.close();
  }

  private async turn(): Promise<void> {
    if (this.isCut) return this.news.wait();
    if (this.connection === undefined || this.connection.isClosed()) return this.connect();
    if (this.expect === undefined) return this.resume(this.connection);
    const segment = this.rows.next();
    if (segment === undefined) return this.news.wait();
    const { address, onTrouble } = this.options;
    const expect = this.expect;
    this.expect = undefined;
    this.counts.published += 1;
    const outcome = await publishSegment(this.connection, address, { ...segment, expect });
    switch (outcome.kind) {
      case "stored":
        this.expect = outcome.seq;
        this.deliver(segment.last);
        return undefined;
      case "behind":
        return undefined;
      case "refused":
        this.counts.refused += 1;
        onTrouble(outcome.why);
        return this.pause(RETRY_MS);
    }
  }

  private async connect(): Promise<void> {
    const { hub, seedFile, address } = this.options;
    this.expect = undefined;
    this.connection = await connectNatsOnce({
      servers: [hub],
      seedFile,
      name: address.gateway,
      inboxPrefix: gatewayInbox(address),
    });
    void this.connection.closed().then(() => this.news.raise());
    this.beat();
  }

  private async resume(connection: NatsConnection): Promise<void> {
    const { address, onTrouble } = this.options;
    const stored = await lastStored(connection, address);
    this.counts.resumes += 1;
    const before = this.rows.deliveredRow();
    const standing = this.rows.resume(stored?.segment);
    if (standing !== "known") {
      onTrouble(`${standing}: the hub's newest segment is not what was sent; it is left alone`);
      this.stop();
      return;
    }
    this.expect = stored?.seq ?? 0;
    this.counts.acknowledged += this.rows.deliveredRow() - before;
  }

  private deliver(row: number): void {
    this.counts.acknowledged += row - this.rows.deliveredRow();
    this.rows.delivered(row);
  }

  private beat(): void {
    if (!this.isConnected()) return;
    const [lastRow, deliveredRow] = [this.rows.lastRow(), this.rows.deliveredRow()];
    const heartbeat: Heartbeat = {
      sentAtMs: Date.now(),
      agentVersion: "simulated",
      epoch: this.epoch,
      lastRow,
      deliveredRow,
      oldestWaitingMs: this.rows.oldestMs(),
      readers: [{ reader: READER, state: "online", fault: null }],
    };
    this.connection?.publish(heartbeatSubject(this.options.address), encode(heartbeat));
  }

  private async pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }
}

const punchRow = (badge: string, bootId: string): PunchRow => ({
  kind: "punch",
  reader: READER,
  credential: { kind: "number", value: badge },
  hint: null,
  time: {
    gatewayAtMs: Date.now(),
    monotonicMs: performance.now(),
    bootId,
    uncertaintyMs: 20,
    deviceLocal: null,
  },
  pin: "not-asked",
  verdict: "unknown-badge",
  traceparent: newTraceparent(),
});
