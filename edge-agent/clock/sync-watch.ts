import type { Log } from "@clockleaf/shared/lib/log.ts";
import {
  errorOf,
  machineProbe,
  readSync,
  type SyncErrors,
  type SyncKnown,
  type SyncProbe,
  type SyncState,
  wasSetByRtc,
} from "./time-sync.ts";

export interface SyncWatchOptions {
  readonly errors: SyncErrors;
  /** Milliseconds since boot. */
  readonly monotonicMs: () => number;
  readonly log: Log;
  readonly probe?: SyncProbe;
  readonly hasRtc?: () => Promise<boolean>;
  /** 60 s unless told. */
  readonly everyMs?: number;
}

/** What the machine says of its clock, asked now and then. */
export interface SyncWatch {
  /** ± milliseconds; null = nothing is known of the wall clock. */
  errorMs(): number | null;
  state(): SyncState;
  close(): void;
}

const EVERY_MS = 60_000;

/** Resolves once the machine has been asked for the first time. Never rejects: whom nobody can ask is `unknown`. */
export async function watchSync(options: SyncWatchOptions): Promise<SyncWatch> {
  const { errors, monotonicMs, log, probe = machineProbe, hasRtc = wasSetByRtc } = options;
  const isByRtc = await hasRtc().catch(() => false);
  const ask = async (): Promise<SyncKnown> => {
    const state = await readSync(probe).catch((): SyncState => ({ kind: "unknown" }));
    return { state, atMonotonicMs: monotonicMs(), hasRtc: isByRtc };
  };
  let known = await ask();
  log.info({ sync: known.state, rtc: isByRtc }, "the machine's clock");
  const again = async (): Promise<void> => {
    const before = known.state.kind;
    known = kept(known, await ask());
    if (known.state.kind !== before) log.info({ sync: known.state }, "the machine's clock");
  };
  const timer = setInterval(() => void again(), options.everyMs ?? EVERY_MS);
  timer.unref();
  return {
    errorMs: () => errorOf(errors, known, monotonicMs()),
    state: () => known.state,
    close: () => clearInterval(timer),
  };
}

/**
 * A clock that was right once in this boot is not unknown again when its server goes away, or nobody can be asked for a
 * moment: it drifts from there.
 */
export function kept(before: SyncKnown, now: SyncKnown): SyncKnown {
  const isWorse = now.state.kind !== "synchronised" && before.state.kind === "synchronised";
  return isWorse ? before : now;
}
