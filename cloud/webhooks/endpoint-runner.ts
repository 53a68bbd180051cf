import { codeOf, hasCode } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import { backoffMs } from "@clockleaf/shared/lib/retry.ts";
import type { NatsConnection } from "nats";
import { pause } from "../eventing/keep-following.ts";
import type { Tenure } from "../eventing/leases.ts";
import type { PersonalVault } from "../eventing/vault.ts";
import { LIMITS, type WebhooksConfig } from "./config.ts";
import type { Endpoint } from "./decider.ts";
import { type AttemptResult, afterAttempt, type Delivery } from "./delivery.ts";
import type { Entries } from "./entries.ts";
import { domainsOf } from "./event-types.ts";
import { createFeed, type Feed } from "./feed.ts";
import { createHealthWatch, type HealthWatch } from "./health-watch.ts";
import type { Message } from "./message.ts";
import { isGone, type Sender } from "./sender.ts";
import { createSlots, type Slots } from "./slots.ts";
import type { Counters, EndpointStats } from "./stats.ts";
import { createWaitingRoom, type WaitingRoom } from "./waiting-room.ts";

export interface EndpointRunnerOptions {
  readonly nc: NatsConnection;
  readonly tenant: string;
  readonly endpoint: Endpoint;
  readonly entries: Entries;
  readonly sender: Sender;
  /** Without it what is personal goes out as an erasure would leave it. */
  readonly vault: PersonalVault | undefined;
  readonly config: WebhooksConfig;
  readonly counters: Counters;
  /** Has the endpoint switched off; may be called more than once. */
  readonly disable: (because: "gone" | "failing", failingSince: number | null) => Promise<void>;
  readonly tenure: Tenure;
  readonly nowMs: () => number;
  readonly log: Log;
  /** Plants a fault: how far it is is written before the events went out. */
  readonly testHooks?: { readonly ackBeforeApply?: boolean };
}

export interface EndpointRunner {
  start(): void;
  stats(): EndpointStats;
  /** What is under way gets a moment to end; what does not is sent again by whoever comes next. */
  close(): Promise<void>;
}

/** What feeds need of the endpoint they belong to. */
export interface Desk {
  /** Resolves when another event may be tried; rejects when it closes. */
  mayTake(): Promise<void>;
  /** One new event, brought to where it cannot be lost: taken, waiting for another try, or failed and logged. */
  deliver(delivery: Delivery, message: Message): Promise<void>;
}

const GRACE_MS = 2_000;
/** How often what waits is looked at without a reason. */
const LOOK_MS = 1_000;
const STORE_BACKOFF = { firstMs: 100, maxMs: 5_000, jitter: 0.3 };

/** Everything for one endpoint, so that no other is held up by it: its feeds, what waits, and how it fares. */
export function createEndpointRunner(options: EndpointRunnerOptions): EndpointRunner {
  const { endpoint, entries, tenure, nc, config, log } = options;
  const stopping = new AbortController();
  const breaking = new AbortController();
  const { webhookId } = endpoint;
  const waiting = createWaitingRoom({ nc, entries, endpoint, nowMs: options.nowMs, log });
  const health = createHealthWatch({ ...options, webhookId, signal: stopping.signal });
  const part: Part = {
    ...options,
    waiting,
    health,
    stopping: stopping.signal,
    breaking: breaking.signal,
    slots: createSlots(config.parallel),
    underWay: new Set(),
    lastTakenAt: Number.NEGATIVE_INFINITY,
  };
  const desk: Desk = {
    mayTake: () => mayTake(part),
    deliver: (delivery, message) => deliverNew(part, delivery, message),
  };
  const feeds: readonly Feed[] = domainsOf(endpoint.settings.types).map((domain) =>
    createFeed({ ...options, domain, desk, mayWork: () => tenure.isValid() }),
  );
  let running: Promise<void> | undefined;
  return {
    start() {
      waiting.start();
      for (const feed of feeds) feed.start();
      running ??= retryWaiting(part);
    },
    stats: () => ({
      webhookId,
      waiting: waiting.size,
      lag: feeds.reduce((sum, feed) => sum + feed.lag(), 0),
      isDown: health.isDown(),
    }),
    async close() {
      stopping.abort(new Error("webhook closed"));
      waiting.wake();
      const inTime = new AbortController();
      await Promise.race([Promise.allSettled(part.underWay), pause(GRACE_MS, inTime.signal)]);
      inTime.abort();
      breaking.abort(new Error("webhook closed"));
      await Promise.all([running, ...feeds.map((feed) => feed.close())]);
      await Promise.allSettled(part.underWay);
      await waiting.close();
      options.sender.close();
    },
  };
}

interface Part extends EndpointRunnerOptions {
  readonly waiting: WaitingRoom;
  readonly health: HealthWatch;
  /** Nothing new is begun. */
  readonly stopping: AbortSignal;
  /** What is under way is broken off. */
  readonly breaking: AbortSignal;
  readonly slots: Slots;
  readonly underWay: Set<Promise<unknown>>;
  /** When a new event was taken last. */
  lastTakenAt: number;
}

/**
 * An endpoint that takes what it gets gets everything at once. One that takes nothing gets a single new event now and then,
 * to see whether it is back: the others stay where they are safe, in their stream, instead of becoming as many retries.
 */
