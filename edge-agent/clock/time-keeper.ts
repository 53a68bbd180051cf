import type { Log } from "@clockleaf/shared/lib/log.ts";
import type { Clock, GatewayTime } from "./clock.ts";

/** Whether rows of this boot wait to be dated. Must outlive a killed agent, and need not outlive the boot. */
export interface UndatedMark {
  isSet(bootId: string): boolean;
  set(bootId: string): void;
  clear(): void;
}

export interface TimeKeeperOptions {
  readonly clock: Clock;
  readonly mark: UndatedMark;
  /** Journals that this boot knows the time, with the time itself. Resolves once that is on disk; rejects if it is not. */
  readonly tell: (time: GatewayTime) => Promise<void>;
  readonly log: Log;
  /** How often the clocks are compared; 1 s unless told. */
  readonly everyMs?: number;
}

/**
 * Watches the two clocks of the gateway for the moment at which the wall clock becomes believable, or is set by more than
 * its error, and has the journal say so: one row with both clocks, by which the cloud dates what was taken before.
 */
export interface TimeKeeper {
  /** The time for a row that is about to be journaled. */
  now(): GatewayTime;
  /**
   * Up to when a heartbeat sent at `atMs` (UTC milliseconds) may say that everything was told: nearly always `atMs`. While the
   * wall clock has jumped and the journal does not say so yet, what it would have been without the jump.
   */
  claimAtMs(atMs: number): number;
  close(): void;
}

const EVERY_MS = 1_000;
/** A clock that NTP pulls gently moves by 0.5 ms a second at most; this much is noise of looking. */
const SLEW = 1e-3;
const NOISE_MS = 1_000;

interface Standing {
  /** Wall minus monotonic time, as last told or found unremarkable. */
  readonly offsetMs: number;
  readonly monotonicMs: number;
  readonly isKnown: boolean;
}

export function startTimeKeeper(options: TimeKeeperOptions): TimeKeeper {
  const { clock, mark, tell, log } = options;
  let standing: Standing | undefined;
  let isTelling = false;

  const look = (): GatewayTime => {
    const now = clock.now();
    const seen = standingOf(now);
    const why = isTelling ? undefined : reasonToTell(standing, now, mark.isSet(now.bootId));
    if (why === undefined) {
      if (!isTelling) standing = seen;
      return now;
    }
    isTelling = true;
    log.warn({ why, now }, "the gateway's clock");
    tell(now)
      .then(() => {
        standing = seen;
        mark.clear();
      })
      // Said again a second later: the journal has told people what is wrong with it.
      .catch((error: unknown) =>
        log.error({ err: error }, "that the time is known is not journaled"),
      )
      .finally(() => {
        isTelling = false;
      });
    return now;
  };
  const timer = setInterval(look, options.everyMs ?? EVERY_MS);
  timer.unref();
  look();
  return {
    now() {
      const now = look();
      if (now.uncertaintyMs === null) mark.set(now.bootId);
      return now;
    },
    claimAtMs(atMs) {
      const now = look();
      if (!isTelling) return atMs;
      if (standing === undefined) return 0;
      const jumpedMs = now.gatewayAtMs - now.monotonicMs - standing.offsetMs;
      return Math.max(0, Math.round(atMs - jumpedMs));
    },
    close: () => clearInterval(timer),
  };
}

const standingOf = ({ gatewayAtMs, monotonicMs, uncertaintyMs }: GatewayTime): Standing => ({
  offsetMs: gatewayAtMs - monotonicMs,
  monotonicMs,
  isKnown: uncertaintyMs !== null,
});

/** Undefined = nothing to tell. `before` is undefined at the start of the agent. */
export function reasonToTell(
  before: Standing | undefined,
  now: GatewayTime,
  isUndated: boolean,
): "learned" | "stepped" | undefined {
  if (now.uncertaintyMs === null) return undefined;
  if (isUndated) return "learned";
  if (before === undefined || !before.isKnown) return undefined;
  const moved = Math.abs(now.gatewayAtMs - now.monotonicMs - before.offsetMs);
  const gently = SLEW * Math.abs(now.monotonicMs - before.monotonicMs);
  return moved > Math.max(now.uncertaintyMs, NOISE_MS) + gently ? "stepped" : undefined;
}
