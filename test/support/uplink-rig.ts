import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { STREAMS, segmentSubject } from "@clockleaf/shared/subjects.ts";
import { CHAIN_START } from "@clockleaf/shared/wire/chain.ts";
import { keyOfPublicNkey, privateKeyOfSeed } from "@clockleaf/shared/wire/nkey.ts";
import type { JournalRow } from "@clockleaf/shared/wire/punch.ts";
import { openSegment, type Segment } from "@clockleaf/shared/wire/segment.ts";
import { jetstream, jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "nats";
import { applyTopology } from "../../cloud/streams/apply.ts";
import { declareTopology, topologyConfigSchema } from "../../cloud/streams/topology.ts";
import { journalConfigSchema } from "../../edge-agent/journal/config.ts";
import { type Journal, openJournal } from "../../edge-agent/journal/journal.ts";
import { startUplink, type Uplink } from "../../edge-agent/uplink/uplink.ts";
import { eventually } from "./eventually.ts";
import { type Site, startSite, TEST_GATEWAY } from "./nats.ts";

/** Makes every stream and bucket of the platform on a test hub. */
export async function applyTestTopology(site: Site): Promise<void> {
  const nc = await site.connectCloud("cloud-admin");
  await applyTopology({
    nc,
    streams: declareTopology(topologyConfigSchema.parse({})),
    log: silentLog(),
  });
}

/** A punch that differs from every other by its number. */
export function punchNumber(n: number): JournalRow {
  return {
    kind: "punch",
    reader: "front-door",
    credential: { kind: "number", value: String(10_000 + n) },
    hint: null,
    time: {
      gatewayAtMs: 1_700_000_000_000 + n * 1000,
      monotonicMs: n * 1000,
      bootId: "boot-1",
      uncertaintyMs: 20,
      deviceLocal: null,
    },
    pin: "not-asked",
    verdict: "known",
    traceparent: `00-${n.toString(16).padStart(32, "0")}-00000000000000aa-01`,
  };
}

/** A hub, a leaf, a journal and uplinks between them: the gateway's way to the cloud without its readers. */
export interface UplinkRig extends AsyncDisposable {
  readonly site: Site;
  /** To the hub, with the rights of every cloud role. */
  readonly cloud: NatsConnection;
  readonly journalPath: string;
  openJournal(path?: string): Promise<Journal>;
  /** On a connection of its own, closed with the rig. */
  startUplink(
    journal: Journal,
    settings?: { maxRows?: number; timeoutMs?: number },
  ): Promise<Uplink>;
  /** Every segment on the gateway's subject in the order stored; signatures checked. */
  stored(subject?: string): Promise<readonly Segment[]>;
}

export async function startUplinkRig(): Promise<UplinkRig> {
  const site = await startSite();
  const journals: Journal[] = [];
  const uplinks: Uplink[] = [];
  await applyTestTopology(site);
  const cloud = await site.connectCloud("cloud-all");
  const journalPath = join(site.dir, "journal.db");
  const gateway = site.deployment.gateway(TEST_GATEWAY);
  return {
    site,
    cloud,
    journalPath,
    async openJournal(path = journalPath) {
      const journal = await openJournal({
        config: journalConfigSchema.parse({ path }),
        log: silentLog(),
      });
      journals.push(journal);
      return journal;
    },
    async startUplink(journal, settings = {}) {
      const uplink = await startUplink({
        ...settings,
        source: journal,
        connection: await site.connectGateway(),
        identity: TEST_GATEWAY,
        signKey: privateKeyOfSeed(readFileSync(gateway.seedFile, "utf8")),
        log: silentLog(),
      });
      uplinks.push(uplink);
      return uplink;
    },
    stored: (subject = segmentSubject(TEST_GATEWAY)) =>
      readSegments(cloud, subject, gateway.publicKey),
    async [Symbol.asyncDispose]() {
      for (const uplink of uplinks) await uplink.close();
      for (const journal of journals) await journal.close();
      await site.stop();
    },
  };
}

/** The same of any gateway. */
export const storedSegmentsOf = readSegments;

/** Every segment of {@link TEST_GATEWAY} at the hub, in the order stored; signatures checked. */
export const storedSegments = (
  cloud: NatsConnection,
  publicKey: string,
): Promise<readonly Segment[]> => readSegments(cloud, segmentSubject(TEST_GATEWAY), publicKey);

async function readSegments(
  cloud: NatsConnection,
  subject: string,
  publicKey: string,
): Promise<Segment[]> {
  const segments: Segment[] = [];
  const info = await (await jetstreamManager(cloud)).streams.info(STREAMS.clock);
  const consumer = await jetstream(cloud).consumers.get(STREAMS.clock, {
    name_prefix: `test${randomUUID().slice(0, 8)}`,
    filter_subjects: [subject],
  });
  if ((await consumer.info(true)).num_pending === 0) return segments;
  const messages = await consumer.consume({ max_messages: 100 });
  for await (const message of messages) {
    segments.push(openSegment(message.data, keyOfPublicNkey(publicKey)));
    if (message.info.pending === 0 || message.seq >= info.state.last_seq) break;
  }
  return segments;
}

/**
 * How many rows the segments hold, after checking what exactly-once means: rows from 1 on, each once, in order, one
 * unbroken chain, byte by byte what the journal holds. Throws otherwise.
 */
export function rowsStoredOnce(segments: readonly Segment[], journal: Journal): number {
  let head: Uint8Array = CHAIN_START;
  let next = 1;
  for (const segment of segments) {
    if (segment.first !== next) throw new Error(`row ${segment.first} after row ${next - 1}`);
    if (Buffer.compare(segment.prev, head) !== 0) throw new Error(`chain broken at row ${next}`);
    for (const row of segment.rows) {
      const kept = journal.read(next, { maxRows: 1, maxBytes: 1 })?.rows[0];
      if (kept === undefined || Buffer.compare(kept, row) !== 0) {
        throw new Error(`row ${next} is not the journal's`);
      }
      next += 1;
    }
    head = segment.head;
  }
  return next - 1;
}

/** Appends punches `from` to `to`, all at once, and waits until the journal has them. */
export async function appendPunches(journal: Journal, from: number, to: number): Promise<void> {
  const numbers = Array.from({ length: to - from + 1 }, (_, index) => from + index);
  await Promise.all(numbers.map((n) => journal.append(punchNumber(n), null)));
}

export async function untilDelivered(journal: Journal, row: number): Promise<void> {
  await eventually(() => journal.deliveredRow() >= row, {
    what: `row ${row} delivered (now ${journal.deliveredRow()})`,
    timeoutMs: 30_000,
  });
}
