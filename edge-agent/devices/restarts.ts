/** Lets somebody else have a line begin anew, between its supervisor and whoever asks. */
export interface Restarts {
  /** Ends the run that goes on, or the wait for the next. Resolves once another has begun. */
  restart(): Promise<void>;
  /** For the supervisor, before each run: aborts when somebody asks. */
  nextRun(): AbortSignal;
  /** For the supervisor: the port is open and the driver runs. */
  begun(): void;
}

export function createRestarts(): Restarts {
  let run = new AbortController();
  /** Only a run that begins after the question answers it. */
  let asked: PromiseWithResolvers<void> | undefined;
  return {
    restart() {
      asked ??= Promise.withResolvers<void>();
      run.abort();
      return asked.promise;
    },
    nextRun() {
      run = new AbortController();
      return run.signal;
    },
    begun() {
      if (run.signal.aborted) return;
      asked?.resolve();
      asked = undefined;
    },
  };
}
