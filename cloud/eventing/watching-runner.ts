import { codeOf } from "@clockleaf/shared/lib/errors.ts";
import { pause } from "./keep-following.ts";
import { createPosition } from "./position.ts";
import { emptyStatus, type ProjectionRunner } from "./projection.ts";
import type { WritableReadModel } from "./read-model.ts";

/** How often it is looked how far another process has applied; much oftener while somebody waits for it. */
const POLL_MS = 1_000;
const WAITING_POLL_MS = 20;

/** The runner of a read model whose events another process applies: it only looks how far that has come. */
export function createWatchingRunner<DB>(
  model: WritableReadModel<DB>,
): Omit<ProjectionRunner, "check"> {
  const stopping = new AbortController();
  const { signal } = stopping;
  const position = createPosition();
  const status = emptyStatus(model.projection.name);
  let running: Promise<void> | undefined;

  async function look(): Promise<void> {
    try {
      position.moveTo((await model.checkpoint()).position);
      status.isRunning = true;
      status.lastErrorCode = undefined;
    } catch (error) {
      status.isRunning = false;
      status.lastErrorCode = codeOf(error);
    }
  }

  async function watch(): Promise<void> {
    while (!signal.aborted) {
      await look();
      await pause(POLL_MS, signal);
    }
  }

  return {
    stream: model.projection.stream,
    start() {
      running ??= watch();
    },
    async waitFor(seq, timeoutMs) {
      const deadline = performance.now() + timeoutMs;
      for (;;) {
        await look();
        if (position.current >= seq) return true;
        if (performance.now() >= deadline || signal.aborted) return false;
        await pause(WAITING_POLL_MS, signal);
      }
    },
    status: () => ({ ...status, position: position.current }),
    rebuild: () => model.askForRebuild(),
    async close() {
      stopping.abort();
      await running;
      status.isRunning = false;
    },
  };
}
