/** One record of a terminal's log. */
export interface LogEntry {
  readonly user: number;
  /** Seconds since 2000-01-02 00:00:00 on the terminal's own clock. */
  readonly secs: number;
  readonly backup: number;
  readonly type: number;
  readonly workCode: number;
}

export interface LogMemory {
  /** False when there is no room and the oldest must stay: the person is turned away. */
  store(entry: LogEntry): boolean;
  /** So many from the oldest (of all, or of the new ones) on; the next `proceed` goes on behind them. */
  restart(of: "all" | "new", count: number): LogEntry[];
  proceed(count: number): LogEntry[];
  /** Takes the new flag off the so many oldest new ones; returns how many that were. */
  clearOldest(count: number): number;
  /** Takes away everything; returns how many there were. */
  deleteAll(): number;
  /** There is no room from now on, whatever the capacity is; or as much as before. */
  fill(isFull: boolean): void;
  /** The log is kept, the place of a download is not. */
  powerCut(): void;
  readonly counts: () => { readonly all: number; readonly new: number };
  /** Records that were never read by anybody and are gone, because the memory was full. */
  readonly lost: () => readonly LogEntry[];
}

export interface LogMemoryOptions {
  readonly capacity: number;
  /** A full memory gives up its oldest record, or takes no more. */
  readonly whenFull: "overwrite" | "refuse";
}

/** The log of a terminal: in the order of punches, with a flag on each that was not collected yet. */
export function createLogMemory({ capacity, whenFull }: LogMemoryOptions): LogMemory {
  let log: { readonly entry: LogEntry; isNew: boolean }[] = [];
  let download: { readonly list: readonly LogEntry[]; at: number } = { list: [], at: 0 };
  const lost: LogEntry[] = [];
  let room = capacity;

  const proceed = (count: number): LogEntry[] => {
    const page = download.list.slice(download.at, download.at + count);
    download.at += page.length;
    return page;
  };
  return {
    store(entry) {
      if (log.length >= room) {
        if (whenFull === "refuse") return false;
        const gone = log.shift();
        if (gone?.isNew === true) lost.push(gone.entry);
      }
      log.push({ entry, isNew: true });
      return true;
    },
    restart(of, count) {
      const list = log.filter(({ isNew }) => of === "all" || isNew).map(({ entry }) => entry);
      download = { list, at: 0 };
      return proceed(count);
    },
    proceed,
    clearOldest(count) {
      const flagged = log.filter(({ isNew }) => isNew).slice(0, count);
      for (const each of flagged) each.isNew = false;
      return flagged.length;
    },
    deleteAll() {
      const count = log.length;
      log = [];
      return count;
    },
    fill(isFull) {
      room = isFull ? log.length : capacity;
    },
    powerCut() {
      // A terminal that begins anywhere again is worse than one that says nothing: it begins at the oldest of all.
      download = { list: log.map(({ entry }) => entry), at: 0 };
    },
    counts: () => ({ all: log.length, new: log.filter(({ isNew }) => isNew).length }),
    lost: () => lost,
  };
}
