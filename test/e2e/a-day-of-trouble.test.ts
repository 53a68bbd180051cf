import { describe, expect, it } from "vitest";
import { createProgress } from "../demo/progress.ts";
import { runDemo } from "../demo/run.ts";
import { findNatsServer } from "../support/nats.ts";
import { available } from "../support/parts.ts";

const SEED = 42;
const progress = createProgress(process.stderr, true);

// The short form of `make chaos`, which runs many seeds with longer days.
describe.skipIf(!available("nats-server", findNatsServer()))("a day of trouble", () => {
  it("loses and doubles nothing through a cut link, a killed agent and a killed hub", async () => {
    const { result, plant } = await runDemo({ seed: SEED, people: 60, dayMs: 15_000, progress });
    await plant.stop();
    expect(result.faults).toEqual([]);
    expect(result).toMatchObject({ lost: 0, doubled: 0, linkCuts: 1, agentKills: 1, hubKills: 1 });
    // The day was one: most people came and went, strangers and the withdrawn badge were caught.
    expect(result.green).toBeGreaterThan(150);
    expect(result.quarantined).toBeGreaterThan(0);
    expect(result.inTimesheets + result.quarantined).toBe(result.journaled);
    expect(result.stored).toBe(result.journaled);
  }, 180_000);
});
