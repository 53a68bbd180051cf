/** An answer that has begun may go on as long as bytes keep coming this often. */
const BYTE_GAP_MS = 100;
/** The longest frame, 611 bytes, at 2400 bit/s. */
const LONGEST_FRAME_MS = 2_600;

export interface Wait {
  /** True when the answer came, false when time ran out. */
  readonly outcome: Promise<boolean>;
  /** Bytes are coming: an answer that has begun is let finish. */
  heard(): void;
  end(isAnswered: boolean): void;
}

export function createWait(timeoutMs: number, now: () => number): Wait {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const latest = now() + timeoutMs + LONGEST_FRAME_MS;
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
      const extended = Math.min(latest, now() + BYTE_GAP_MS);
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
