import { setTimeout as sleep } from "node:timers/promises";
import type { Random } from "../random.ts";
import { type GatewayCounts, type SimGateway, startSimGateway } from "./gateway.ts";
import type { EnrolledGateway } from "./keys.ts";

/** Punches are made in steps of this. */
const STEP_MS = 20;
const LOOK_MS = 50;

export interface FleetOptions {
  readonly gateways: readonly EnrolledGateway[];
  readonly hub: string;
  readonly random: Random;
  /** Of all gateways together. */
  readonly punchesPerSecond: number;
  /** Made in all, then no more; null = until stopped. */
  readonly punches: number | null;
  /** People at each gateway; their badge numbers are `GATEWAY-N`, from 1 on. */
  readonly people: number;
  readonly heartbeatMs: number;
  /** One gateway after another loses its link, so far apart and for so long; null = none. */
  readonly cuts: { readonly everyMs: number; readonly forMs: number } | null;
  readonly onTrouble: (gateway: string, what: string) => void;
}

export interface FleetCounts extends GatewayCounts {
  readonly gateways: number;
  readonly connected: number;
  readonly cuts: number;
  /** Rows that the hub does not have yet. */
  readonly waiting: number;
}

export interface Fleet {
  counts(): FleetCounts;
  /** Resolves when all punches are made; never without a number of them. */
  readonly made: Promise<void>;
  /** No more cuts and no more punches; resolves with true once the hub has every row, with false if it takes longer. */
  drain(timeoutMs: number): Promise<boolean>;
  stop(): Promise<void>;
}

/** Hundreds of gateways in this process, for runs against a hub and a cloud. */
export function startFleet(options: FleetOptions): Fleet {
  const { random, cuts, people } = options;
  const gateways = options.gateways.map((enrolled) =>
    startSimGateway({
      ...enrolled,
      hub: options.hub,
      heartbeatMs: options.heartbeatMs,
      onTrouble: (what) => options.onTrouble(enrolled.address.gateway, what),
    }),
  );
  const made = Promise.withResolvers<void>();
  const startedMs = performance.now();
  const state = { made: 0, cuts: 0 };
  const most = options.punches ?? Number.POSITIVE_INFINITY;
  const punch = (): void => {
    const gateway = random.pick(gateways);
    gateway.punch(`${gateway.name.slice(0, 40)}-${random.int(1, people)}`);
    state.made += 1;
  };
  const punching = setInterval(() => {
    const due = ((performance.now() - startedMs) / 1_000) * options.punchesPerSecond;
    while (state.made < Math.min(due, most)) punch();
    if (state.made >= most) made.resolve();
  }, STEP_MS);
  const healing = new Set<NodeJS.Timeout>();
  const cut = (forMs: number): void => {
    const gateway = random.pick(gateways);
    state.cuts += 1;
    gateway.cut();
    const timer = setTimeout(() => {
      healing.delete(timer);
      gateway.restore();
    }, forMs);
    healing.add(timer);
  };
  const cutting = cuts === null ? undefined : setInterval(() => cut(cuts.forMs), cuts.everyMs);
  const quieten = (): void => {
    clearInterval(punching);
    clearInterval(cutting);
    for (const timer of healing) clearTimeout(timer);
    for (const gateway of gateways) gateway.restore();
  };
  const counts = (): FleetCounts => ({
    ...sumOf(gateways),
    gateways: gateways.length,
    connected: gateways.filter((gateway) => gateway.isConnected()).length,
    cuts: state.cuts,
    waiting: gateways.reduce((sum, gateway) => sum + gateway.waiting(), 0),
  });
  return {
    counts,
    made: made.promise,
    async drain(timeoutMs) {
      quieten();
      const latestMs = performance.now() + timeoutMs;
      while (counts().waiting > 0 && performance.now() < latestMs) await sleep(LOOK_MS);
      return counts().waiting === 0;
    },
    async stop() {
      quieten();
      await Promise.all(gateways.map((gateway) => gateway.stop()));
    },
  };
}

function sumOf(gateways: readonly SimGateway[]): GatewayCounts {
  const sum = { punches: 0, published: 0, acknowledged: 0, refused: 0, resumes: 0 };
  for (const { counts } of gateways) {
    sum.punches += counts.punches;
    sum.published += counts.published;
    sum.acknowledged += counts.acknowledged;
    sum.refused += counts.refused;
    sum.resumes += counts.resumes;
  }
  return sum;
}
