/** An event of the ATTENDANCE stream, ready to send. */
export interface LiveEvent {
  readonly seq: number;
  readonly type: string;
  /** Where it happened; null for events that belong to no one site. */
  readonly site: string | null;
  /** Whom it is about; none where that is nobody yet. */
  readonly people: readonly string[];
  /** `{streamSeq, metadata, data}` on one line. */
  readonly json: string;
}

/** The newest events in memory, and who waits for the next. */
export interface LiveRing {
  /** -1 before `start`. */
  readonly lastSeq: number;
  readonly isStarted: boolean;
  /** Whether a consumer feeds it at this moment. */
  isFed: boolean;
  /** Everything stored after `seq` will be added; what it held before is forgotten. */
  start(seq: number): void;
  /** Moves on to `seq`; undefined for a message that is no event to show. */
  add(seq: number, event: LiveEvent | undefined): void;
  /** At most `max` events after `seq` and the position they reach; undefined if the ring no longer holds all of them. */
  after(
    seq: number,
    max: number,
  ): { readonly events: readonly LiveEvent[]; readonly upTo: number } | undefined;
  whenStarted(signal: AbortSignal): Promise<void>;
  /** Resolves when the last sequence is not `seq`. */
  waitPast(seq: number, signal: AbortSignal): Promise<void>;
}

const KEPT_EVENTS = 4096;

export function createLiveRing(kept = KEPT_EVENTS): LiveRing {
  let events: LiveEvent[] = [];
  let firstKept = 0;
  let lastSeq = -1;
  const waiting = new Set<() => void>();
  const wake = (): void => {
    for (const check of waiting) check();
  };
  /** Resolves as soon as `isTrue`, which is asked after every change; rejects when `signal` aborts. */
  const until = (isTrue: () => boolean, signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const settle = (end: () => void): void => {
        waiting.delete(check);
        signal.removeEventListener("abort", abort);
        end();
      };
      const check = (): void => {
        if (isTrue()) settle(resolve);
      };
      const abort = (): void => settle(() => reject(new Error("no longer waited for")));
      waiting.add(check);
      signal.addEventListener("abort", abort, { once: true });
      if (signal.aborted) abort();
      else check();
    });

  return {
    isFed: false,
    get lastSeq() {
      return lastSeq;
    },
    get isStarted() {
      return lastSeq >= 0;
    },
    start(seq) {
      events = [];
      lastSeq = seq;
      firstKept = seq + 1;
      wake();
    },
    add(seq, event) {
      if (event !== undefined) events.push(event);
      lastSeq = seq;
      if (events.length > 2 * kept) {
        events = events.slice(-kept);
        firstKept = events[0]?.seq ?? firstKept;
      }
      wake();
    },
    after(seq, max) {
      if (seq + 1 < firstKept) return undefined;
      let from = events.length;
      while (from > 0 && (events[from - 1]?.seq ?? 0) > seq) from -= 1;
      const found = events.slice(from, from + max);
      const isAll = from + max >= events.length;
      return { events: found, upTo: isAll ? Math.max(seq, lastSeq) : (found.at(-1)?.seq ?? seq) };
    },
    whenStarted: (signal) => until(() => lastSeq >= 0, signal),
    waitPast: (seq, signal) => until(() => lastSeq !== seq, signal),
  };
}
