/** How far this gateway's wall clock is ahead of the hub's. */
export interface HubOffset {
  /** Milliseconds; negative = behind. */
  readonly aheadMs: number;
  /** How wrong that is at most, ± milliseconds: half of what the hub's answer took. */
  readonly withinMs: number;
  /** By this gateway's wall clock, UTC milliseconds. */
  readonly measuredAtMs: number;
}

/** Both clocks of one moment: the wall clock in UTC milliseconds, and one that nobody sets. */
export interface Mark {
  readonly wallMs: number;
  readonly monotonicMs: number;
}

const EVERY_MS = 300_000;
/** After one that came to nothing, as when a newer segment was stored before the read. */
const AGAIN_MS = 10_000;
/** A wall clock that was moved by more than this was set. */
const SET_MS = 1_000;
/** As much as NTP pulls one: 0.5 ms a second, and as much again for the crystal. */
const SLEW = 1e-3;
/** Both clocks are read in whole milliseconds, and so is their difference. */
const GRAIN_MS = 2;

/**
 * The hub stored a segment after it was sent and before the answer came, so the time it gives the segment lies between the
 * two. `undefined` when the wall clock was set in between.
 */
export function offsetOf(sent: Mark, answered: Mark, storedAtMs: number): HubOffset | undefined {
  const tookMs = answered.monotonicMs - sent.monotonicMs;
  const slewMs = Math.abs(answered.wallMs - sent.wallMs - tookMs);
  if (slewMs > SET_MS) return undefined;
  return {
    aheadMs: Math.round(sent.wallMs + tookMs / 2 - storedAtMs),
    withinMs: Math.ceil(tookMs / 2 + slewMs) + GRAIN_MS,
    measuredAtMs: Math.round(answered.wallMs),
  };
}

/** The newest measurement, and when it is time for another: rarely, and when something makes the last one doubtful. */
export class HubClock {
  private readonly mark: () => Mark;
  private triedAt = Number.NEGATIVE_INFINITY;
  private last: { readonly offset: HubOffset; readonly at: Mark } | undefined;
  private isDoubtful = true;

  constructor(mark: () => Mark) {
    this.mark = mark;
  }

  isDue(): boolean {
    const { monotonicMs } = this.mark();
    if (monotonicMs - this.triedAt < AGAIN_MS) return false;
    const age = monotonicMs - (this.last?.at.monotonicMs ?? Number.NEGATIVE_INFINITY);
    return this.isDoubtful || this.wasSet() || age >= EVERY_MS;
  }

  tried(): void {
    this.triedAt = this.mark().monotonicMs;
  }

  /** The link was cut: the hub may be another machine than before. */
  doubt(): void {
    this.isDoubtful = true;
  }

  heard(sent: Mark, answered: Mark, storedAtMs: number): void {
    const offset = offsetOf(sent, answered, storedAtMs);
    if (offset === undefined) return;
    this.last = { offset, at: answered };
    this.isDoubtful = false;
  }

  /** Null before the first, and since this gateway's clock was set. */
  offset(): HubOffset | null {
    return this.last === undefined || this.wasSet() ? null : this.last.offset;
  }

  private wasSet(): boolean {
    if (this.last === undefined) return false;
    const { wallMs, monotonicMs } = this.mark();
    const { at } = this.last;
    const tookMs = monotonicMs - at.monotonicMs;
    return Math.abs(wallMs - at.wallMs - tookMs) > SET_MS + tookMs * SLEW;
  }
}
