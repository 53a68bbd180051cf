import { codeOf } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import { shareLeaseName } from "@clockleaf/shared/subjects.ts";
import { pause } from "./keep-following.ts";
import { type LeaseBucket, type LeaseEntry, memberName, memberOf } from "./lease-bucket.ts";
import { planSharing } from "./lease-plan.ts";
import type { Lease, LeasedWork, LeasesStatus, RunningLeases, Tenure } from "./leases.ts";

export interface LeasesOptions {
  readonly bucket: LeaseBucket;
  /** Unique to this process, not only to its name: a process started again is another one. */
  readonly session: string;
  /** How long an entry lives after its last write. */
  readonly ttlMs: number;
  readonly log: Log;
}

const LOOK_EVERY_MS = 500;
const RENEW_AFTER_MS = 1_000;
/** Room to stop in before the entry expires: the tenure ends this much earlier. */
const MARGIN_MS = 500;
/** How long whatever is free may wait for the process it falls to. */
const ABANDONED_AFTER_MS = 2_000;
const ORPHANED_AFTER_MS = 10_000;

type Kind = "share" | "single";

interface Unit {
  readonly name: string;
  readonly kind: Kind;
  readonly works: Set<LeasedWork>;
  held: Held | undefined;
  /** Work that still goes on after the tenure; the lease is not begun again before it ended. */
  ending: Promise<void> | undefined;
  seenHeldAtMs: number;
}

interface Held {
  revision: number;
  /** Last moment at which nobody else can have the lease. */
  validUntilMs: number;
  renewedAtMs: number;
  isOver: boolean;
  /** Under way, or the last one. */
  renewal: Promise<void> | undefined;
  timer: NodeJS.Timeout | undefined;
  readonly tenure: Tenure;
}

/**
 * Leases in the bucket `leases`, shared evenly among all processes that look into it (`lease-plan.ts`).
 *
 * A holder counts its time from before it sent the renewal that was confirmed last, on its monotonic clock, and is done
 * `MARGIN_MS` before the server can let the entry go. So two processes never hold one lease at the same time, as long as
 * the holder's own code gets to run; one that is stopped in the middle (SIGSTOP, a frozen machine) wakes up to an invalid
 * tenure, and what it had under way is harmless by the guards of whatever it writes.
 */
export function createLeases(options: LeasesOptions): RunningLeases {
  const { log, session, bucket } = options;
  const part: Part = {
    ...options,
    nowMs: () => performance.now(),
    units: new Map(),
    member: { revision: 0, writtenAtMs: Number.NEGATIVE_INFINITY },
    seen: { atMs: Number.NEGATIVE_INFINITY, members: 0 },
    lostTotal: 0,
    isClosing: false,
  };
  const stopping = new AbortController();
  let running: Promise<void> | undefined;

  const run = async (): Promise<void> => {
    const { signal } = stopping;
    let isTold = false;
    while (!signal.aborted) {
      try {
        await look(part);
        isTold = false;
      } catch (error) {
        const level = isTold ? "debug" : "warn";
        log[level]({ err: error, code: codeOf(error) }, "leases cannot be read");
        isTold = true;
      }
      await pause(LOOK_EVERY_MS, signal);
    }
  };

  return {
    share: (n) => leaseOf(part, shareLeaseName(n), "share"),
    single: (name) => leaseOf(part, name, "single"),
    start() {
      for (const unit of part.units.values()) unit.seenHeldAtMs = part.nowMs();
      running ??= run();
    },
    status: () => statusOf(part),
    async close() {
      part.isClosing = true;
      // First, so that nothing of what becomes free falls to this process.
      if (part.member.revision > 0) {
        await bucket
          .release(memberName(session), part.member.revision)
          .catch((error: unknown) => log.debug({ err: error }, "membership runs out by itself"));
      }
      // The looks go on meanwhile: they renew what takes its time to stop.
      await Promise.all([...part.units.values()].map((unit) => giveBack(part, unit)));
      stopping.abort();
      await running;
    },
  };
}

interface Part extends LeasesOptions {
  /** Milliseconds on a clock that is never set. */
  readonly nowMs: () => number;
  readonly units: Map<string, Unit>;
  readonly member: { revision: number; writtenAtMs: number };
  readonly seen: { atMs: number; members: number };
  lostTotal: number;
  isClosing: boolean;
}

