import { codeOf } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import type { NatsConnection } from "nats";
import { keepFollowing, pause } from "../eventing/keep-following.ts";
import type { Endpoint } from "./decider.ts";
import type { Delivery } from "./delivery.ts";
import type { Entries, Watching } from "./entries.ts";

export interface WaitingRoomOptions {
  readonly nc: NatsConnection;
  readonly entries: Entries;
  readonly endpoint: Endpoint;
  readonly nowMs: () => number;
  readonly log: Log;
}

export interface WaitingDelivery {
  readonly delivery: Delivery;
  /** Of its entry in the bucket. */
  readonly revision: number;
}

/** What of an endpoint waits for another try, as the bucket has it; also what another process has just asked for. */
export interface WaitingRoom {
  start(): void;
  readonly size: number;
  has(deliveryId: string): boolean;
  /** Resolves once all that waited before is known; rejects when `signal` aborts. */
  loaded(signal: AbortSignal): Promise<void>;
  /** What was stored; a later change of the entry counts more. */
  put(delivery: Delivery, revision: number): void;
  /** It is done with; `revision` = of the mark that says so. */
  drop(deliveryId: string, revision: number): void;
  /** One that is due and that nobody tries just now: until `release` it is not given again. */
  takeDue(nowMs: number): WaitingDelivery | undefined;
  release(deliveryId: string): void;
  /** Milliseconds until something is due. */
  nextDueMs(nowMs: number): number;
  /** All of it at once: the endpoint is back. */
  allDue(): void;
  /** Resolves when something has changed, or after `timeoutMs`. */
  changed(timeoutMs: number, signal: AbortSignal): Promise<void>;
  wake(): void;
  close(): Promise<void>;
}

interface Entry extends WaitingDelivery {
  readonly dueAt: number;
}

export function createWaitingRoom(options: WaitingRoomOptions): WaitingRoom {
  const { nc, entries, endpoint, log } = options;
  const stopping = new AbortController();
  const known = new Map<string, Entry>();
  /** Done with by us, and not told by the bucket yet. */
  const dropped = new Map<string, number>();
  const busy = new Set<string>();
  let bell = new AbortController();
  let watching: Watching | undefined;
  let isLoaded = false;
  let running: Promise<void> | undefined;

  const wake = (): void => {
    bell.abort();
    bell = new AbortController();
  };
  const changed = async (timeoutMs: number, signal: AbortSignal): Promise<void> => {
    await pause(timeoutMs, AbortSignal.any([bell.signal, signal]));
  };
  const put = (delivery: Delivery, revision: number): void => {
    const { deliveryId } = delivery;
    const newest = Math.max(known.get(deliveryId)?.revision ?? 0, dropped.get(deliveryId) ?? 0);
    if (newest >= revision) return;
    known.set(deliveryId, { delivery, revision, dueAt: dueAtOf(delivery, endpoint) });
    wake();
  };
  const gone = (deliveryId: string, revision: number): void => {
    if ((known.get(deliveryId)?.revision ?? 0) < revision) known.delete(deliveryId);
    if ((dropped.get(deliveryId) ?? 0) <= revision) dropped.delete(deliveryId);
    wake();
  };
  const follow = async (onProgress: () => void): Promise<void> => {
    watching = await entries.watchWaiting(endpoint.webhookId);
    // Closed while it was being opened: nobody will stop it any more.
    if (stopping.signal.aborted) watching.stop();
    let left = watching.count;
    const seen = new Set<string>();
    const atTheBeginning = (): void => {
      // What is no more was removed while nobody watched.
      for (const id of known.keys()) if (!seen.has(id) && !busy.has(id)) known.delete(id);
      isLoaded = true;
      wake();
    };
    if (left === 0) atTheBeginning();
    for await (const { deliveryId, delivery, revision } of watching) {
      if (delivery !== undefined) put(delivery, revision);
      else gone(deliveryId, revision);
      seen.add(deliveryId);
      left -= 1;
      if (left === 0) atTheBeginning();
      onProgress();
    }
  };
  return {
    start() {
      running ??= keepFollowing({
        nc,
        signal: stopping.signal,
        follow,
        interrupt: () => watching?.stop(),
        onTurn: (error) => log.debug({ err: error, code: codeOf(error) }, "watching again"),
      });
    },
    get size() {
      return known.size;
    },
    has: (deliveryId) => known.has(deliveryId),
    async loaded(signal) {
      for (;;) {
        signal.throwIfAborted();
        if (isLoaded) return;
        await changed(1_000, signal);
      }
    },
    put,
    drop(deliveryId, revision) {
      known.delete(deliveryId);
      dropped.set(deliveryId, revision);
      wake();
    },
    takeDue(nowMs) {
      for (const [deliveryId, { delivery, revision, dueAt }] of known) {
        if (dueAt > nowMs || busy.has(deliveryId)) continue;
        busy.add(deliveryId);
        return { delivery, revision };
      }
      return undefined;
    },
    release(deliveryId) {
      busy.delete(deliveryId);
      wake();
    },
    nextDueMs(nowMs) {
      const idle = [...known].filter(([deliveryId]) => !busy.has(deliveryId));
      const next = idle.reduce((least, [, { dueAt }]) => Math.min(least, dueAt), Infinity);
      return Math.max(0, next - nowMs);
    },
    allDue() {
      for (const [deliveryId, entry] of known) known.set(deliveryId, { ...entry, dueAt: 0 });
      wake();
    },
    changed,
    wake,
    async close() {
      stopping.abort();
      wake();
      await running;
    },
  };
}

/** What waited before the endpoint was switched on again has waited long enough. */
function dueAtOf({ nextAttemptAt, attempts }: Delivery, { enabledAtMs }: Endpoint): number {
  const last = attempts.at(-1)?.at ?? 0;
  return last < enabledAtMs ? 0 : (nextAttemptAt ?? 0);
}