async function mayTake(part: Part): Promise<void> {
  const { waiting, health, config, nowMs, stopping } = part;
  for (;;) {
    stopping.throwIfAborted();
    await waiting.loaded(stopping);
    await health.loaded();
    // So that what came of those before is known when it is decided about this one.
    await part.slots.free();
    const pending = waiting.size;
    const isProbeDue = nowMs() >= part.lastTakenAt + config.probeSeconds * 1000;
    const isFree = !health.isDown() || (pending === 0 && part.underWay.size === 0) || isProbeDue;
    if (pending < LIMITS.waiting && isFree) break;
    await waiting.changed(Math.min(LOOK_MS, config.probeSeconds * 1000), stopping);
  }
  part.lastTakenAt = nowMs();
}

async function deliverNew(part: Part, delivery: Delivery, message: Message): Promise<void> {
  // A crash between the two writes: it waits already, and is not begun again.
  if (part.waiting.has(delivery.deliveryId)) return;
  await track(part, () => attemptOnce(part, { delivery, message }));
}

/** Tries what is due, whatever the feeds do meanwhile. */
async function retryWaiting(part: Part): Promise<void> {
  const { waiting, tenure, stopping, nowMs, log, slots } = part;
  while (!stopping.aborted) {
    const due = tenure.isValid() ? waiting.takeDue(nowMs()) : undefined;
    if (due === undefined) {
      const untilNext = waiting.nextDueMs(nowMs());
      await waiting.changed(Math.min(untilNext, LOOK_MS), stopping);
      continue;
    }
    await slots.free();
    void track(part, () => attemptOnce(part, due))
      .catch(async (error: unknown) => {
        log.debug({ err: error, code: codeOf(error) }, "try not made");
        await pause(LOOK_MS, stopping);
      })
      .finally(() => waiting.release(due.delivery.deliveryId));
  }
}

/** Waits for a free slot and does the work in it. */
async function track(part: Part, work: () => Promise<void>): Promise<void> {
  const release = await part.slots.take();
  let running: Promise<void> | undefined;
  try {
    part.stopping.throwIfAborted();
    running = work();
    part.underWay.add(running);
    await running;
  } finally {
    if (running !== undefined) part.underWay.delete(running);
    release();
    part.waiting.wake();
  }
}

interface Attempting {
  readonly delivery: Delivery;
  readonly message?: Message;
  /** Of the entry in the bucket, for what has waited. */
  readonly revision?: number;
}

async function attemptOnce(part: Part, { delivery, message, revision }: Attempting): Promise<void> {
  const { sender, counters, config, breaking } = part;
  const result = await sender.send(delivery, { signal: breaking, message });
  counters.attempted(result);
  const failingSince = await noteHealth(part, result);
  const { retrySeconds } = config;
  const after = afterAttempt(delivery, result, {
    retrySeconds,
    random: Math.random(),
    failingSince,
  });
  await settle(part, after, revision);
  await switchOffIfDead(part, result, failingSince);
}

/**
 * Stored before anything is built on it. What waits comes first: a log without it would promise a try that nobody makes. Who
 * asked for it again while it was tried finds that as it was: it stays, and is tried once more.
 */
async function settle(part: Part, delivery: Delivery, revision: number | undefined): Promise<void> {
  const { entries, waiting, counters } = part;
  try {
    if (delivery.status === "pending") {
      waiting.put(delivery, await stored(part, () => entries.wait(delivery, revision)));
      await stored(part, () => entries.log(delivery));
      return;
    }
    if (delivery.status === "failed") counters.count("failed");
    await stored(part, () => entries.log(delivery));
    if (revision === undefined) return;
    const mark = await stored(part, () => entries.doneWith(delivery, revision));
    waiting.drop(delivery.deliveryId, mark);
  } catch (error) {
    if (!hasCode(error, "stream.conflict")) throw error;
  }
}

/** However long the hub is away, unless this process ends first. */
async function stored<T>({ breaking, log }: Part, write: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    breaking.throwIfAborted();
    try {
      return await write();
    } catch (error) {
      if (hasCode(error, "stream.conflict")) throw error;
      log.debug({ err: error, code: codeOf(error) }, "delivery not stored yet");
      await pause(backoffMs(attempt, STORE_BACKOFF, Math.random()), breaking);
    }
  }
}

/** Resolves with since when the endpoint has taken nothing. */
async function noteHealth(
  { health, waiting }: Part,
  { attempt: { error, at } }: AttemptResult,
): Promise<number | null> {
  // Nothing was sent, so nothing is known of the endpoint.
  if (error === "event-gone" || error === "body-too-large") return null;
  if (error !== null) return await health.failed(at);
  if (await health.succeeded()) waiting.allDue();
  return null;
}

async function switchOffIfDead(
  { health, disable, log }: Part,
  result: AttemptResult,
  failingSince: number | null,
): Promise<void> {
  if (failingSince === null) return;
  const because = isGone(result) ? "gone" : health.isOverdue() ? "failing" : undefined;
  if (because === undefined) return;
  try {
    await disable(because, failingSince);
  } catch (failure) {
    // The next try that fails tells again.
    log.warn({ err: failure, code: codeOf(failure) }, "endpoint not switched off yet");
  }
}
