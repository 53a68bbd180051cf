/** Mutual exclusion by key within this process. */
export interface KeyLocks {
  /**
   * Runs `work` alone among all calls that share one of its keys; calls that share none run side by side. The places in
   * every queue are taken in one step, so calls with overlapping keys cannot wait for each other in a circle.
   */
  run<T>(keys: Iterable<string>, work: () => Promise<T>): Promise<T>;
}

export function createKeyLocks(): KeyLocks {
  const tails = new Map<string, Promise<void>>();
  return {
    async run(keys, work) {
      const mine = Promise.withResolvers<void>();
      const held = [...new Set(keys)];
      const ahead = held.flatMap((key) => tails.get(key) ?? []);
      for (const key of held) tails.set(key, mine.promise);
      await Promise.all(ahead);
      try {
        return await work();
      } finally {
        for (const key of held) if (tails.get(key) === mine.promise) tails.delete(key);
        mine.resolve();
      }
    },
  };
}
