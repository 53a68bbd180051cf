import type { DriverDeps, ReaderHealth } from "./driver.ts";

type Fault = NonNullable<ReaderHealth["fault"]>;

/** So long without an answer, and the reader is off-line. */
const OFFLINE_MS = 5_000;

/** How the one reader of a line is doing: counters, facts, faults, and the status changes that follow from them. */
export interface ReaderStanding {
  readonly count: (name: string, by?: number) => void;
  note(facts: ReaderHealth["facts"]): void;
  /** The reader said something that makes sense: also the supervisor's proof that the line lives. */
  readonly answered: () => void;
  /** The reader does its work. Ends every fault. */
  ready(): void;
  /** Something is wrong that `ready` puts right. */
  fail(fault: Fault): void;
  /** Notices that there was no answer for too long. */
  watch(): void;
  /** The line is gone, or the agent stops. */
  end(isLost: boolean): void;
  report(): void;
}

/** `silence` says what to look at when the reader does not answer. */
export function createReaderStanding(
  reader: string,
  { deps, silence }: { readonly deps: DriverDeps; readonly silence: string },
): ReaderStanding {
  const counters: Record<string, number> = {};
  let facts: ReaderHealth["facts"] = {};
  let state: ReaderHealth["state"] = "starting";
  let fault: Fault | null = null;
  let isOnline = false;
  let heardAtMs = deps.now();

  const report = (): void =>
    deps.report({ reader, state, fault, counters: { ...counters }, facts });
  const become = (next: ReaderHealth["state"], why: Fault | null): void => {
    if (state === next && fault?.message === why?.message) return;
    [state, fault] = [next, why];
    if (why === null) deps.log.info({ state }, "reader changed");
    else deps.log.warn({ state, code: why.code, reason: why.message }, "reader has a fault");
    report();
  };
  const offline = (): void => {
    if (isOnline) deps.statusChanged(reader, "offline");
    isOnline = false;
  };

  return {
    count(name, by = 1) {
      counters[name] = (counters[name] ?? 0) + by;
    },
    note(more) {
      facts = { ...facts, ...more };
    },
    answered() {
      heardAtMs = deps.now();
      deps.progress();
    },
    ready() {
      if (!isOnline) deps.statusChanged(reader, "online");
      isOnline = true;
      become("online", null);
    },
    fail: (why) => become("fault", why),
    watch() {
      if (deps.now() - heardAtMs <= OFFLINE_MS) return;
      offline();
      become("offline", { code: "device.no-reply", message: silence });
    },
    end(isLost) {
      if (isLost) {
        offline();
        state = "offline";
      }
      report();
    },
    report,
  };
}
