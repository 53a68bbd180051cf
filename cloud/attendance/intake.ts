import type { KeyObject } from "node:crypto";
import { hasCode, PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import { type GatewayAddress, gatewayKey, parseClockSubject } from "@clockleaf/shared/subjects.ts";
import type { GatewayRecord } from "@clockleaf/shared/wire/gateway.ts";
import { keyOfPublicNkey } from "@clockleaf/shared/wire/nkey.ts";
import { openSegment, type Segment } from "@clockleaf/shared/wire/segment.ts";
import type { Cause } from "../eventing/event-store.ts";
import { createKeyLocks } from "../eventing/key-locks.ts";
import type { Alarm } from "./alarm-decider.ts";
import { gatewayAlarmsId } from "./ids.ts";
import type { IntakeStore, JournalId } from "./intake-store.ts";
import type { PunchRecorder } from "./punch-recorder.ts";
import { holesIn, joinSegment, type RowSpan } from "./ranges.ts";
import type { Redating } from "./redating.ts";
import { type Runners, SOURCE } from "./runners.ts";
import { readRows } from "./segment-rows.ts";

/** A message of the CLOCK stream. */
export interface ClockMessage {
  readonly subject: string;
  readonly data: Uint8Array;
  readonly seq: number;
  readonly storedAtMs: number;
}

export interface IntakeDeps {
  readonly store: IntakeStore;
  readonly recorder: PunchRecorder;
  readonly redating: Redating;
  readonly alarms: Runners["alarms"];
  readonly gatewayOf: (address: GatewayAddress) => Promise<GatewayRecord | undefined>;
  readonly nowMs: () => number;
  /** Called when rows turn out to be missing, so that they are asked for at once. */
  readonly onGap: () => void;
  readonly log: Log;
}

export interface IntakeStats {
  readonly segmentsTotal: number;
  readonly refusedTotal: number;
  readonly parkedTotal: number;
  readonly rowsTotal: number;
  readonly quarantinedTotal: number;
}

/** `parked`: its gateway is not trusted now; whoever registers it has the message read again. */
export type IntakeOutcome = "taken" | "refused" | "parked";

export interface Intake {
  /**
   * Resolves once a message has had its whole effect: events stored, rows noted as received. Reading it again, or
   * another message with the same rows, has none. Rejects only with retriable errors of the hub, or for what must
   * become a dead letter.
   */
  process(message: ClockMessage): Promise<IntakeOutcome>;
  /** The hub acknowledged `last` to the gateway, so CLOCK was given every row up to it; what is not here is a gap. */
  expect(journal: JournalId, last: number): Promise<void>;
  stats(): IntakeStats;
}

/**
 * Turns signed journal rows into clock events:
 *
 *   CLOCK message ─▶ registered? ─▶ signature ─▶ identity ─▶ chain, contiguity ─▶ whose punch? ─▶ ATTENDANCE ─▶ when? ─▶ ranges
 *
 * Whatever fails on the way is told in an alarm and loses nothing: the message stays in CLOCK, and rows that never got
 * in are a gap, which is asked for again.
 */
export function createIntake(deps: IntakeDeps): Intake {
  const locks = createKeyLocks();
  const one = ["intake"];
  const part: Part = {
    ...deps,
    keys: new Map(),
    counts: {
      segmentsTotal: 0,
      refusedTotal: 0,
      parkedTotal: 0,
      rowsTotal: 0,
      quarantinedTotal: 0,
    },
  };
  return {
    process: (message) => locks.run(one, () => judge(part, message)),
    expect: (journal, last) => locks.run(one, () => expectRows(part, journal, last)),
    stats: () => ({ ...part.counts }),
  };
}

interface Part extends IntakeDeps {
  readonly keys: Map<string, KeyObject>;
  readonly counts: { -readonly [K in keyof IntakeStats]: number };
}

interface Arrival {
  readonly address: GatewayAddress;
  readonly message: ClockMessage;
}

async function judge(part: Part, message: ClockMessage): Promise<IntakeOutcome> {
  const address = parseClockSubject(message.subject);
  if (address === undefined) {
    const details = { subject: message.subject };
    throw new PlatformError("wire.malformed", "not a CLOCK subject", { details });
  }
  const arrival = { address, message };
  const record = await part.gatewayOf(address);
  if (record === undefined) return park(part, arrival, "not registered; its segments wait");
  if (!mayBelieve(record, message)) return park(part, arrival, "revoked; its segments wait");
  const opened = open(arrival, keyOf(part, record.publicKey));
  if ("kind" in opened) return refuse(part, arrival, opened);
  return take(part, arrival, { segment: opened, zone: record.zone });
}

/** What the stream stored before a revocation was sent by the rightful gateway. */
function mayBelieve({ status, revokedAtMs }: GatewayRecord, { storedAtMs }: ClockMessage): boolean {
  return status === "active" || (revokedAtMs !== null && storedAtMs < revokedAtMs);
}

function keyOf({ keys }: Part, publicKey: string): KeyObject {
  const key = keys.get(publicKey) ?? keyOfPublicNkey(publicKey);
  keys.set(publicKey, key);
  return key;
}

type PartialAlarm = Omit<Alarm, "site" | "gateway" | "streamSeq">;
const NOWHERE = { epoch: null, first: null, last: null };

/** The segment, or the alarm to raise instead. */
function open({ address, message }: Arrival, key: KeyObject): Segment | PartialAlarm {
  try {
    const segment = openSegment(message.data, key);
    const { tenant, site, gateway } = segment;
    const isOwn = tenant === address.tenant && site === address.site && gateway === address.gateway;
    if (isOwn) return segment;
    const detail = "signed by this gateway but written in the name of another";
    return { ...NOWHERE, kind: "corrupt-segment", detail };
  } catch (error) {
    if (hasCode(error, "segment.signature")) {
      return { ...NOWHERE, kind: "bad-signature", detail: error.message };
    }
    if (hasCode(error, "wire.malformed", "wire.too-large")) {
      return { ...NOWHERE, kind: "corrupt-segment", detail: error.message.slice(0, 300) };
    }
    throw error;
  }
}

/** Keeps the message's number until the gateway is registered: the message itself stays in CLOCK. */
async function park(part: Part, arrival: Arrival, detail: string): Promise<IntakeOutcome> {
  const key = gatewayKey(arrival.address);
  if (part.store.parked(key).length === 0) {
    await raise(part, arrival, { ...NOWHERE, kind: "unknown-gateway", detail });
  }
  part.store.park({ seq: arrival.message.seq, gatewayKey: key });
  part.counts.parkedTotal += 1;
  return "parked";
}

async function refuse(part: Part, arrival: Arrival, alarm: PartialAlarm): Promise<IntakeOutcome> {
  await raise(part, arrival, alarm);
  part.counts.refusedTotal += 1;
  return "refused";
}

async function take(
  part: Part,
  arrival: Arrival,
  { segment, zone }: { readonly segment: Segment; readonly zone: string },
): Promise<IntakeOutcome> {
  const { store, counts } = part;
  const { epoch, first, last } = segment;
  const journal = { address: arrival.address, epoch };
  const before = store.ranges(journal);
  const joined = joinSegment(before, segment);
  if (joined.kind === "broken") {
    const detail = `row ${joined.atRow} does not follow from what was received before`;
    return refuse(part, arrival, { epoch, first, last, kind: "broken-chain", detail });
  }
  if (before.length === 0 && store.knowsOtherEpoch(journal)) {
    const detail = "the gateway has begun a new journal";
    await raise(part, arrival, { epoch, first, last, kind: "new-epoch", detail });
  }
  const { punches, statuses, anchors, unreadable } = readRows(segment, joined.fresh);
  if (unreadable.length > 0) {
    const detail = `signed rows that cannot be read; they stay in CLOCK: ${unreadable.slice(0, 30).join(", ")}`;
    await raise(part, arrival, { epoch, first, last, kind: "corrupt-segment", detail });
  }
  await raiseGaps(part, arrival, { journal, holes: holesIn(joined.ranges) });
  const causationId = `${segment.gateway}-${epoch}-${first}`;
  const { storedAtMs } = arrival.message;
  counts.quarantinedTotal += await part.recorder.record(punches, { zone, storedAtMs, causationId });
  const origins = punches.map(({ origin }) => origin);
  await part.redating.settle(
    { address: arrival.address, anchors, punches: origins, storedAtMs },
    causeOf(part, causationId),
  );
  const punchIds = punches.map(({ origin }) => origin.punchId);
  store.take({ journal, before, ranges: joined.ranges, statuses, punchIds });
  counts.segmentsTotal += 1;
  counts.rowsTotal += punches.length + statuses.length + unreadable.length;
  if (store.gaps(journal).length > 0) part.onGap();
  return "taken";
}

const causeOf = ({ nowMs }: Part, causationId: string): Cause => ({
  source: SOURCE,
  atMs: nowMs(),
  correlationId: null,
  causationId,
  traceparent: undefined,
});

async function raiseGaps(
  part: Part,
  arrival: Arrival,
  { journal, holes }: { readonly journal: JournalId; readonly holes: readonly RowSpan[] },
): Promise<void> {
  const known = part.store.gaps(journal);
  for (const { first, last } of holes) {
    if (known.some((gap) => gap.first <= first && gap.last >= last)) continue;
    const detail = `rows ${first} to ${last} have not arrived`;
    await raise(part, arrival, { epoch: journal.epoch, first, last, kind: "gap", detail });
  }
}

async function expectRows(part: Part, journal: JournalId, last: number): Promise<void> {
  const { address, epoch } = journal;
  const first = (part.store.ranges(journal).at(-1)?.last ?? 0) + 1;
  if (first > last) return;
  const message = { subject: "", data: new Uint8Array(), seq: 0, storedAtMs: part.nowMs() };
  const detail = `rows ${first} to ${last} were acknowledged to the gateway but did not get in`;
  await raise(part, { address, message }, { epoch, first, last, kind: "gap", detail });
  part.store.expect(journal, last);
  part.onGap();
}

async function raise(
  part: Part,
  { address, message }: Arrival,
  alarm: PartialAlarm,
): Promise<void> {
  const { site, gateway } = address;
  part.log.warn({ site, gateway, kind: alarm.kind, seq: message.seq }, "gateway alarm");
  const data: Alarm = { ...alarm, site, gateway, streamSeq: message.seq };
  await part.alarms.handle(gatewayAlarmsId(address), data, causeOf(part, `CLOCK-${message.seq}`));
}
