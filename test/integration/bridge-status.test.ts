import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FeedStatus } from "../../cloud/bridges/feed-status.ts";
import { postStatuses } from "../../cloud/bridges/status-board.ts";
import { runCloud, writeCloudConfig } from "../support/cloud.ts";
import { type CloudHub, startCloudHub } from "../support/cloud-hub.ts";
import { findNatsServer } from "../support/nats.ts";
import { available } from "../support/parts.ts";
import { type TempDir, tempDir } from "../support/temp.ts";

const running: FeedStatus = {
  destination: "kafka",
  feed: "attendance",
  stream: "ATTENDANCE",
  state: "running",
  position: 120,
  lag: 3,
  recordsTotal: 118,
  batchesTotal: 7,
  batchRecords: 40,
  batchMs: 12,
  restartsTotal: 1,
  fencedTotal: 0,
  deadLettersTotal: 2,
  error: undefined,
};
const halted: FeedStatus = {
  ...running,
  destination: "redis",
  feed: "audit-stream",
  state: "halted",
  error: { code: "bridge.unsafe", message: "maxmemory-policy is allkeys-lru" },
};

describe.skipIf(!available("nats-server", findNatsServer()))("clockleaf bridge status", () => {
  let cloud: CloudHub;
  let dir: TempDir;
  let config: string;
  beforeAll(async () => {
    cloud = await startCloudHub("cloud-consumers");
    dir = tempDir("bridge-status");
    const seedFile = cloud.site.deployment.seedFile("cloud-api");
    const servers = [cloud.site.hub.url];
    config = writeCloudConfig({ dir: dir.path, servers, seedFile, name: "cloud.yaml" }).file;
  });
  afterAll(async () => {
    await cloud[Symbol.asyncDispose]();
    dir.remove();
  });

  /** As a process does that runs these feeds, and says so for the last time `agoMs` ago. */
  async function posted(statuses: readonly FeedStatus[], agoMs = 0): Promise<void> {
    const board = await postStatuses({
      nc: cloud.nc,
      tenant: "acme",
      statuses: () => statuses,
      everyMs: 3_600_000,
      nowMs: () => Date.now() - agoMs,
      log: silentLog(),
    });
    await board.close();
  }
  const status = (...args: string[]) => runCloud(["bridge", "status", "--config", config, ...args]);

  test("says that there are none, and refuses words it does not know", async () => {
    expect(await status()).toMatchObject({ code: 0, stdout: "no bridges\n" });
    expect(await runCloud(["bridge", "restart", "--config", config])).toMatchObject({ code: 2 });
  });

  test("shows every feed, and fails once one has halted", async () => {
    await posted([running]);
    const well = await status();
    expect(well.code).toBe(0);
    expect(well.stdout).toMatch(/^DESTINATION +FEED +STATE +AT +LAG +RECORDS +RESTARTS/m);
    expect(well.stdout).toMatch(/^kafka +attendance +running +120 +3 +118 +1 +0 +2$/m);
    await posted([halted]);
    const bad = await status();
    expect(bad.code).toBe(1);
    expect(bad.stdout).toMatch(/^redis +audit-stream +halted .*bridge\.unsafe: maxmemory-policy/m);
    const json: unknown = JSON.parse((await status("--json")).stdout);
    expect(json).toMatchObject([
      { destination: "kafka", isWell: true, lag: 3 },
      { destination: "redis", isWell: false, state: "halted", error: { code: "bridge.unsafe" } },
    ]);
  });

  test("a feed that nobody runs any more is silent, and that is a failure too", async () => {
    await posted([running, { ...halted, state: "running", error: undefined }], 60_000);
    const { code, stdout } = await status();
    expect(code).toBe(1);
    expect(stdout).toMatch(/^kafka +attendance +silent 6\d s /m);
  });
});
