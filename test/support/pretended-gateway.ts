import {
  BUCKETS,
  type GatewayAddress,
  gatewayKey,
  heartbeatSubject,
  resentSubject,
  STREAMS,
  segmentSubject,
} from "@clockleaf/shared/subjects.ts";
import { CHAIN_START, chain } from "@clockleaf/shared/wire/chain.ts";
import { encode } from "@clockleaf/shared/wire/codec.ts";
import type { GatewayRecord } from "@clockleaf/shared/wire/gateway.ts";
import type { Heartbeat } from "@clockleaf/shared/wire/heartbeat.ts";
import { createNkey, privateKeyOfSeed } from "@clockleaf/shared/wire/nkey.ts";
import { type JournalRow, type PunchRow, punchIdOf } from "@clockleaf/shared/wire/punch.ts";
import { sealSegment } from "@clockleaf/shared/wire/segment.ts";
import { newTraceparent } from "@clockleaf/shared/wire/trace-context.ts";
import { Kvm } from "@nats-io/kv";
import type { NatsConnection } from "nats";

/** The journal of a pretended gateway: signs with its own key and publishes with its own permissions. */
export interface PretendedGateway {
  readonly address: GatewayAddress;
  readonly epoch: string;
  readonly record: GatewayRecord;
  /** Adds a punch at `time`, as `instantOf` reads it, and returns its id. */
  punch(badge: string, time: string, more?: Partial<PunchRow>): string;
  add(row: JournalRow): string;
  /** Rows `first` to `last` as a signed segment. */
  segment(first: number, last: number): Uint8Array;
  /** The same, with another past: row `first` follows from something that never was. */
  forked(first: number, last: number): Uint8Array;
  /** The same, written in the name of another gateway but signed with this one's key. */
  inTheNameOf(other: GatewayAddress, first: number, last: number): Uint8Array;
  /** Stores a message in CLOCK as the gateway would; its stream sequence. */
  publish(message: Uint8Array, how?: "live" | "resent"): Promise<number>;
  register(change?: Partial<GatewayRecord>): Promise<void>;
  /** Says at `time` that everything is delivered and its reader is online, unless told otherwise. */
  beat(time: string, more?: Partial<Heartbeat>): Promise<void>;
  connection(): Promise<NatsConnection>;
}

export interface PretendedGatewayOptions {
  readonly address: GatewayAddress;
  readonly epoch: string;
  readonly zone: string;
  /** UTC milliseconds of a time as the caller writes it. */
  readonly instantOf: (time: string) => number;
  /** Who may write it into the registry of gateways. */
  readonly registrar: NatsConnection;
  /** With the gateway's own permissions. */
  readonly connection: () => Promise<NatsConnection>;
}

/** A gateway without readers and without a process, on any hub that knows its key. */
export function createPretendedGateway(options: PretendedGatewayOptions): PretendedGateway {
  const { address, epoch, zone, instantOf, registrar, connection } = options;
  const { gateway: name } = address;
  const pair = createNkey();
  const key = privateKeyOfSeed(pair.seed);
  const rows: Uint8Array[] = [];
  const heads: Uint8Array[] = [CHAIN_START];
  const record: GatewayRecord = {
    publicKey: pair.publicKey,
    name,
    zone,
    registeredAtMs: 0,
    status: "active",
    revokedAtMs: null,
  };
  const add = (row: JournalRow): string => {
    const bytes = encode(row);
    rows.push(bytes);
    heads.push(chain(heads.at(-1) ?? CHAIN_START, bytes));
    return punchIdOf(name, epoch, rows.length);
  };
  const seal = (span: readonly [first: number, last: number], change = {}): Uint8Array => {
    const [first, last] = span;
    const prev = heads[first - 1] ?? CHAIN_START;
    const body = { v: 1 as const, ...address, epoch, first, prev };
    return sealSegment({ ...body, rows: rows.slice(first - 1, last), ...change }, key);
  };
  return {
    address,
    epoch,
    record,
    add,
    connection,
    punch: (badge, time, more = {}) => add({ ...punchRow(badge, instantOf(time)), ...more }),
    segment: (first, last) => seal([first, last]),
    forked: (first, last) => seal([first, last], { prev: new Uint8Array(32).fill(7) }),
    inTheNameOf: (other, first, last) => seal([first, last], other),
    async publish(message, how = "live") {
      const subject = how === "live" ? segmentSubject(address) : resentSubject(address);
      const reply = await (await connection()).request(subject, message, { timeout: 5_000 });
      const ack: { stream?: string; seq?: number } = reply.json();
      if (ack.stream !== STREAMS.clock || ack.seq === undefined) throw new Error(reply.string());
      return ack.seq;
    },
    async beat(time, more = {}) {
      const heartbeat: Heartbeat = {
        sentAtMs: instantOf(time),
        agentVersion: "test",
        epoch,
        lastRow: rows.length,
        deliveredRow: rows.length,
        oldestWaitingMs: null,
        readers: [{ reader: "door", state: "online", fault: null }],
        ...more,
      };
      const gateway = await connection();
      gateway.publish(heartbeatSubject(address), encode(heartbeat));
      await gateway.flush();
    },
    async register(change = {}) {
      const kv = await new Kvm(registrar).open(BUCKETS.gateways);
      await kv.put(gatewayKey(address), encode({ ...record, ...change }));
    },
  };
}

function punchRow(badge: string, at: number): PunchRow {
  return {
    kind: "punch",
    reader: "door",
    credential: { kind: "number", value: badge.replace("number-", "") },
    hint: null,
    time: {
      gatewayAtMs: at,
      monotonicMs: 1,
      bootId: "boot",
      uncertaintyMs: 5,
      deviceLocal: null,
    },
    pin: "not-asked",
    verdict: "known",
    traceparent: newTraceparent(),
  };
}
