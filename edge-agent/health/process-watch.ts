import { monitorEventLoopDelay } from "node:perf_hooks";

/** How late this process does what it should do now, milliseconds: every reader waits so long for its turn. */
export interface LoopDelay {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** What the agent costs its gateway, and whether something in it stands in the way of everything else. */
export interface ProcessStatus {
  readonly rssBytes: number;
  readonly peakRssBytes: number;
  readonly heapUsedBytes: number;
  readonly loopDelay: {
    readonly sinceStart: LoopDelay;
    /** The last whole minute; in the first one, what there is of it. */
    readonly lastMinute: LoopDelay;
  };
}

export interface ProcessWatch {
  status(): ProcessStatus;
  close(): void;
}

const MINUTE_MS = 60_000;
/** A timer of so many milliseconds is timed again and again; what it is late by is the delay. */
const EVERY_MS = 10;
const NS_PER_MS = 1e6;

/** Watches memory and event loop of this process. Costs a timer every 10 ms and keeps nothing alive. */
export function startProcessWatch(): ProcessWatch {
  const sinceStart = monitorEventLoopDelay({ resolution: EVERY_MS });
  const thisMinute = monitorEventLoopDelay({ resolution: EVERY_MS });
  for (const histogram of [sinceStart, thisMinute]) histogram.enable();
  let lastMinute: LoopDelay | undefined;
  const turn = setInterval(() => {
    lastMinute = delayOf(thisMinute);
    thisMinute.reset();
  }, MINUTE_MS);
  turn.unref();
  return {
    status: () => ({
      rssBytes: process.memoryUsage.rss(),
      peakRssBytes: process.resourceUsage().maxRSS * 1024,
      heapUsedBytes: process.memoryUsage().heapUsed,
      loopDelay: {
        sinceStart: delayOf(sinceStart),
        lastMinute: lastMinute ?? delayOf(thisMinute),
      },
    }),
    close() {
      clearInterval(turn);
      for (const histogram of [sinceStart, thisMinute]) histogram.disable();
    },
  };
}

/** An empty histogram says NaN and 2^63. */
function delayOf(histogram: ReturnType<typeof monitorEventLoopDelay>): LoopDelay {
  if (histogram.count === 0) return { p50Ms: 0, p99Ms: 0, maxMs: 0 };
  return {
    p50Ms: lateBy(histogram.percentile(50)),
    p99Ms: lateBy(histogram.percentile(99)),
    maxMs: lateBy(histogram.max),
  };
}

/** Tenths of a millisecond; the histogram holds the whole interval between two firings. */
const lateBy = (intervalNs: number): number =>
  Math.max(0, Math.round((intervalNs / NS_PER_MS - EVERY_MS) * 10) / 10);
