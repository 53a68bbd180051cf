import { codeOf, hasCode } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import { tenantSubjects } from "@clockleaf/shared/subjects.ts";
import type { NatsConnection } from "nats";
import { keepFollowing, pause } from "../eventing/keep-following.ts";
import type { PersonalVault } from "../eventing/vault.ts";
import { createBatchSizes } from "./batch-sizes.ts";
import type { BatchLimits, Destination, Encoded, Feed } from "./bridge.ts";
import { carryBatches, type Run } from "./carry-batches.ts";
import { emptyStatus, type FeedStatus } from "./feed-status.ts";
import { domainOf } from "./names.ts";
import { readBatches, resumeAfter, sourceState } from "./source.ts";

export interface FeedRunnerOptions<E extends Encoded> {
  readonly nc: NatsConnection;
  readonly tenant: string;
  readonly destination: Destination<E>;
  readonly feed: Feed;
  readonly limits: BatchLimits;
  /** Without it what is personal goes out as an erasure would leave it. */
  readonly vault?: PersonalVault;
  readonly log: Log;
  /** Whether this process may (still) write; asked before every batch. A lease's tenure. */
  readonly mayWork?: () => boolean;
}

export interface FeedRunner {
  /** Starts; returns at once. Goes on after every failure until `close`. */
  start(): void;
  status(): FeedStatus;
  /** Stops; a batch on its way is waited for, 10 s at most. */
  close(): Promise<void>;
}

const CLOSE_TIMEOUT_MS = 10_000;

/**
 * Carries one stream to one destination: opens the destination, which shuts out other writers; asks it how far it is; reads
 * on from there, in order; stores records and position together. Nothing about the progress is remembered here, so being
 * killed anywhere, another writer, or a destination set back to yesterday all come to the same.
 */
export function createFeedRunner<E extends Encoded>(options: FeedRunnerOptions<E>): FeedRunner {
  const { nc, destination, feed, mayWork = () => true } = options;
  const log = options.log.child({ bridge: destination.name, feed: feed.id });
  const stopping = new AbortController();
  const status = emptyStatus(destination.name, feed);
  const run: Run<E> = { ...options, log, status, sizes: createBatchSizes(options.limits) };
  let interrupt: (() => void) | undefined;
  let running: Promise<void> | undefined;

  async function follow(onProgress: () => void): Promise<void> {
    if (!mayWork()) return;
    const source = await sourceState(nc, feed.stream);
    const sink = await destination.open({ feed, incarnation: source.incarnation, log });
    try {
      const afterSeq = resumeAfter(source, sink.position);
      Object.assign(status, { state: "running", position: afterSeq, error: undefined });
      status.lag = source.lastSeq - afterSeq;
      const batches = readBatches({
        nc,
        stream: feed.stream,
        subject: subjectOf(options.tenant, feed),
        afterSeq,
        limits: run.sizes.current,
        onBegun: (stop) => {
          interrupt = stop;
        },
      });
      const mayGoOn = (): boolean => !stopping.signal.aborted && mayWork();
      await carryBatches(run, {
        batches,
        source,
        sink,
        mayGoOn,
        onStored: onProgress,
        interrupt: () => interrupt?.(),
      });
    } finally {
      await sink.close().catch((error: unknown) => log.debug({ err: error }, "sink not closed"));
    }
  }

  return {
    start() {
      running ??= keepFollowing({
        nc,
        signal: stopping.signal,
        follow,
        interrupt: () => interrupt?.(),
        onTurn: (error) => noteTurn(run, error),
      });
    },
    status: () => ({ ...status }),
    async close() {
      stopping.abort(new Error("bridge closed"));
      const timeout = new AbortController();
      await Promise.race([running, pause(CLOSE_TIMEOUT_MS, timeout.signal)]);
      timeout.abort();
      status.state = "stopped";
    },
  };
}

const subjectOf = (tenant: string, { stream }: Feed): string =>
  tenantSubjects(domainOf(stream), tenant, "*");

/** Codes that no waiting makes better: a person must do something, and is told what. It is still looked at again. */
const NEEDS_A_PERSON = [
  "bridge.source-aged",
  "bridge.refused",
  "bridge.unsafe",
  "bridge.schema-refused",
] as const;

function noteTurn<E extends Encoded>({ status, log, sizes }: Run<E>, error: unknown): void {
  if (error === undefined) return;
  status.restartsTotal += 1;
  if (hasCode(error, "bridge.fenced")) status.fencedTotal += 1;
  if (hasCode(error, "bridge.too-large")) sizes.halve();
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : "something unexpected happened";
  const isHalted = hasCode(error, ...NEEDS_A_PERSON);
  const isNews = status.error?.code !== code || status.error.message !== message;
  status.state = isHalted ? "halted" : "waiting";
  status.error = { code, message };
  if (isHalted && isNews) log.error({ err: error, code }, "bridge halted");
  else log.warn({ err: error, code }, "bridge starts again");
}
