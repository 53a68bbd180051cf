import { STREAMS, segmentSubject } from "@clockleaf/shared/subjects.ts";
import { jetstreamManager } from "@nats-io/jetstream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findNatsServer, TEST_GATEWAY } from "../support/nats.ts";
import { available } from "../support/parts.ts";
import {
  appendPunches,
  punchNumber,
  rowsStoredOnce,
  startUplinkRig,
  type UplinkRig,
  untilDelivered,
} from "../support/uplink-rig.ts";

describe.skipIf(!available("nats-server", findNatsServer()))("the uplink", () => {
  let rig: UplinkRig;
  beforeEach(async () => {
    rig = await startUplinkRig();
  });
  afterEach(() => rig[Symbol.asyncDispose]());

  it("drains a backlog in full segments, then sends each punch alone and at once", async () => {
    const journal = await rig.openJournal();
    await appendPunches(journal, 1, 2500);
    const uplink = await rig.startUplink(journal);
    await untilDelivered(journal, 2500);
    expect(uplink.stats()).toMatchObject({ segments: 3, rows: 2500, resumes: 1, failures: 0 });

    for (let n = 2501; n <= 2510; n += 1) {
      await appendPunches(journal, n, n);
      await untilDelivered(journal, n);
    }
    const segments = await rig.stored();
    expect(rowsStoredOnce(segments, journal)).toBe(2510);
    expect(segments.map(({ rows }) => rows.length)).toEqual([
      1000,
      1000,
      500,
      ...Array(10).fill(1),
    ]);
    expect(uplink.state()).toEqual({ kind: "idle" });
  });

  it("sends a live punch under its own trace", async () => {
    const journal = await rig.openJournal();
    await rig.startUplink(journal);
    await appendPunches(journal, 1, 1);
    await untilDelivered(journal, 1);
    const { direct } = await jetstreamManager(rig.cloud);
    const stored = await direct.getMessage(STREAMS.clock, {
      last_by_subj: segmentSubject(TEST_GATEWAY),
    });
    const punch = punchNumber(1);
    expect(punch).toMatchObject({ traceparent: stored?.header.get("traceparent") });
  });

  it("goes on where it stopped when it is closed and started again", async () => {
    const journal = await rig.openJournal();
    for (let round = 0; round < 5; round += 1) {
      await appendPunches(journal, round * 100 + 1, round * 100 + 100);
      const uplink = await rig.startUplink(journal, { maxRows: 7 });
      if (round % 2 === 0) await untilDelivered(journal, round * 100 + 50);
      await uplink.close();
    }
    await rig.startUplink(journal);
    await untilDelivered(journal, 500);
    expect(rowsStoredOnce(await rig.stored(), journal)).toBe(500);
  });

  it("marks nothing delivered while the hub is down, and delivers all once it is back", async () => {
    const journal = await rig.openJournal();
    await rig.site.hub.stop();
    await appendPunches(journal, 1, 20);
    const uplink = await rig.startUplink(journal);
    await expect.poll(() => uplink.state().kind).toBe("waiting");
    expect(journal.deliveredRow()).toBe(0);
    await rig.site.hub.start();
    await untilDelivered(journal, 20);
    expect(rowsStoredOnce(await rig.stored(), journal)).toBe(20);
  });
});
