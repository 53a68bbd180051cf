const PARTS = 40;
const SHORTEST_MS = 10;

/** Time in which this process was there to hear what came: of a busy moment of ours, however long, one tick counts. */
export interface Listening {
  /** Milliseconds so far, in ticks. */
  readonly ms: () => number;
  /** Goes on for `waitMs` more, and then stands still. */
  goOn(): void;
  stop(): void;
}

/** For waits of so long, told to a fortieth of it; `over` is called each time it comes to stand still. */
export function createListening(waitMs: number, over = (): void => undefined): Listening {
  const tickMs = Math.max(SHORTEST_MS, Math.ceil(waitMs / PARTS));
  let [ms, untilMs] = [0, 0];
  let timer: NodeJS.Timeout | undefined;
  const tick = (): void => {
    ms += tickMs;
    timer = ms < untilMs ? setTimeout(tick, tickMs) : undefined;
    if (timer === undefined) over();
  };
  return {
    ms: () => ms,
    goOn() {
      untilMs = ms + waitMs;
      timer ??= setTimeout(tick, tickMs);
    },
    stop: () => clearTimeout(timer),
  };
}
