import { describe, expect, it } from "vitest";
import { findNatsServer } from "../support/nats.ts";
import { available } from "../support/parts.ts";
import { soak } from "./run.ts";

const QUIET = { say: () => undefined, show: () => undefined, done: () => undefined };

// The short form of `make soak`: the same readers, wires and judge; no word about how fast or how large.
describe.skipIf(!available("nats-server", findNatsServer()))(
  "seventeen readers on one gateway",
  () => {
    it("lose nothing and double nothing, over noise, cuts and a killed agent", async () => {
      const result = await soak({
        forMs: 20_000,
        rate: 20,
        seed: 7,
        withFaults: true,
        mishapEveryMs: 1_500,
        kills: 1,
        withNetworkCuts: false,
        progress: QUIET,
      });
      // Hollow parts are among the faults: a reader nobody heard, a fault that never struck, a kill that did not come.
      expect(result.faults).toEqual([]);
      expect(result).toMatchObject({ ok: true, lost: 0, doubled: 0, invented: 0 });
      expect(Object.keys(result.readers)).toHaveLength(17);
      expect(result.disturbances.agentKills).toBe(1);
      expect(result.owed).toBeGreaterThan(result.taps / 2);
      expect(result.measures.rssMb.peak).toBeGreaterThan(0);
      expect(result.measures.loopDelay.length).toBeGreaterThan(0);
    });
  },
);
