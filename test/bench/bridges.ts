import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { STREAMS, tenantSubjects } from "@clockleaf/shared/subjects.ts";
import {
  type BridgeRecord,
  DESTINATIONS,
  type Destination,
  type DestinationName,
  type Encoded,
  type Feed,
} from "../../cloud/bridges/bridge.ts";
import { bridgesConfigSchema } from "../../cloud/bridges/config.ts";
import { openDestinations } from "../../cloud/bridges/destinations.ts";
import { createFeedRunner } from "../../cloud/bridges/feed-runner.ts";
import { recordOf } from "../../cloud/bridges/record.ts";
import { readBatches, sourceState } from "../../cloud/bridges/source.ts";
import { DESTINATION_KINDS } from "../support/bridge-destinations.ts";
import { storeLoad } from "../support/bridge-load.ts";
import { type CloudHub, startCloudHub } from "../support/cloud-hub.ts";
import { eventually } from "../support/eventually.ts";
import { findTelegraf } from "../support/telegraf.ts";
import { besidePeer } from "./kafka-peer.ts";
import { median } from "./median.ts";
import type { BenchOptions, BenchResult } from "./result.ts";

const TENANT = "acme";
const STREAM = STREAMS.attendance;
const EVENTS = 30_000;
const PEOPLE = 500;
const BATCH = { records: 500, bytes: 262_144, lingerMs: 5 };
/** Bridge and ceiling in turns, so that what else the machine does meanwhile hits both; medians count. */
const ROUNDS = 3;
/** Of what the destination's client stores when it is handed the same records ready encoded, with nothing to read. */
const LEAST_SHARE = 0.2;

interface Rates {
  readonly eventsPerSecond: number;
  readonly ceilingPerSecond: number;
}

/**
 * How fast each bridge carries a stream that lies ready, reading and encoding included, as a share of what its destination's
 * client does with records encoded beforehand, in batches of the same size, on the same server in the same run.
 */
export async function run({ scale, progress }: BenchOptions): Promise<BenchResult> {
  await using cloud = await startCloudHub("cloud-all");
  const count = Math.max(2_000, Math.round(EVENTS * scale));
  progress(`storing ${count} events`);
  const loaded = await storeLoad({
    nc: cloud.nc,
    tenant: TENANT,
    stream: STREAM,
    count,
    people: PEOPLE,
  });
  const figures: Record<string, number> = { events: count };
  const claims: Array<BenchResult["claims"][number]> = [];
  const skipped: string[] = [];
  for (const name of DESTINATIONS) {
    const { title, found } = DESTINATION_KINDS[name];
    if (found() === undefined) {
      skipped.push(`${title}: not installed`);
      continue;
    }
    progress(`carrying to ${title}`);
    const { eventsPerSecond, ceilingPerSecond } = await measure(cloud, name);
    figures[`${name}EventsPerSecond`] = Math.round(eventsPerSecond);
    figures[`${name}CeilingPerSecond`] = Math.round(ceilingPerSecond);
    const measured = eventsPerSecond / ceilingPerSecond;
    figures[`${name}ShareOfCeiling`] = eventsPerSecond / ceilingPerSecond;
    claims.push({
      claim: `the bridge to ${title} reaches at least ${LEAST_SHARE} of its client's ceiling`,
      measured,
      bound: LEAST_SHARE,
      holds: measured >= LEAST_SHARE,
    });
  }
  const telegraf = peer();
  if (typeof telegraf !== "string") {
    skipped.push(`telegraf beside the bridge to Kafka: ${telegraf.missing}`);
    return { name: "bridges", claims, figures, skipped };
  }
  const beside = await besidePeer({ cloud, tenant: TENANT, loaded, binary: telegraf, progress });
  return {
    name: "bridges",
    claims: [...claims, ...beside.claims],
    figures: { ...figures, ...beside.figures },
    skipped,
  };
}

function peer(): ReturnType<typeof findTelegraf> {
  return DESTINATION_KINDS.kafka.found() === undefined
    ? { missing: "Kafka is not installed" }
    : findTelegraf();
}

async function measure(cloud: CloudHub, name: DestinationName): Promise<Rates> {
  const there = await DESTINATION_KINDS[name].open();
  const log = silentLog();
  const config = bridgesConfigSchema.parse(there.settings);
  const [destination] = await openDestinations({ nc: cloud.nc, tenant: TENANT, config, log });
  try {
    const feed = destination?.feeds.find(({ id }) => id === there.feedId);
    if (destination === undefined || feed === undefined) throw new Error(`no feed ${there.feedId}`);
    const [bridge, ceiling]: [number[], number[]] = [[], []];
    for (let round = 1; round <= ROUNDS; round += 1) {
      bridge.push(await measureBridge(cloud, destination, feed));
      ceiling.push(await measureCeiling(cloud, destination, feed));
      await there.wipe();
    }
    return { eventsPerSecond: median(bridge), ceilingPerSecond: median(ceiling) };
  } finally {
    await destination?.close();
    await there.stop();
  }
}

async function measureBridge(
  { nc }: CloudHub,
  destination: Destination,
  feed: Feed,
): Promise<number> {
  const { lastSeq } = await sourceState(nc, STREAM);
  const runner = createFeedRunner({
    nc,
    tenant: TENANT,
    destination,
    feed,
    limits: BATCH,
    log: silentLog(),
  });
  const waiting = { timeoutMs: 300_000, everyMs: 5 };
  runner.start();
  // Topics, queues and schemas are made once, and are not what is measured.
  await eventually(() => runner.status().position > 0, waiting);
  const { position } = runner.status();
  const startedAt = performance.now();
  await eventually(() => runner.status().position >= lastSeq, waiting);
  const seconds = (performance.now() - startedAt) / 1000;
  await runner.close();
  return (lastSeq - position) / seconds;
}

/** As a stream that was made anew a moment later: whatever lies there belongs to the one before. */
async function measureCeiling(
  cloud: CloudHub,
  destination: Destination,
  feed: Feed,
): Promise<number> {
  const { incarnation } = await sourceState(cloud.nc, STREAM);
  const next = incarnation + 1;
  const sink = await destination.open({ feed, incarnation: next, log: silentLog() });
  const batches: Array<{ encoded: Encoded[]; seq: number }> = [];
  for await (const records of recordsOf(cloud)) {
    const encoded: Encoded[] = [];
    for (const record of records) {
      const one = await sink.encode(record);
      if (one !== undefined) encoded.push(one);
    }
    batches.push({ encoded, seq: records.at(-1)?.seq ?? 0 });
  }
  const startedAt = performance.now();
  for (const { encoded, seq } of batches) await sink.apply(encoded, { incarnation: next, seq });
  const seconds = (performance.now() - startedAt) / 1000;
  await sink.close();
  return (batches.at(-1)?.seq ?? 0) / seconds;
}

async function* recordsOf({ nc }: CloudHub): AsyncGenerator<readonly BridgeRecord[]> {
  const { lastSeq } = await sourceState(nc, STREAM);
  const batches = readBatches({
    nc,
    stream: STREAM,
    subject: tenantSubjects("attendance", TENANT),
    afterSeq: 0,
    limits: () => BATCH,
    onBegun: () => undefined,
  });
  for await (const batch of batches) {
    yield await Promise.all(
      batch.map(({ seq, subject, data, headers }) =>
        recordOf({ seq, subject, data, headers }, STREAM, undefined),
      ),
    );
    if ((batch.at(-1)?.seq ?? 0) >= lastSeq) return;
  }
}
