import type { Log } from "./log.ts";

export interface Shutdown {
  /** Aborts when the process is asked to stop; long loops hang on it. */
  readonly signal: AbortSignal;
  /** Registers a step; steps run in reverse order of registration, each awaited. */
  onStop(name: string, step: () => Promise<void> | void): void;
  /** Runs every step once; safe to call again. Resolves when all are done, whatever failed. */
  stop(reason: string): Promise<void>;
}

export function createShutdown(log: Log): Shutdown {
  const controller = new AbortController();
  const steps: Array<{ name: string; step: () => Promise<void> | void }> = [];
  let stopping: Promise<void> | undefined;

  const runSteps = async (): Promise<void> => {
    for (const { name, step } of steps.toReversed()) {
      try {
        await step();
      } catch (error) {
        log.warn({ err: error, step: name }, "stop step failed");
      }
    }
  };

  return {
    signal: controller.signal,
    onStop(name, step) {
      steps.push({ name, step });
    },
    stop(reason) {
      if (stopping === undefined) {
        log.info({ reason }, "stopping");
        controller.abort(new Error(`stopping: ${reason}`));
        stopping = runSteps();
      }
      return stopping;
    },
  };
}
