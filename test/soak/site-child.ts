import { readFileSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { createRandom, type Random } from "@clockleaf/hardware-sim/random.ts";
import { badgeKey } from "@clockleaf/shared/wire/punch.ts";
import { followTaps } from "../../edge-agent/health/control-client.ts";
import type { Trouble } from "./hearing.ts";
import { createLedger } from "./ledger.ts";
import type { Answer, Order, SitePlan, SiteReport } from "./site-process.ts";
import { anvizBusStation, anvizTcpStation } from "./stations/anviz.ts";
import { hidStation, linesStation, rdm6300Station } from "./stations/badges.ts";
import { sfmStation, zfmStation } from "./stations/fingers.ts";
import { osdpStation } from "./stations/osdp.ts";
import { pcproxStation } from "./stations/pcprox.ts";
import { pushStation } from "./stations/push.ts";
import type { Mishap, Place, Station } from "./stations/station.ts";
import { add } from "./stations/wire.ts";
import { admsStation, zktecoStation } from "./stations/zkteco.ts";

/**
 * The other end of every wire, in a process of its own, so that the agent's memory and loop are the agent's alone.
 * Speaks with the soak over IPC, see `site-process.ts`.
 */
const [, , planFile = ""] = process.argv;
const plan: SitePlan = JSON.parse(readFileSync(planFile, "utf8"));
const random = createRandom(plan.seed);
const ledger = createLedger();
const { dir, withFaults } = plan;
const deps = { dir, random, ledger, withFaults };
const stations: readonly Station[] = [
  osdpStation(deps),
  anvizBusStation(deps),
  await anvizTcpStation(deps),
  await zktecoStation(deps),
  admsStation(deps, plan.admsPort),
  zfmStation(deps),
  sfmStation(deps),
  rdm6300Station(deps),
  linesStation(deps),
  await hidStation(deps),
  await pcproxStation(deps),
  pushStation(deps, plan.push),
];
const over = new AbortController();
const closed = new AbortController();
const troubles: Trouble[] = [];
const busy: Promise<unknown>[] = [];

process.on("message", (order: Order) => void obey(order));
process.on("disconnect", () => process.exit(0));
tell({
  kind: "ready",
  lines: stations.flatMap(({ lines }) => lines),
  readers: stations.flatMap(({ places }) => places.map(({ reader }) => reader)),
});

async function obey(order: Order): Promise<void> {
  switch (order.kind) {
    case "begin":
      busy.push(...stations.flatMap(({ places }) => places.map((place) => live(place))));
      if (plan.mishapEveryMs !== null) busy.push(misfortune(plan.mishapEveryMs));
      busy.push(showDisplays());
      break;
    case "count":
      tell({ kind: "counted", taps: ledger.count(), pending: pending() });
      break;
    case "end":
      over.abort();
      break;
    case "report":
      closed.abort();
      await Promise.all(busy);
      await Promise.all(stations.map((station) => station.close()));
      writeReport({ taps: ledger.taps(), troubles, faults: faults() });
      process.send?.({ kind: "reported" } satisfies Answer, () => process.exit(0));
      break;
  }
}

function tell(answer: Answer): void {
  process.send?.(answer);
}

/** By file: a channel that is closed behind so large a message does not deliver it. */
function writeReport(report: SiteReport): void {
  writeFileSync(plan.reportFile, JSON.stringify(report));
}

/** By the first reader of each station; without those that hold nothing. */
function pending(): Record<string, number> {
  const all = stations.map((each) => [each.places[0]?.reader ?? "", each.pending()] as const);
  return Object.fromEntries(all.filter(([, count]) => count > 0));
}

function faults(): Record<string, number> {
  const all: Record<string, number> = {};
  for (const station of stations) add(all, station.faults());
  return all;
}

/** People come at random moments, at the place's share of the rate. */
async function live(place: Place): Promise<void> {
  const { share, gapMs = 0 } = place;
  const own = random.fork(`people at ${place.reader}`);
  const meanMs = 20_000 / (share * plan.rate);
  while (await pause(gapMs + exponential(own) * Math.max(1, meanMs - gapMs))) place.tap();
}

const exponential = (own: Random): number => -Math.log(1 - own.next());

/** Every mishap there is, one after the other in a shuffled order, again and again. */
async function misfortune(everyMs: number): Promise<void> {
  const own = random.fork("mishaps");
  const all = stations.flatMap(({ mishaps }) => mishaps);
  for (let left: Mishap[] = []; await pause(everyMs * (0.5 + own.next())); ) {
    if (left.length === 0) left = [...all];
    const [mishap] = left.splice(own.int(0, left.length - 1), 1);
    if (mishap === undefined) continue;
    const fromMs = Date.now();
    await mishap.strike(own.int(200, 4_000));
    troubles.push({ name: mishap.name, readers: mishap.readers, fromMs, untilMs: Date.now() });
  }
}

/** Readers without a light have a display beside them, which shows what the agent has stored. */
async function showDisplays(): Promise<void> {
  while (!closed.signal.aborted) {
    try {
      for await (const { punch, isRepeat } of followTaps(plan.runtimeDir, closed.signal)) {
        if (!isRepeat) ledger.displayed(punch.reader, badgeKey(punch.credential));
      }
    } catch {
      // No agent runs just now; displays stay dark until one does.
    }
    await sleep(100, undefined, { signal: closed.signal }).catch(() => undefined);
  }
}

/** False once nobody comes any more. */
async function pause(ms: number): Promise<boolean> {
  try {
    await sleep(ms, undefined, { signal: over.signal });
    return true;
  } catch {
    return false; // an aborted sleep, the only way it ends early
  }
}
