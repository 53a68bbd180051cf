import { describe, expect, it } from "vitest";
import { PlatformError } from "./errors.ts";
import { silentLog } from "./log.ts";
import { backoffMs, retry } from "./retry.ts";
import { createShutdown } from "./shutdown.ts";

const fast = { firstMs: 1, maxMs: 2, jitter: 0 };

describe("retry", () => {
  it("tries again while told to and returns the first success", async () => {
    let calls = 0;
    const work = async (): Promise<string> => {
      calls += 1;
      if (calls < 3) throw new PlatformError("uplink.not-connected", "down", { retriable: true });
      return "stored";
    };
    const options = {
      signal: new AbortController().signal,
      backoff: fast,
      shouldRetry: () => true,
    };
    await expect(retry(work, options)).resolves.toBe("stored");
    expect(calls).toBe(3);
  });

  it("gives a final failure back at once and stops when aborted", async () => {
    const fatal = retry(() => Promise.reject(new Error("no")), {
      signal: new AbortController().signal,
      shouldRetry: () => false,
    });
    await expect(fatal).rejects.toThrow("no");
    const controller = new AbortController();
    const endless = retry(() => Promise.reject(new Error("down")), {
      signal: controller.signal,
      backoff: fast,
      shouldRetry: () => true,
    });
    controller.abort(new Error("stopping"));
    await expect(endless).rejects.toThrow();
  });

  it("waits longer each time up to the cap", () => {
    const waits = [0, 1, 2, 50].map((attempt) =>
      backoffMs(attempt, { firstMs: 10, maxMs: 35, jitter: 0 }, 0.5),
    );
    expect(waits).toEqual([10, 20, 35, 35]);
  });
});

describe("shutdown", () => {
  it("runs every step once, last registered first, whatever fails", async () => {
    const shutdown = createShutdown(silentLog());
    const order: string[] = [];
    shutdown.onStop("journal", () => void order.push("journal"));
    shutdown.onStop("broken", () => Promise.reject(new Error("stuck")));
    shutdown.onStop("drivers", () => void order.push("drivers"));
    await Promise.all([shutdown.stop("test"), shutdown.stop("again")]);
    expect(order).toEqual(["drivers", "journal"]);
    expect(shutdown.signal.aborted).toBe(true);
  });
});
