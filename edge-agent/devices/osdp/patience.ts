import { LIMITS } from "./limits.ts";
import { OFFLINE_MS } from "./standing.ts";

/** How long a reader has been silent, and when to ask it again. Times are monotonic milliseconds. */
export class Patience {
  private heardAt: number;
  private asked = 0;
  private probes = 0;

  constructor(nowMs: number) {
    this.heardAt = nowMs;
  }

  /** How often the open question went unanswered. */
  get tries(): number {
    return this.asked;
  }

  heard(nowMs: number): void {
    this.heardAt = nowMs;
    this.asked = 0;
    this.probes = 0;
  }

  unanswered(): void {
    this.asked += 1;
  }

  /** There is a new question. */
  startOver(): void {
    this.asked = 0;
  }

  isSilent(nowMs: number): boolean {
    return nowMs - this.heardAt > OFFLINE_MS;
  }

  /** When the open question is asked again. */
  retryAt(nowMs: number): number {
    return nowMs + Math.min(LIMITS.retryMaxMs, LIMITS.retryFirstMs * 2 ** (this.asked - 1));
  }

  /** When a reader that is gone is looked for: less and less often. */
  probeAt(nowMs: number): number {
    const waitMs = Math.min(LIMITS.probeMaxMs, LIMITS.probeFirstMs * 2 ** Math.min(this.probes, 8));
    this.probes += 1;
    return nowMs + waitMs;
  }
}
