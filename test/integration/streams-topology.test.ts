import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { jetstreamManager, RetentionPolicy, StorageType } from "@nats-io/jetstream";
import { nanos } from "nats";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { applyTopology } from "../../cloud/streams/apply.ts";
import { declareTopology } from "../../cloud/streams/topology.ts";
import { TEST_TOPOLOGY } from "../support/cloud-hub.ts";
import { findNatsServer, type Site, startHub } from "../support/nats.ts";
import { available } from "../support/parts.ts";

const log = silentLog();

describe.skipIf(!available("nats-server", findNatsServer()))("the declared topology", () => {
  let site: Site;
  const streams = declareTopology(TEST_TOPOLOGY);
  beforeAll(async () => {
    site = await startHub();
  });
  afterAll(() => site.stop());

  test("is created by two processes at once without a quarrel, and applying it again changes nothing", async () => {
    const [one, other] = await Promise.all([
      site.connectCloud("cloud-admin"),
      site.connectCloud("cloud-admin"),
    ]);
    const outcomes = await Promise.all([
      applyTopology({ nc: one, streams, log }),
      applyTopology({ nc: other, streams, log }),
    ]);
    for (const { name } of streams) {
      expect(outcomes.some((outcome) => outcome[name] === "created")).toBe(true);
    }
    const again = await applyTopology({ nc: one, streams, log });
    expect(new Set(Object.values(again))).toEqual(new Set(["unchanged"]));
  });

  test("keeps segments and events from being deleted or pushed out", async () => {
    const nc = await site.connectCloud("cloud-admin");
    const jsm = await jetstreamManager(nc, { checkAPI: false });
    for (const name of ["CLOCK", "EMPLOYEE", "ATTENDANCE"]) {
      const { config } = await jsm.streams.info(name);
      expect(config).toMatchObject({
        deny_delete: true,
        deny_purge: true,
        discard: "new",
        storage: "file",
        allow_direct: true,
      });
    }
    expect((await jsm.streams.info("CLOCK")).config.max_age).toBe(nanos(400 * 86_400_000));
  });

  test("is updated when a size in the configuration changes", async () => {
    const nc = await site.connectCloud("cloud-admin");
    const larger = declareTopology({ ...TEST_TOPOLOGY, clockBytes: 2 * TEST_TOPOLOGY.clockBytes });
    const applied = await applyTopology({ nc, streams: larger, log });
    expect(applied).toMatchObject({ CLOCK: "updated", EMPLOYEE: "unchanged" });
    expect(await applyTopology({ nc, streams, log })).toMatchObject({ CLOCK: "updated" });
  });

  test("says which field the server will not change", async () => {
    const nc = await site.connectCloud("cloud-admin");
    const jsm = await jetstreamManager(nc, { checkAPI: false });
    await jsm.streams.add({
      name: "OTHER",
      subjects: ["other.>"],
      storage: StorageType.Memory,
      retention: RetentionPolicy.Limits,
    });
    const wanted = [{ name: "OTHER", subjects: ["other.>"], storage: StorageType.File }];
    await expect(applyTopology({ nc, streams: wanted, log })).rejects.toMatchObject({
      code: "stream.topology-mismatch",
      details: { stream: "OTHER", field: "storage" },
    });
  });

  test("is refused when another stream holds a subject", async () => {
    const nc = await site.connectCloud("cloud-admin");
    const rival = [{ name: "RIVAL", subjects: ["evt.v1.employee.>"] }];
    await expect(applyTopology({ nc, streams: rival, log })).rejects.toMatchObject({
      code: "stream.topology-mismatch",
      details: { stream: "RIVAL" },
    });
  });

  test("cannot be applied with the rights of a process that only runs", async () => {
    const nc = await site.connectCloud("cloud-consumers");
    const more = [{ name: "MORE", subjects: ["more.>"] }];
    await expect(applyTopology({ nc, streams: more, log })).rejects.toMatchObject({
      code: "stream.not-connected",
    });
  });
});
