import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import type { PunchRow } from "@clockleaf/shared/wire/punch.ts";
import { journalConfigSchema } from "../../edge-agent/journal/config.ts";
import { type Journal, openJournal } from "../../edge-agent/journal/journal.ts";
import type { BenchOptions, BenchResult } from "./result.ts";

/**
 * How long a punch waits for its fsync, against the raw price of durability on the same disk in the same minute: one
 * 4 KiB write and fsync, measured alternately with the appends because a disk's mood changes from second to second.
 * Two raw figures, since they differ: appending to a file that grows (what a plain log file would do) and overwriting
 * one block in place (the least any storage can cost). The claim is against the first.
 */
const SINGLE_PUNCHES = 4000;
const CROWD_PUNCHES = 20_000;
const P50_BOUND = 1.5;
const BLOCK = Buffer.alloc(4096, 0x5a);

export async function run(options: BenchOptions): Promise<BenchResult> {
  const folder = mkdtempSync(join(tmpdir(), "clockleaf-bench-journal-"));
  const config = journalConfigSchema.parse({ path: join(folder, "journal.sqlite") });
  const journal = await openJournal({ config, log: silentLog() });
  const grown = openSync(join(folder, "raw-append"), "w");
  const inPlace = openSync(join(folder, "raw-overwrite"), "w");
  const overwrite = (): void => syncBlock(inPlace, 0);
  const grow = (): void => syncBlock(grown, null);
  try {
    await alternate(200, { journal, grow, overwrite });
    options.progress("one punch at a time");
    const single = await alternate(scaled(SINGLE_PUNCHES, options), { journal, grow, overwrite });
    const figures: Record<string, number> = {
      rawAppendP50Us: percentile(single.grow, 0.5),
      rawAppendP99Us: percentile(single.grow, 0.99),
      rawOverwriteP50Us: percentile(single.overwrite, 0.5),
      rawOverwriteP99Us: percentile(single.overwrite, 0.99),
      singleP50Us: percentile(single.punch, 0.5),
      singleP99Us: percentile(single.punch, 0.99),
    };
    for (const readers of [16, 64]) {
      options.progress(`${readers} readers at once`);
      const crowd = await closedLoops(journal, readers, scaled(CROWD_PUNCHES, options));
      figures[`readers${readers}P50Us`] = percentile(crowd.punch, 0.5);
      figures[`readers${readers}P99Us`] = percentile(crowd.punch, 0.99);
      figures[`readers${readers}PerSecond`] = crowd.perSecond;
    }
    const ratio = percentile(single.punch, 0.5) / percentile(single.grow, 0.5);
    figures["singleToRawAppendP50"] = ratio;
    figures["singleToRawOverwriteP50"] =
      percentile(single.punch, 0.5) / percentile(single.overwrite, 0.5);
    figures["singleToRawAppendP99"] =
      percentile(single.punch, 0.99) / percentile(single.grow, 0.99);
    return {
      name: "journal",
      claims: [
        {
          claim: `a durable punch takes at most ${P50_BOUND} times a raw 4 KiB append and fsync (p50)`,
          measured: ratio,
          bound: P50_BOUND,
          holds: ratio <= P50_BOUND,
        },
      ],
      figures,
    };
  } finally {
    await journal.close();
    closeSync(grown);
    closeSync(inPlace);
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Contenders {
  readonly journal: Journal;
  readonly grow: () => void;
  readonly overwrite: () => void;
}

interface Microseconds {
  readonly punch: number[];
  readonly grow: number[];
  readonly overwrite: number[];
}

async function alternate(rounds: number, contenders: Contenders): Promise<Microseconds> {
  const taken: Microseconds = { punch: [], grow: [], overwrite: [] };
  for (let round = 0; round < rounds; round++) {
    taken.grow.push(timed(contenders.grow));
    taken.overwrite.push(timed(contenders.overwrite));
    taken.punch.push(await timedPunch(contenders.journal, "front-door"));
  }
  return taken;
}

async function closedLoops(
  journal: Journal,
  readers: number,
  punches: number,
): Promise<{ punch: number[]; perSecond: number }> {
  const punch: number[] = [];
  const startedMs = performance.now();
  const loop = async (reader: string): Promise<void> => {
    for (let left = punches / readers; left >= 1; left--) {
      punch.push(await timedPunch(journal, reader));
    }
  };
  await Promise.all(Array.from({ length: readers }, (_, n) => loop(`reader-${n}`)));
  return { punch, perSecond: (punch.length * 1000) / (performance.now() - startedMs) };
}

let exchange = 0;

async function timedPunch(journal: Journal, reader: string): Promise<number> {
  exchange += 1;
  const row = punchRow(reader, exchange);
  const startedMs = performance.now();
  await journal.append(row, { deviceSeq: exchange });
  return (performance.now() - startedMs) * 1000;
}

function punchRow(reader: string, n: number): PunchRow {
  return {
    kind: "punch",
    reader,
    credential: { kind: "card", bits: 26, hex: (n * 64).toString(16).padStart(8, "0") },
    hint: null,
    time: {
      gatewayAtMs: Date.now(),
      monotonicMs: performance.now(),
      bootId: "2537ac41-854c-4be5-a117-235fd7650370",
      uncertaintyMs: 2000,
      deviceLocal: null,
    },
    pin: "not-asked",
    verdict: "known",
    traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
  };
}

function syncBlock(fd: number, position: number | null): void {
  writeSync(fd, BLOCK, 0, BLOCK.length, position);
  fsyncSync(fd);
}

function timed(work: () => void): number {
  const startedMs = performance.now();
  work();
  return (performance.now() - startedMs) * 1000;
}

function percentile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? Number.NaN;
}

function scaled(count: number, options: BenchOptions): number {
  return Math.max(100, Math.round(count * options.scale));
}
