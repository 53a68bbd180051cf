/** How bytes come on a half-duplex line, milliseconds. */
export interface Pace {
  /** An answer that has begun may go on as long as bytes keep coming this often. */
  readonly byteGapMs: number;
  /** What the longest frame takes at the slowest usual speed. */
  readonly longestFrameMs: number;
}

export interface Wait {
  /** True when the answer came, false when time ran out. */
  readonly outcome: Promise<boolean>;
  /** Bytes are coming: an answer that has begun is let finish. */
  heard(): void;
  end(isAnswered: boolean): void;
}

export function createWait(
  timeoutMs: number,
  { byteGapMs, longestFrameMs }: Pace,
  now: () => number,
): Wait {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const latest = now() + timeoutMs + longestFrameMs;
  let deadline = now() + timeoutMs;
  const expire = (): void => end(false);
  let timer = setTimeout(expire, timeoutMs);
  const end = (isAnswered: boolean): void => {
    clearTimeout(timer);
    resolve(isAnswered);
  };
  return {
    outcome: promise,
    heard() {
      const extended = Math.min(latest, now() + byteGapMs);
      if (extended <= deadline) return;
      deadline = extended;
      clearTimeout(timer);
      timer = setTimeout(expire, deadline - now());
    },
    end,
  };
}

export interface Alarm {
  /** Resolves after so long, or when it rings. */
  wait(ms: number): Promise<void>;
  /** Ends the wait, or the next one if nobody waits just now. */
  ring(): void;
}

export function createAlarm(): Alarm {
  let wakeUp: (() => void) | undefined;
  let isRung = false;
  return {
    wait: (ms) =>
      new Promise((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          wakeUp = undefined;
          isRung = false;
          resolve();
        };
        const timer = setTimeout(done, Math.max(0, ms));
        wakeUp = done;
        if (isRung) done();
      }),
    ring() {
      isRung = true;
      wakeUp?.();
    },
  };
}
