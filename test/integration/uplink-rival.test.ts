import { copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { segmentSubject } from "@clockleaf/shared/subjects.ts";
import { CHAIN_START } from "@clockleaf/shared/wire/chain.ts";
import { createNkey, privateKeyOfSeed } from "@clockleaf/shared/wire/nkey.ts";
import { sealSegment } from "@clockleaf/shared/wire/segment.ts";
import { jetstream } from "@nats-io/jetstream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Uplink } from "../../edge-agent/uplink/uplink.ts";
import { eventually } from "../support/eventually.ts";
import { findNatsServer, TEST_GATEWAY } from "../support/nats.ts";
import { available } from "../support/parts.ts";
import {
  appendPunches,
  rowsStoredOnce,
  startUplinkRig,
  type UplinkRig,
  untilDelivered,
} from "../support/uplink-rig.ts";

const halted = (uplink: Uplink): Promise<unknown> =>
  eventually(() => uplink.state().kind === "halted", { what: "the alarm" });

describe.skipIf(!available("nats-server", findNatsServer()))("two writers on one subject", () => {
  let rig: UplinkRig;
  beforeEach(async () => {
    rig = await startUplinkRig();
  });
  afterEach(() => rig[Symbol.asyncDispose]());

  it("a copied journal that goes on by itself stops with an alarm instead of overwriting history", async () => {
    const journal = await rig.openJournal();
    await appendPunches(journal, 1, 10);
    const first = await rig.startUplink(journal);
    await untilDelivered(journal, 10);
    await first.close();
    await journal.close();
    const copyPath = join(rig.site.dir, "copy.db");
    copyFileSync(rig.journalPath, copyPath);

    const original = await rig.openJournal();
    const copy = await rig.openJournal(copyPath);
    const originalUplink = await rig.startUplink(original);
    const copyUplink = await rig.startUplink(copy);
    await appendPunches(original, 11, 12);
    await untilDelivered(original, 12);
    await appendPunches(copy, 901, 903);

    await halted(copyUplink);
    expect(copyUplink.state()).toMatchObject({ code: "uplink.rival-writer" });
    expect(copy.deliveredRow()).toBe(10);
    await appendPunches(original, 13, 20);
    await untilDelivered(original, 20);
    expect(originalUplink.state().kind).toBe("idle");
    expect(rowsStoredOnce(await rig.stored(), original)).toBe(20);
  });

  it("a journal restored from an older backup stops with an alarm", async () => {
    const journal = await rig.openJournal();
    await appendPunches(journal, 1, 5);
    await journal.close();
    const backup = join(rig.site.dir, "backup.db");
    copyFileSync(rig.journalPath, backup);
    const later = await rig.openJournal();
    await appendPunches(later, 6, 9);
    const uplink = await rig.startUplink(later);
    await untilDelivered(later, 9);
    await uplink.close();

    const restored = await rig.openJournal(backup);
    const restoredUplink = await rig.startUplink(restored);
    await halted(restoredUplink);
    expect(restored.deliveredRow()).toBe(0);
  });

  it("a gateway set up anew goes on after its former self, which stops if it still runs", async () => {
    const former = await rig.openJournal();
    await appendPunches(former, 1, 6);
    const formerUplink = await rig.startUplink(former);
    await untilDelivered(former, 6);

    const anew = await rig.openJournal(join(rig.site.dir, "anew.db"));
    await appendPunches(anew, 1, 4);
    const anewUplink = await rig.startUplink(anew);
    await untilDelivered(anew, 4);
    expect((await rig.stored()).map(({ epoch }) => epoch)).toEqual([former.epoch, anew.epoch]);

    await appendPunches(former, 7, 7);
    await halted(formerUplink);
    expect(former.deliveredRow()).toBe(6);
    await appendPunches(anew, 5, 5);
    await untilDelivered(anew, 5);
    expect(anewUplink.state().kind).toBe("idle");
  });

  it.each([
    ["bytes that are no segment", () => new TextEncoder().encode("hello")],
    [
      "a segment signed by another key",
      () =>
        sealSegment(
          {
            v: 1,
            ...TEST_GATEWAY,
            epoch: "someoneels",
            first: 1,
            prev: CHAIN_START,
            rows: [Uint8Array.of(1)],
          },
          privateKeyOfSeed(createNkey().seed),
        ),
    ],
  ])("%s on its subject stop the uplink with an alarm", async (_what, forge) => {
    const nc = await rig.site.connectGateway(TEST_GATEWAY, "hub");
    await jetstream(nc, { checkAPI: false }).publish(segmentSubject(TEST_GATEWAY), forge());
    const journal = await rig.openJournal();
    await appendPunches(journal, 1, 1);
    const uplink = await rig.startUplink(journal);
    await halted(uplink);
    expect(journal.deliveredRow()).toBe(0);
  });

  it("a segment of another gateway signed with this key is not taken for its own", async () => {
    const journal = await rig.openJournal();
    await appendPunches(journal, 1, 1);
    const seed = readFileSync(rig.site.deployment.gateway(TEST_GATEWAY).seedFile, "utf8");
    const range = journal.read(1, { maxRows: 1, maxBytes: 1000 });
    if (range === undefined) throw new Error("no row");
    const body = { v: 1 as const, ...TEST_GATEWAY, site: "elsewhere", ...range };
    const nc = await rig.site.connectGateway(TEST_GATEWAY, "hub");
    await jetstream(nc, { checkAPI: false }).publish(
      segmentSubject(TEST_GATEWAY),
      sealSegment({ ...body, rows: [...range.rows] }, privateKeyOfSeed(seed)),
    );
    await halted(await rig.startUplink(journal));
    expect(journal.deliveredRow()).toBe(0);
  });
});
