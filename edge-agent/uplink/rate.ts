/** How many rows went out within the last minute, by monotonic time; each of its buckets is a second. */
export class Rate {
  private readonly now: () => number;
  private readonly buckets: { readonly second: number; rows: number }[] = [];

  /** `now`: monotonic milliseconds. */
  constructor(now: () => number = () => performance.now()) {
    this.now = now;
  }

  note(rows: number): void {
    const second = this.forget();
    const last = this.buckets.at(-1);
    if (last?.second === second) last.rows += rows;
    else this.buckets.push({ second, rows });
  }

  perMinute(): number {
    this.forget();
    return this.buckets.reduce((sum, { rows }) => sum + rows, 0);
  }

  /** Drops what is older than a minute; returns the second it is now. */
  private forget(): number {
    const second = Math.floor(this.now() / 1_000);
    while (this.buckets[0] !== undefined && this.buckets[0].second <= second - 60) {
      this.buckets.shift();
    }
    return second;
  }
}
