/** So many things at once and no more. */
export interface Slots {
  /** Resolves, once a slot is free, with what gives it back. */
  take(): Promise<() => void>;
  /** Resolves once a slot is free, and leaves it. */
  free(): Promise<void>;
}

export function createSlots(count: number): Slots {
  let taken = 0;
  const queue: Array<() => void> = [];
  const release = (): void => {
    taken -= 1;
    // All of them: whoever only wanted to know that one is free may leave it to another.
    for (const wake of queue.splice(0)) wake();
  };
  const free = async (): Promise<void> => {
    for (;;) {
      if (taken < count) return;
      await new Promise<void>((resolve) => queue.push(resolve));
    }
  };
  return {
    free,
    async take() {
      for (;;) {
        if (taken < count) break;
        await free();
      }
      taken += 1;
      return release;
    },
  };
}
