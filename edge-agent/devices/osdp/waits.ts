/** An answer that has begun may go on as long as bytes keep coming this often, up to the longest frame there is. */
const BYTE_GAP_MS = 60;
/** 1440 bytes at 9600 bit/s. */
const LONGEST_FRAME_MS = 1_600;

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
  wait(ms: number): Promise<void>;
  ring(): void;
}

/** A pause that anybody can end early. */
export function createAlarm(): Alarm {
  let wakeUp: (() => void) | undefined;
  return {
    wait: (ms) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, Math.max(0, ms));
        wakeUp = () => {
          clearTimeout(timer);
          resolve();
        };
      }),
    ring: () => wakeUp?.(),
  };
}
