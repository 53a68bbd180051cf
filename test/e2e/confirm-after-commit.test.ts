import { describe, expect, it } from "vitest";
import { openPlant, type PlantOptions } from "../demo/plant.ts";
import type { Reconciliation } from "../demo/reconcile.ts";
import { settle } from "../demo/run.ts";
import { showDisplays } from "../demo/scenario.ts";
import { findNatsServer } from "../support/nats.ts";
import { available } from "../support/parts.ts";

const SEED = 11;
const PEOPLE = 20;
const DAY_MS = 9_000;
/** A slow disk: wide enough that a kill on a light always falls before the commit. */
const COMMIT_DELAY_MS = 300;
const LIGHTS_BEFORE_KILL = 8;

/** A short day on which the agent is killed at the very moment somebody sees a light; then the reconciliation. */
async function dayWithKill(
  testHooks: NonNullable<PlantOptions["testHooks"]>,
): Promise<Reconciliation> {
  const plant = await openPlant({ seed: SEED, people: PEOPLE, dayMs: DAY_MS, testHooks });
  const over = new AbortController();
  try {
    const displays = showDisplays(plant, over.signal);
    const killed = Promise.withResolvers<void>();
    let lights = 0;
    plant.site.onLight(({ reader }) => {
      lights += 1;
      // Displays beside USB readers light after the commit in any case: only an LED can lie.
      if (lights < LIGHTS_BEFORE_KILL || reader.startsWith("desk")) return;
      lights = Number.NEGATIVE_INFINITY;
      plant.agent.kill().then(killed.resolve, killed.reject);
    });
    await plant.begin();
    await killed.promise;
    plant.agent.start();
    await plant.site.done;
    over.abort();
    await displays;
    return await settle(plant);
  } finally {
    over.abort();
    await plant.stop();
  }
}

describe.skipIf(!available("nats-server", findNatsServer()))(
  "promise 1, confirm after commit",
  () => {
    it("loses nothing when the agent is killed on a light, however slow the disk", async () => {
      const report = await dayWithKill({
        confirmBeforeCommit: false,
        commitDelayMs: COMMIT_DELAY_MS,
      });
      expect(report.faults).toEqual([]);
      expect(report).toMatchObject({ lost: 0, doubled: 0 });
      expect(report.green).toBeGreaterThan(LIGHTS_BEFORE_KILL);
    }, 120_000);

    it("is what the reconciliation sees broken once the light comes before the commit", async () => {
      const report = await dayWithKill({
        confirmBeforeCommit: true,
        commitDelayMs: COMMIT_DELAY_MS,
      });
      expect(report.lost).toBeGreaterThan(0);
      expect(report.faults.join("\n")).toContain("is not in the journal");
    }, 120_000);
  },
);
