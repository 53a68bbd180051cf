import { codeOf } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import type { NatsConnection } from "nats";
import { type Applied, followStream } from "./follow-stream.ts";
import { keepFollowing, pause } from "./keep-following.ts";
import { createPosition } from "./position.ts";
import { emptyStatus, type ProjectionRunner } from "./projection.ts";
import { checkProjection } from "./projection-check.ts";
import type { NextGeneration, WritableReadModel } from "./read-model.ts";
import type { PersonalVault } from "./vault.ts";
import { createWatchingRunner } from "./watching-runner.ts";

export interface ProjectionRunnerOptions<DB> {
  readonly nc: NatsConnection;
  readonly model: WritableReadModel<DB>;
  readonly log: Log;
  /** For read models that need what is personal; without it they see what an erasure leaves. */
  readonly vault?: PersonalVault;
}

/** How often it is looked whether somebody asked for a rebuild. */
const ASKED_POLL_MS = 1_000;
const REPORT_MS = 5_000;

/**
 * Keeps a read model in step with its stream through an ordered consumer. Whatever is waiting is applied as one
 * transaction together with the checkpoint, so a crash at any point neither skips nor repeats an event.
 *
 * An event that cannot be parsed is written to `projection_faults`, counted and passed over; it would stop the read
 * model for good. An `apply` that throws is a fault of the program: the runner stays at that event and tries again,
 * and `status` shows it. If the stream is another one than before (created anew), the rows are rebuilt from it.
 *
 * If another version made the rows, or somebody asked for it, new ones are built beside them and take their place when
 * they have caught up. Until then the old ones answer; they also go on following, unless their version is gone with
 * the program that knew it.
 */
export function createProjectionRunner<DB>(options: ProjectionRunnerOptions<DB>): ProjectionRunner {
  const { nc, model, vault } = options;
  const runner = model.isApplied ? createApplyingRunner(options) : createWatchingRunner(model);
  return {
    ...runner,
    check: (where) => checkProjection({ nc, vault, projection: model.projection, ...where }),
  };
}

function createApplyingRunner<DB>(
  options: ProjectionRunnerOptions<DB>,
): Omit<ProjectionRunner, "check"> {
  const { nc, model, vault } = options;
  const { projection } = model;
  const log = options.log.child({ projection: projection.name });
  const stopping = new AbortController();
  const { signal } = stopping;
  const position = createPosition();
  const status = emptyStatus(projection.name);
  const interrupts = { live: noInterrupt, next: noInterrupt };
  /** Lets the live rows be followed again after other ones took their place. */
  let rowsChanged = Promise.withResolvers<void>();
  signal.addEventListener("abort", () => rowsChanged.resolve());
  let running: Promise<unknown> | undefined;

  const lookAtCheckpoint = async (): Promise<number> => {
    const { position: reached, version } = await model.checkpoint();
    position.moveTo(reached);
    return version;
  };

  async function followLive(onProgress: () => void): Promise<void> {
    const changed = rowsChanged.promise;
    if ((await lookAtCheckpoint()) !== projection.version) {
      if (status.rebuild === undefined) status.lastErrorCode = "read-model.other-version";
      await changed;
      return;
    }
    await followStream({
      nc,
      projection,
      vault,
      generation: model.live,
      onBegun: (interrupt) => {
        interrupts.live = interrupt;
        status.isRunning = true;
        if (signal.aborted) interrupt();
      },
      onBatch: (batch) => {
        take(batch);
        onProgress();
        return signal.aborted;
      },
    });
  }

  function take(batch: Applied): void {
    status.appliedTotal += batch.applied;
    status.faultsTotal += batch.faults.length;
    status.lag = batch.pending;
    status.lastErrorCode = undefined;
    for (const { seq, code } of batch.faults) log.error({ seq, code }, "event passed over");
    position.moveTo(batch.position);
  }

  /** At the start a rebuild also follows from another version; later that only means that a newer process took over. */
  let isFirstLook = true;
  async function rebuildWhenNeeded(onProgress: () => void): Promise<void> {
    while (!signal.aborted) {
      const { version } = await model.checkpoint();
      const mayBuild = isFirstLook || version === projection.version;
      if (mayBuild && (await model.needsRebuild())) await rebuild(onProgress);
      isFirstLook = false;
      await pause(ASKED_POLL_MS, signal);
    }
  }

  async function rebuild(onProgress: () => void): Promise<void> {
    status.rebuild = { position: 0, pending: 0 };
    const next = await model.openNext();
    let isDone = false;
    try {
      while (!isDone && !signal.aborted) {
        const isCaughtUp = await build(next, onProgress);
        isDone = isCaughtUp && (await next.replaceLive());
        if (!isCaughtUp) break;
      }
    } finally {
      if (!isDone) await next.close();
    }
    if (!isDone) throw new Error("interrupted");
    status.rebuild = undefined;
    status.rebuildsTotal += 1;
    status.lastErrorCode = undefined;
    await lookAtCheckpoint();
    log.info({ position: position.current }, "rebuilt");
    rowsChanged.resolve();
    rowsChanged = Promise.withResolvers();
  }

  async function build(next: NextGeneration<DB>, onProgress: () => void): Promise<boolean> {
    let isCaughtUp = false;
    let reportAt = 0;
    await followStream({
      nc,
      projection,
      vault,
      generation: next,
      onBegun: (interrupt) => {
        interrupts.next = interrupt;
        if (signal.aborted) interrupt();
      },
      onBatch: ({ position: reached, pending }) => {
        onProgress();
        status.rebuild = { position: reached, pending };
        if (performance.now() >= reportAt) {
          reportAt = performance.now() + REPORT_MS;
          log.info(status.rebuild, "rebuilding");
        }
        isCaughtUp = pending === 0;
        return isCaughtUp || signal.aborted;
      },
    });
    return isCaughtUp;
  }

  const keep = (which: "live" | "next", follow: (onProgress: () => void) => Promise<void>) =>
    keepFollowing({
      nc,
      signal,
      follow,
      interrupt: () => interrupts[which](),
      onTurn(error) {
        interrupts[which] = noInterrupt;
        if (which === "live") {
          status.isRunning = false;
          status.restartsTotal += 1;
        }
        if (error === undefined) return;
        status.lastErrorCode = codeOf(error);
        log.warn({ err: error, code: codeOf(error) }, `${which} rows stopped, starting again`);
      },
    });

  return {
    stream: projection.stream,
    start() {
      running ??= Promise.all([keep("live", followLive), keep("next", rebuildWhenNeeded)]);
    },
    waitFor: (seq, timeoutMs) => position.waitFor(seq, timeoutMs),
    status: () => ({ ...status, position: position.current }),
    rebuild: () => model.askForRebuild(),
    async close() {
      stopping.abort();
      await running;
      status.isRunning = false;
    },
  };
}

const noInterrupt = (): void => undefined;
