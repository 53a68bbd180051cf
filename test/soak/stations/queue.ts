/** People at one reader, one behind the other. */
export interface Queue {
  /** `turn` is what somebody does when nobody is before them; it must not reject. */
  join(turn: () => Promise<void>): void;
  /** Those whose turn is not over. */
  readonly waiting: () => number;
}

export function createQueue(): Queue {
  let waiting = 0;
  let last = Promise.resolve();
  return {
    join(turn) {
      waiting += 1;
      last = last.then(turn).then(() => void (waiting -= 1));
    },
    waiting: () => waiting,
  };
}
