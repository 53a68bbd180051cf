import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { eventually } from "../../test/support/eventually.ts";
import { startProcessWatch } from "./process-watch.ts";

describe("the watch over this process", () => {
  it("sees that something held everything up, and for how long", async () => {
    const watch = startProcessWatch();
    const max = (): number => watch.status().loopDelay.sinceStart.maxMs;
    expect(max()).toBe(0);
    // Its timer runs first, or there is no interval to be late in.
    await eventually(() => watch.status().loopDelay.sinceStart.p50Ms >= 0 && sleep(30, true));
    const until = performance.now() + 300;
    while (performance.now() < until);
    await eventually(() => max() > 250, { what: "the stop to be seen" });
    const { sinceStart, lastMinute } = watch.status().loopDelay;
    expect(lastMinute.maxMs).toBe(sinceStart.maxMs);
    expect(sinceStart.p50Ms).toBeLessThan(sinceStart.maxMs);
    watch.close();
  });

  it("says how much memory there is and how much there was at most", () => {
    const watch = startProcessWatch();
    const { rssBytes, peakRssBytes, heapUsedBytes } = watch.status();
    expect(heapUsedBytes).toBeGreaterThan(1024 * 1024);
    expect(rssBytes).toBeGreaterThan(heapUsedBytes / 2);
    expect(peakRssBytes).toBeGreaterThan(heapUsedBytes / 2);
    watch.close();
  });
});
