import { codeOf } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import { ALL_HEARTBEATS, type GatewayAddress, gatewayKey } from "@clockleaf/shared/subjects.ts";
import { decode } from "@clockleaf/shared/wire/codec.ts";
import type { GatewayRecord } from "@clockleaf/shared/wire/gateway.ts";
import { heartbeatSchema } from "@clockleaf/shared/wire/heartbeat.ts";
import { offsetAt } from "@clockleaf/shared/worktime/civil-time.ts";
import type { NatsConnection } from "nats";
import { causeOfTimer } from "../../eventing/cause.ts";
import { isRefusal } from "../../eventing/decider.ts";
import { heldHere } from "../../eventing/leases.ts";
import type { Closable } from "../../eventing/run-while-leased.ts";
import { createTicker } from "../../eventing/ticker.ts";
import type { AttendanceConfig } from "../config.ts";
import type { RegisteredGateway } from "../gateways.ts";
import { siteMarkId } from "../ids.ts";
import type { IntakeStore } from "../intake-store.ts";
import { holesIn } from "../ranges.ts";
import { type Runners, SOURCE } from "../runners.ts";
import {
  type GatewayProgress,
  type Hold,
  holdOf,
  type ProgressLimits,
  progressAfter,
  progressWithRows,
} from "./gateway-progress.ts";
import type { SiteMark } from "./projection.ts";

export interface WatermarksDeps {
  readonly nc: NatsConnection;
  readonly tenant: string;
  readonly store: Pick<IntakeStore, "ranges">;
  readonly runners: Pick<Runners, "sites">;
  readonly gateways: () => Promise<readonly RegisteredGateway[]>;
  readonly gatewaysAt: (site: string) => Promise<readonly RegisteredGateway[]>;
  readonly siteMarks: () => Promise<ReadonlyMap<string, SiteMark>>;
  readonly config: AttendanceConfig["watermark"];
  readonly maxFutureMs: number;
  readonly nowMs: () => number;
  readonly log: Log;
}

/** How far a site is known, and which of its gateways hold it there. */
export interface SiteStanding {
  readonly site: string;
  readonly zone: string;
  /** As last told; null = never. */
  readonly completeTo: number | null;
  readonly gateways: ReadonlyArray<{
    readonly gateway: string;
    /** Null = not known since this process started. */
    readonly completeTo: number | null;
    readonly hold: Hold | null;
  }>;
}

export interface Watermarks {
  /** Undefined where no gateway is registered. */
  standing(site: string): Promise<SiteStanding | undefined>;
  /**
   * Begins to tell, until what it returns is closed. Only where the intake is at work: what has arrived is known there.
   */
  tell(): Closable;
  /** Stops listening. */
  close(): void;
}

/** More gateways than one tenant has; bounds the memory against made-up names. */
const MAX_GATEWAYS = 10_000;
const MAX_HEARTBEAT_BYTES = 512 * 1024;

/**
 * Listens to gateways and tells how far each site is complete: as far as the gateway that is least so. It is computed from
 * what they say of themselves and what the intake has received, never set; and it never falls, so a gateway that was not
 * heard since a restart only makes it wait.
 */
export function watchWatermarks(deps: WatermarksDeps): Watermarks {
  const { nc, tenant, config, nowMs, log } = deps;
  const progress = new Map<string, GatewayProgress>();
  const limits: ProgressLimits = {
    readerSettleMs: config.readerSettleSeconds * 1000,
    maxFutureMs: deps.maxFutureMs,
  };
  const hear = (subject: string, data: Uint8Array): void => {
    const [, , of, site, gateway] = subject.split(".");
    if (of !== tenant || site === undefined || gateway === undefined) return;
    const key = gatewayKey({ tenant, site, gateway });
    if (progress.size >= MAX_GATEWAYS && !progress.has(key)) return;
    const heartbeat = decode(data, heartbeatSchema, {
      maxBytes: MAX_HEARTBEAT_BYTES,
      what: "heartbeat",
    });
    const heard = { heartbeat, heardAtMs: nowMs() };
    progress.set(key, progressAfter(progress.get(key), heard, limits));
  };
  const subscription = nc.subscribe(ALL_HEARTBEATS, {
    callback: (error, message) => {
      if (error !== null) return;
      try {
        hear(message.subject, message.data);
      } catch (failure) {
        log.debug({ err: failure, code: codeOf(failure) }, "heartbeat not read");
      }
    },
  });
  const part: Part = { ...deps, progress };
  const startTelling = (): Closable => {
    const ticker = createTicker({
      name: "attendance-watermarks",
      everyMs: config.lookEverySeconds * 1000,
      log,
      nowMs,
      // Whoever calls holds the intake, which is enough.
      leases: heldHere(),
      work: () => tellAll(part),
    });
    ticker.start();
    return ticker;
  };
  return {
    standing: (site) => standingOf(part, site),
    tell: startTelling,
    close: () => subscription.unsubscribe(),
  };
}

