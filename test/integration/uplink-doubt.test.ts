import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { eventually } from "../support/eventually.ts";
import { findNatsServer, TEST_GATEWAY } from "../support/nats.ts";
import { available } from "../support/parts.ts";
import {
  appendPunches,
  applyTestTopology,
  rowsStoredOnce,
  startUplinkRig,
  type UplinkRig,
  untilDelivered,
} from "../support/uplink-rig.ts";

// Small segments, so that trouble comes in the middle of many.
const SMALL = { maxRows: 4, timeoutMs: 400 };
const ROWS = 1200;

describe.skipIf(!available("nats-server", findNatsServer()))(
  "stored once, in order, chain unbroken, when",
  () => {
    let rig: UplinkRig;
    beforeEach(async () => {
      rig = await startUplinkRig();
    });
    afterEach(() => rig[Symbol.asyncDispose]());

    it("the link to the hub is cut again and again in the middle of a drain", async () => {
      const journal = await rig.openJournal();
      await appendPunches(journal, 1, ROWS);
      const uplink = await rig.startUplink(journal, SMALL);
      const { link } = rig.site.leaf();
      for (let cut = 1; cut <= 4; cut += 1) {
        await untilDelivered(journal, cut * 150);
        link.cut();
        const failures = uplink.stats().failures;
        await eventually(() => uplink.stats().failures > failures, { what: "the cut is felt" });
        link.resume();
      }
      await untilDelivered(journal, ROWS);
      expect(rowsStoredOnce(await rig.stored(), journal)).toBe(ROWS);
    });

    it("the hub is killed and started again in the middle of a drain", async () => {
      const journal = await rig.openJournal();
      await appendPunches(journal, 1, ROWS);
      await rig.startUplink(journal, SMALL);
      for (const row of [200, 500]) {
        await untilDelivered(journal, row);
        await rig.site.hub.kill();
        await rig.site.hub.start();
      }
      await untilDelivered(journal, ROWS);
      expect(rowsStoredOnce(await rig.stored(), journal)).toBe(ROWS);
    });

    it("the gateway's own server is killed and started again in the middle of a drain", async () => {
      const journal = await rig.openJournal();
      await appendPunches(journal, 1, ROWS);
      await rig.startUplink(journal, SMALL);
      for (const row of [200, 500]) {
        await untilDelivered(journal, row);
        await rig.site.leaf().server.kill();
        await rig.site.leaf().server.start();
      }
      await untilDelivered(journal, ROWS);
      expect(rowsStoredOnce(await rig.stored(), journal)).toBe(ROWS);
    });

    it("the segment gets through and its acknowledgement is lost", async () => {
      const journal = await rig.openJournal();
      const uplink = await rig.startUplink(journal, SMALL);
      const { link } = rig.site.leaf();
      for (let round = 0; round < 3; round += 1) {
        const from = round * 20 + 1;
        await appendPunches(journal, from, from);
        await untilDelivered(journal, from);
        link.freeze("down");
        await appendPunches(journal, from + 1, from + 19);
        const segments = async (): Promise<number> => (await rig.stored()).at(-1)?.last ?? 0;
        await eventually(async () => (await segments()) > from, { what: "stored at the hub" });
        expect(journal.deliveredRow()).toBe(from);
        await eventually(() => uplink.state().kind === "waiting", { what: "no answer in time" });
        link.resume();
        await untilDelivered(journal, from + 19);
      }
      expect(rowsStoredOnce(await rig.stored(), journal)).toBe(60);
      // A doubt is cleared by reading what is stored, not by sending it again.
      const sent = uplink.stats().rows;
      expect(sent).toBeLessThan(60);
    });

    it("the hub hangs and goes on later", async () => {
      const journal = await rig.openJournal();
      await appendPunches(journal, 1, ROWS);
      const uplink = await rig.startUplink(journal, SMALL);
      await untilDelivered(journal, 300);
      rig.site.hub.freeze();
      await eventually(() => uplink.state().kind === "waiting", { what: "no answer in time" });
      rig.site.hub.thaw();
      await untilDelivered(journal, ROWS);
      expect(rowsStoredOnce(await rig.stored(), journal)).toBe(ROWS);
    });

    it("the agent is killed at whatever moment of a drain", async () => {
      const journal = await rig.openJournal();
      await appendPunches(journal, 1, 2000);
      await journal.close();

      for (const afterMs of [1, 5, 20, 45, 70, 110, 150]) {
        const child = startAgent(rig);
        await says(child, "started");
        setTimeout(() => child.kill("SIGKILL"), afterMs);
        await once(child, "close");
      }
      const last = startAgent(rig);
      await says(last, "idle");
      last.kill("SIGKILL");
      await once(last, "close");
      expect(rowsStoredOnce(await rig.stored(), await rig.openJournal())).toBe(2000);
    });

    it("the hub was wiped: whatever the journal keeps is sent again from the first row", async () => {
      const journal = await rig.openJournal();
      await appendPunches(journal, 1, 100);
      await rig.startUplink(journal, SMALL);
      await untilDelivered(journal, 100);
      await rig.site.hub.kill();
      rmSync(join(rig.site.dir, "hub", "jetstream"), { recursive: true });
      await rig.site.hub.start();
      await applyTestTopology(rig.site);
      await appendPunches(journal, 101, 110);
      await untilDelivered(journal, 110);
      expect(rowsStoredOnce(await rig.stored(), journal)).toBe(110);
    });
  },
);

function startAgent(rig: UplinkRig): ChildProcess {
  const script = join(import.meta.dirname, "../support/uplink-child.ts");
  const child = spawn(
    process.execPath,
    [
      script,
      `--journal=${rig.journalPath}`,
      `--server=${rig.site.leaf().server.url}`,
      `--seed=${rig.site.deployment.gateway(TEST_GATEWAY).seedFile}`,
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const killLast = (): void => void child.kill("SIGKILL");
  process.once("exit", killLast);
  child.once("close", () => process.off("exit", killLast));
  return child;
}

async function says(child: ChildProcess, word: string): Promise<void> {
  if (child.stdout === null) throw new Error("no output");
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === word) return;
  }
  throw new Error(`the agent ended before it said ${word}`);
}
