import { setTimeout as sleep } from "node:timers/promises";
import { codeOf, hasCode, PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { type Backoff, backoffMs } from "@clockleaf/shared/lib/retry.ts";
import type { Plugged } from "../ports/plugged.ts";
import type { OpenPort, Port } from "../ports/port.ts";
import type { Driver, DriverDeps } from "./driver.ts";
import { guardedRun } from "./guarded-run.ts";
import { createRestarts, type Restarts } from "./restarts.ts";

const DEFAULT_BACKOFF: Backoff = { firstMs: 250, maxMs: 5_000, jitter: 0.2 };
/** A run at least this long was a working line: the next failure begins with a short wait again. */
const HEALTHY_MS = 10_000;

export interface Supervised<Config> {
  readonly driver: Driver<Config>;
  readonly config: Config;
  /** Undefined for drivers whose terminals call us. */
  readonly openPort: OpenPort | undefined;
  /** Ends a wait early, when what was pulled out is plugged in again; left out where nobody can know. */
  readonly plugged?: Plugged | undefined;
  readonly deps: DriverDeps;
  readonly backoff?: Backoff;
  /** How long a driver that was told to end may take; 5 s unless told. */
  readonly grace?: { readonly graceMs: number };
  /** Lets somebody have the line begin anew. */
  readonly restarts?: Restarts;
}

/**
 * Keeps one line of terminals going: opens the port, runs the driver, and after any failure tells every reader's
 * health why and begins again after a growing wait. Resolves once `signal` aborts; rejects never.
 */
export async function supervise<Config>(
  line: Supervised<Config>,
  signal: AbortSignal,
): Promise<void> {
  const { deps, restarts = createRestarts() } = line;
  let failures = 0;
  while (!signal.aborted) {
    const startedAt = deps.now();
    const asked = restarts.nextRun();
    const ending = AbortSignal.any([signal, asked]);
    try {
      await runOnce(line, ending, () => restarts.begun());
      if (asked.aborted && !signal.aborted) {
        deps.log.info({ driver: line.driver.name }, "line begins anew, as asked");
        failures = 0;
        continue;
      }
      // A driver ends by itself only when told to; anything else is a fault of its own and must not spin.
      if (signal.aborted) return;
      failures += 1;
    } catch (error) {
      if (signal.aborted) return;
      if (deps.now() - startedAt > HEALTHY_MS) failures = 0;
      tell(line, error);
      failures += 1;
    }
    const waitMs = backoffMs(failures - 1, line.backoff ?? DEFAULT_BACKOFF, Math.random());
    // Ends early when the agent stops, or when somebody wants the line to begin anew now.
    if (await isPluggedWithin(waitMs, line.plugged, ending)) failures = 0;
  }
}

/** Whether the device came back before the time was over. */
async function isPluggedWithin(
  waitMs: number,
  plugged: Plugged | undefined,
  signal: AbortSignal,
): Promise<boolean> {
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  const waited = sleep(waitMs, undefined, { signal: either }).then(
    () => false,
    () => false,
  );
  const cameBack = plugged?.(either).then(() => !either.aborted);
  const isBack = await Promise.race([waited, ...(cameBack === undefined ? [] : [cameBack])]);
  over.abort();
  return isBack;
}

async function runOnce<Config>(
  line: Supervised<Config>,
  signal: AbortSignal,
  onBegun: () => void,
): Promise<void> {
  const { driver, config, deps, openPort } = line;
  const name = driver.readers(config).join(", ");
  if ("serve" in driver) {
    onBegun();
    const serve = (guarded: DriverDeps, ending: AbortSignal): Promise<void> =>
      driver.serve(config, guarded, ending);
    return guardedRun(serve, { deps, name, quietMs: null, ...line.grace }, signal);
  }
  if (openPort === undefined) {
    throw new PlatformError("config.invalid", `a line of ${driver.name} needs a port`);
  }
  const port = await openPort();
  try {
    onBegun();
    const quietMs = driver.quietMs?.(config) ?? null;
    const run = (guarded: DriverDeps, ending: AbortSignal): Promise<void> =>
      driver.run(port, config, guarded, ending);
    await guardedRun(run, { deps, name, quietMs, ...line.grace }, signal);
  } finally {
    await closeQuietly(port, deps);
  }
}

/** The failure that brought us here matters, not one more while tidying up. */
async function closeQuietly(port: Port, deps: DriverDeps): Promise<void> {
  try {
    await port.close();
  } catch (error) {
    deps.log.debug({ err: error, port: port.name }, "port did not close cleanly");
  }
}

function tell<Config>({ driver, config, deps }: Supervised<Config>, error: unknown): void {
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  const fields = { err: error, code, driver: driver.name };
  if (hasCode(error, "port.lost")) deps.log.warn(fields, "line lost, opening it again");
  else deps.log.error(fields, "line does not work, trying again");
  for (const reader of driver.readers(config)) {
    deps.report({ reader, state: "fault", fault: { code, message }, counters: {}, facts: {} });
  }
}
