import { readFileSync } from "node:fs";
import { join } from "node:path";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { HUB_DOMAIN, STREAMS, segmentSubject } from "@clockleaf/shared/subjects.ts";
import { encode } from "@clockleaf/shared/wire/codec.ts";
import { privateKeyOfSeed } from "@clockleaf/shared/wire/nkey.ts";
import { type JetStreamClient, jetstream } from "@nats-io/jetstream";
import { journalConfigSchema } from "../../edge-agent/journal/config.ts";
import { type Journal, openJournal } from "../../edge-agent/journal/journal.ts";
import type { SegmentSource } from "../../edge-agent/uplink/segment-source.ts";
import { startUplink } from "../../edge-agent/uplink/uplink.ts";
import { type Site, startSite, TEST_GATEWAY } from "../support/nats.ts";
import { appendPunches, applyTestTopology, punchNumber } from "../support/uplink-rig.ts";
import { median } from "./median.ts";
import type { BenchOptions, BenchResult } from "./result.ts";

/** Publishes one row at a time; has a gateway, a leaf and a subject of its own. */
const SINGLE = { ...TEST_GATEWAY, gateway: "gw2" };
const ROUNDS = 5;
const BACKLOG_ROWS = 20_000;
const SINGLE_ROWS = 600;
const BOUND = 5;

/**
 * How fast a backlog drains, against publishing row by row. Both go through a leaf server to a hub that syncs every
 * message, each waits for the hub's acknowledgement under the same guard, and the two take turns.
 */
export async function run(options: BenchOptions): Promise<BenchResult> {
  const site = await startSite({ gateways: [TEST_GATEWAY, SINGLE] });
  try {
    await applyTestTopology(site);
    const journal = await openJournal({
      config: journalConfigSchema.parse({ path: join(site.dir, "journal.db") }),
      log: silentLog(),
    });
    const drainRates: number[] = [];
    const singleRates: number[] = [];
    const single = await singlePublisher(site);
    const backlog = Math.max(1000, Math.round(BACKLOG_ROWS * options.scale));
    const singles = Math.max(50, Math.round(SINGLE_ROWS * options.scale));
    try {
      for (let round = 1; round <= ROUNDS; round += 1) {
        options.progress(`round ${round} of ${ROUNDS}: ${singles} single rows`);
        singleRates.push(await rate(singles, () => single(singles)));
        options.progress(`round ${round} of ${ROUNDS}: backlog of ${backlog} rows`);
        const from = journal.lastRow() + 1;
        await appendPunches(journal, from, from + backlog - 1);
        drainRates.push(await rate(backlog, () => drain(site, journal)));
      }
    } finally {
      await journal.close();
    }
    const ratios = drainRates.map((drained, round) => drained / (singleRates[round] ?? 0));
    return resultOf({ drainRates, singleRates, ratios });
  } finally {
    await site.stop();
  }
}

interface Measured {
  readonly drainRates: readonly number[];
  readonly singleRates: readonly number[];
  readonly ratios: readonly number[];
}

function resultOf({ drainRates, singleRates, ratios }: Measured): BenchResult {
  const measured = median(ratios);
  return {
    name: "uplink",
    claims: [
      {
        claim: `a backlog drains at least ${BOUND}x as fast as row by row (acknowledged, synced)`,
        measured,
        bound: BOUND,
        holds: measured >= BOUND,
      },
    ],
    figures: {
      drainRowsPerSecond: median(drainRates),
      singleRowsPerSecond: median(singleRates),
      ratioMin: Math.min(...ratios),
      ratioMax: Math.max(...ratios),
    },
  };
}

/** The shipped uplink over the real journal; resolves when the hub has every row. */
async function drain(site: Site, journal: Journal): Promise<void> {
  const seed = readFileSync(site.deployment.gateway(TEST_GATEWAY).seedFile, "utf8");
  const connection = await site.connectGateway();
  const delivered = Promise.withResolvers<void>();
  const source: SegmentSource = {
    epoch: journal.epoch,
    lastRow: () => journal.lastRow(),
    deliveredRow: () => journal.deliveredRow(),
    read: (from, limits) => journal.read(from, limits),
    onAppended: (listener) => journal.onAppended(listener),
    stats: () => journal.stats(),
    markDelivered(upTo, seq) {
      journal.markDelivered(upTo, seq);
      if (upTo === journal.lastRow()) delivered.resolve();
    },
  };
  const uplink = await startUplink({
    source,
    connection,
    identity: TEST_GATEWAY,
    signKey: privateKeyOfSeed(seed),
    log: silentLog(),
  });
  await delivered.promise;
  await uplink.close();
}

/** Publishes so many rows, each alone and each after the acknowledgement of the one before. */
async function singlePublisher(site: Site): Promise<(count: number) => Promise<void>> {
  const connection = await site.connectGateway(SINGLE);
  const js: JetStreamClient = jetstream(connection, { domain: HUB_DOMAIN, checkAPI: false });
  let seq = 0;
  let next = 1;
  return async (count) => {
    for (const last = next + count; next < last; next += 1) {
      const ack = await js.publish(segmentSubject(SINGLE), encode(punchNumber(next)), {
        expect: { streamName: STREAMS.clock, lastSubjectSequence: seq },
      });
      seq = ack.seq;
    }
  };
}

async function rate(rows: number, work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return (rows * 1000) / (performance.now() - started);
}
