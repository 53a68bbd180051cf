/** A sequence that only the future raises, and that can be waited for. */
export interface Position {
  readonly current: number;
  moveTo(seq: number): void;
  /** True once `current` is at least `seq`; false after `timeoutMs`. */
  waitFor(seq: number, timeoutMs: number): Promise<boolean>;
}

export function createPosition(): Position {
  const checks = new Set<() => void>();
  let current = 0;
  return {
    get current() {
      return current;
    },
    moveTo(seq) {
      current = seq;
      for (const check of checks) check();
    },
    waitFor(seq, timeoutMs) {
      if (current >= seq) return Promise.resolve(true);
      return new Promise((resolve) => {
        const finish = (isReached: boolean): void => {
          clearTimeout(timer);
          checks.delete(check);
          resolve(isReached);
        };
        const check = (): void => {
          if (current >= seq) finish(true);
        };
        const timer = setTimeout(() => finish(false), timeoutMs);
        checks.add(check);
      });
    },
  };
}
