import { setTimeout as sleep } from "node:timers/promises";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { DriverDeps } from "./driver.ts";

/** After it was told to end, a driver has this long; what hangs longer is left to itself and never heard again. */
const DEFAULT_GRACE_MS = 5_000;
/** The silence is looked at this many times within the longest one allowed. */
const LOOKS = 4;

export interface Guarding {
  readonly deps: DriverDeps;
  /** Longest time without `progress`, milliseconds; null = silence is normal. */
  readonly quietMs: number | null;
  /** What the line is called in messages. */
  readonly name: string;
  readonly graceMs?: number;
}

/**
 * Lets a driver run once. Ends as `work` does, and also
 * - with `device.no-reply` when nothing made progress for `quietMs`, the driver being told to end then;
 * - with `device.hung` when it was told to end and does not: it stays behind without effect, for its `accept` is refused
 *   and nothing it reports is heard, so that another run on the same readers cannot be disturbed.
 */
export async function guardedRun(
  work: (deps: DriverDeps, signal: AbortSignal) => Promise<void>,
  guarding: Guarding,
  signal: AbortSignal,
): Promise<void> {
  const { deps, quietMs } = guarding;
  const state: RunState = { isCurrent: true, progressAt: deps.now() };
  // Its own, not `AbortSignal.any`: one that is listened to lives as long as its sources, and with it everything of a run
  // that ended in a failure. `signal` lasts for months.
  const ending = new AbortController();
  const stop = (): void => ending.abort();
  let isSilent = false;
  const looking =
    quietMs === null
      ? undefined
      : setInterval(() => {
          if (deps.now() - state.progressAt <= quietMs) return;
          isSilent = true;
          stop();
        }, quietMs / LOOKS);
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  try {
    const end = await Promise.race([
      work(fenced(deps, state), ending.signal).then(() => "ended" as const),
      notEnding(ending.signal, guarding.graceMs ?? DEFAULT_GRACE_MS),
    ]);
    if (end === "hung") throw hung(guarding.name);
    if (isSilent) throw silent(guarding.name, quietMs ?? 0);
  } catch (error) {
    // Why a driver failed while it was being stopped for its silence matters less than the silence.
    throw isSilent && !isHung(error) ? silent(guarding.name, quietMs ?? 0) : error;
  } finally {
    clearInterval(looking);
    signal.removeEventListener("abort", stop);
    state.isCurrent = false;
  }
}

interface RunState {
  isCurrent: boolean;
  progressAt: number;
}

async function notEnding(ending: AbortSignal, graceMs: number): Promise<"hung"> {
  if (!ending.aborted) {
    await new Promise<void>((resolve) => {
      ending.addEventListener("abort", () => resolve(), { once: true });
    });
  }
  await sleep(graceMs, undefined, { ref: false });
  return "hung";
}

const silent = (name: string, quietMs: number): PlatformError =>
  new PlatformError(
    "device.no-reply",
    `${name}: nothing heard for ${quietMs / 1000} s; begun anew. Is the terminal on, wired as its README shows, and set to this speed?`,
    { retriable: true },
  );

const hung = (name: string): PlatformError =>
  new PlatformError("device.hung", `${name}: the driver did not end and was left behind`, {
    retriable: true,
  });

const isHung = (error: unknown): boolean =>
  error instanceof PlatformError && error.code === "device.hung";

/** What a run may do, as long as it is the line's current one. */
function fenced(deps: DriverDeps, state: RunState): DriverDeps {
  return {
    ...deps,
    accept: (reading) =>
      state.isCurrent
        ? deps.accept(reading)
        : Promise.reject(new PlatformError("device.hung", "this run of the driver was given up")),
    statusChanged(reader, what) {
      if (state.isCurrent) deps.statusChanged(reader, what);
    },
    report(health) {
      if (state.isCurrent) deps.report(health);
    },
    progress() {
      state.progressAt = deps.now();
      if (state.isCurrent) deps.progress();
    },
    offer: (reader, actions) => (state.isCurrent ? deps.offer(reader, actions) : () => undefined),
  };
}