function statusOf({ nowMs, units, seen, ttlMs, lostTotal }: Part): LeasesStatus {
  const atMs = nowMs();
  const all = [...units.values()];
  return {
    isInTouch: atMs - seen.atMs < ttlMs,
    members: seen.members,
    held: all.filter(({ held }) => held?.tenure.isValid()).map(({ name }) => name),
    orphans: all
      .filter(({ seenHeldAtMs }) => atMs - seenHeldAtMs >= ORPHANED_AFTER_MS)
      .map(({ name }) => name),
    lostTotal,
  };
}

function leaseOf(part: Part, name: string, kind: Kind): Lease {
  const known = part.units.get(name);
  const unit = known ?? {
    name,
    kind,
    works: new Set<LeasedWork>(),
    held: undefined,
    ending: undefined,
    seenHeldAtMs: part.nowMs(),
  };
  part.units.set(name, unit);
  return {
    name,
    attach(work) {
      unit.works.add(work);
      const { held, ending } = unit;
      if (held?.tenure.isValid() && ending === undefined) work.begin(held.tenure);
      return () => void unit.works.delete(work);
    },
  };
}

/** One look into the bucket, and what follows from it: what is mine is renewed, what is free claimed, what is too much given back. */
async function look(part: Part): Promise<void> {
  const { bucket, session } = part;
  const startedAtMs = part.nowMs();
  const entries = await bucket.read();
  part.seen.atMs = startedAtMs;
  // Members first: a process that dies vanishes from among those who share before its leases do.
  await renewMembership(part, entries.get(memberName(session)));
  await Promise.all(
    [...part.units.values()].map((unit) => renew(part, unit, entries.get(unit.name))),
  );
  const members = [...entries].flatMap(([name, { holder }]) => {
    const member = memberOf(name);
    return member === undefined || holder === undefined ? [] : [member];
  });
  part.seen.members = new Set([...members, session]).size;
  if (part.isClosing) return;
  for (const kind of ["share", "single"] as const) await shareOut(part, kind, { entries, members });
}

async function renewMembership(part: Part, entry: LeaseEntry | undefined): Promise<void> {
  const { bucket, session, member } = part;
  const sentAtMs = part.nowMs();
  if (part.isClosing) return;
  if (sentAtMs - member.writtenAtMs < RENEW_AFTER_MS) return;
  const revision = await bucket.write(memberName(session), session, entry?.revision ?? 0);
  if (revision !== undefined) Object.assign(member, { revision, writtenAtMs: sentAtMs });
}

function renew(part: Part, unit: Unit, entry: LeaseEntry | undefined): Promise<void> {
  const { held } = unit;
  if (entry?.holder !== undefined) unit.seenHeldAtMs = part.nowMs();
  if (held === undefined || held.isOver) return Promise.resolve();
  held.renewal = renewHeld(part, unit, { held, entry });
  return held.renewal;
}

async function renewHeld(
  part: Part,
  unit: Unit,
  { held, entry }: { readonly held: Held; readonly entry: LeaseEntry | undefined },
): Promise<void> {
  const { bucket, session, log } = part;
  const { name } = unit;
  if (entry !== undefined && entry.revision > held.revision) {
    // A renewal whose answer was lost, or another's claim.
    if (entry.holder !== session) return lose(part, unit, "taken by another");
    held.revision = entry.revision;
  }
  const sentAtMs = part.nowMs();
  if (sentAtMs - held.renewedAtMs < RENEW_AFTER_MS) return;
  try {
    const revision = await bucket.write(name, session, held.revision);
    if (revision === undefined) return lose(part, unit, "expired");
    held.revision = revision;
    extend(part, held, sentAtMs);
  } catch (error) {
    log.debug({ err: error, code: codeOf(error), lease: name }, "lease not renewed yet");
  }
}

function extend({ ttlMs }: Part, held: Held, sentAtMs: number): void {
  held.renewedAtMs = sentAtMs;
  held.validUntilMs = sentAtMs + ttlMs - MARGIN_MS;
}

interface Seen {
  readonly entries: ReadonlyMap<string, LeaseEntry>;
  readonly members: readonly string[];
}