interface Part extends WatermarksDeps {
  readonly progress: Map<string, GatewayProgress>;
}

/** With whatever rows have come in since its last heartbeat. */
function progressOf(part: Part, address: GatewayAddress): GatewayProgress | undefined {
  const key = gatewayKey(address);
  const heard = part.progress.get(key);
  if (heard === undefined) return undefined;
  const now = progressWithRows(heard, (epoch, row) => {
    const ranges = part.store.ranges({ address, epoch });
    return holesIn(ranges, row).every(({ first }) => first > row);
  });
  part.progress.set(key, now);
  return now;
}

const isActive = ({ record }: RegisteredGateway): boolean => record.status === "active";

async function tellAll(part: Part): Promise<void> {
  const marks = await part.siteMarks();
  const bySite = Map.groupBy(
    (await part.gateways()).filter(isActive),
    ({ address }) => address.site,
  );
  for (const [site, gateways] of bySite) {
    const completeTo = lowestOf(part, gateways);
    const [first] = gateways;
    if (completeTo === null || first === undefined) continue;
    const told = marks.get(site)?.completeTo ?? null;
    if (isWorthTelling(told, completeTo, { zone: first.record.zone, config: part.config })) {
      await tell(part, site, completeTo);
    }
  }
}

/** Null = one of them is not known yet. */
function lowestOf(part: Part, gateways: readonly RegisteredGateway[]): number | null {
  let lowest = Number.POSITIVE_INFINITY;
  for (const { address } of gateways) {
    const completeTo = progressOf(part, address)?.completeTo ?? null;
    if (completeTo === null) return null;
    lowest = Math.min(lowest, completeTo);
  }
  return lowest;
}

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

function isWorthTelling(
  told: number | null,
  now: number,
  at: { readonly zone: GatewayRecord["zone"]; readonly config: WatermarksDeps["config"] },
): boolean {
  if (told === null) return true;
  if (now <= told) return false;
  const hour = (ms: number): number => Math.floor((ms + offsetAt(ms, at.zone)) / HOUR_MS);
  return now - told >= at.config.everyMinutes * MINUTE_MS || hour(now) !== hour(told);
}

async function tell(
  { runners, nowMs, log }: Part,
  site: string,
  completeTo: number,
): Promise<void> {
  const due = { name: `watermark-${site}`, dueAtMs: completeTo };
  const cause = causeOfTimer(SOURCE, nowMs(), due);
  const outcome = await runners.sites.handle(siteMarkId(site), { site, completeTo }, cause);
  if (!isRefusal(outcome)) log.debug({ site, completeTo }, "site complete up to here");
}

async function standingOf(part: Part, site: string): Promise<SiteStanding | undefined> {
  const gateways = (await part.gatewaysAt(site)).filter(isActive);
  const [first] = gateways;
  if (first === undefined) return undefined;
  const mark = (await part.siteMarks()).get(site);
  return {
    site,
    zone: first.record.zone,
    completeTo: mark?.completeTo ?? null,
    gateways: gateways.map(({ address }) => {
      const progress = progressOf(part, address);
      return {
        gateway: address.gateway,
        completeTo: progress?.completeTo ?? null,
        hold: holdOf(progress, part.nowMs()),
      };
    }),
  };
}
