/** 2000-01-02 00:00:00, where the seconds of a record begin. */
const EPOCH_MS = Date.UTC(2000, 0, 2);

/** A terminal's own clock: local wall time without zone, in whole seconds. */
export interface WallClock {
  /** YY MM DD hh mm ss. */
  read(): number[];
  /** False for what is no six bytes. */
  set(bytes: Uint8Array): boolean;
  /** Seconds of a record made now. */
  secs(): number;
  /** Wrong by so many seconds from now on. */
  offset(seconds: number): void;
  /** The battery is dead: it stands still until `run`; setting it moves it to where it stands still again. */
  stick(): void;
  run(): void;
  /** Shows these six bytes whatever happens; undefined takes that back. */
  show(bytes: readonly number[] | undefined): void;
}

export function createWallClock(wallMs: () => number): WallClock {
  let offsetMs = 0;
  let stuckAt: number | undefined;
  let shown: readonly number[] | undefined;
  const now = (): number => Math.floor((stuckAt ?? wallMs() + offsetMs) / 1_000) * 1_000;
  return {
    read() {
      if (shown !== undefined) return [...shown];
      const at = new Date(now());
      return [
        at.getUTCFullYear() - 2000,
        at.getUTCMonth() + 1,
        at.getUTCDate(),
        at.getUTCHours(),
        at.getUTCMinutes(),
        at.getUTCSeconds(),
      ];
    },
    set(bytes) {
      const [year, month, day, hour, minute, second] = bytes;
      if (bytes.length !== 6 || year === undefined || month === undefined) return false;
      const at = Date.UTC(2000 + year, month - 1, day, hour, minute, second);
      shown = undefined;
      if (stuckAt === undefined) offsetMs = at - wallMs();
      else stuckAt = at;
      return true;
    },
    secs: () => (now() - EPOCH_MS) / 1_000,
    offset(seconds) {
      offsetMs = seconds * 1_000;
    },
    stick() {
      stuckAt = now();
    },
    run() {
      stuckAt = undefined;
    },
    show(bytes) {
      shown = bytes;
    },
  };
}