async function shareOut(part: Part, kind: Kind, { entries, members }: Seen): Promise<void> {
  const { session, nowMs } = part;
  const all = [...part.units.values()].filter((unit) => unit.kind === kind);
  // What this process just stops is neither its own any more nor free yet.
  const units = all.filter(({ ending }) => ending === undefined);
  const holders = new Map<string, string>();
  for (const { name, held } of units) {
    const entry = entries.get(name);
    const isOwnRemainder = entry?.holder === session && held === undefined;
    if (held !== undefined) holders.set(name, session);
    else if (entry?.holder !== undefined && !isOwnRemainder) holders.set(name, entry.holder);
  }
  const isAbandoned = (unit: Unit): boolean => nowMs() - unit.seenHeldAtMs >= ABANDONED_AFTER_MS;
  const step = planSharing({
    me: session,
    members,
    units: units.map(({ name }) => name),
    holders,
    abandoned: new Set(units.filter(isAbandoned).map(({ name }) => name)),
  });
  const wanted = units.filter(({ name }) => step.claim.includes(name));
  await Promise.all(wanted.map((unit) => claim(part, unit, entries.get(unit.name))));
  const surplus = units.find(({ name }) => name === step.release);
  if (surplus !== undefined && units.length === all.length) void giveBack(part, surplus);
}

async function claim(part: Part, unit: Unit, entry: LeaseEntry | undefined): Promise<void> {
  const { bucket, session, log } = part;
  if (unit.works.size === 0) return;
  const sentAtMs = part.nowMs();
  try {
    const revision = await bucket.write(unit.name, session, entry?.revision ?? 0);
    if (revision === undefined) return;
    if (part.isClosing) return await bucket.release(unit.name, revision);
    const held: Held = {
      revision,
      validUntilMs: 0,
      renewedAtMs: 0,
      isOver: false,
      renewal: undefined,
      timer: undefined,
      tenure: { isValid: () => !held.isOver && part.nowMs() < held.validUntilMs },
    };
    extend(part, held, sentAtMs);
    unit.held = held;
    unit.seenHeldAtMs = sentAtMs;
    watchOver(part, unit, held);
    log.info({ lease: unit.name }, "lease taken");
    for (const work of unit.works) work.begin(held.tenure);
  } catch (error) {
    // It may have been written: then the next look finds it there, held by nobody but this session.
    log.debug({ err: error, code: codeOf(error), lease: unit.name }, "lease not claimed");
  }
}

/** Ends the tenure by itself when no renewal was confirmed in time. */
function watchOver(part: Part, unit: Unit, held: Held): void {
  const leftMs = held.validUntilMs - part.nowMs();
  if (leftMs <= 0) return lose(part, unit, "not renewed in time");
  held.timer = setTimeout(() => {
    if (!held.isOver) watchOver(part, unit, held);
  }, leftMs);
}

function lose(part: Part, unit: Unit, why: string): void {
  if (unit.held === undefined || unit.held.isOver) return;
  unit.held.isOver = true;
  part.lostTotal += 1;
  part.log.warn({ lease: unit.name, why }, "lease lost");
  void giveBack(part, unit);
}

/**
 * Work first, then the lease: who claims it next finds nobody at it. Until then it is renewed, for stopping may take a
 * while; one that is lost already just stops.
 */
function giveBack(part: Part, unit: Unit): Promise<void> {
  const { held } = unit;
  if (held === undefined) return Promise.resolve();
  const wholly = async (): Promise<void> => {
    await Promise.all([...unit.works].map((work) => work.end()));
    clearTimeout(held.timer);
    if (held.tenure.isValid()) await release(part, unit, held);
    held.isOver = true;
    unit.held = undefined;
    unit.ending = undefined;
  };
  unit.ending ??= wholly();
  return unit.ending;
}

async function release({ bucket, log }: Part, { name }: Unit, held: Held): Promise<void> {
  held.isOver = true;
  await held.renewal;
  try {
    await bucket.release(name, held.revision);
    log.info({ lease: name }, "lease given back");
  } catch (error) {
    log.debug({ err: error, code: codeOf(error), lease: name }, "lease runs out by itself");
  }
}
