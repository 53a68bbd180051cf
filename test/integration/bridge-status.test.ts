import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Destination } from "../../cloud/bridges/bridge.ts";
import { startBridges } from "../../cloud/bridges/bridges.ts";
import type { FeedStatus } from "../../cloud/bridges/feed-status.ts";
import {
  type PostedStatus,
  postStatuses,
  readStatuses,
  type StatusBoard,
} from "../../cloud/bridges/status-board.ts";
import { heldHere } from "../../cloud/eventing/leases.ts";
import { runCloud, writeCloudConfig } from "../support/cloud.ts";
import { type CloudHub, startCloudHub } from "../support/cloud-hub.ts";
import { eventually } from "../support/eventually.ts";
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

/** Takes everything and keeps nothing: what is looked at here is what is said of the feed. */
const NOWHERE: Destination = {
  name: "redis",
  feeds: [{ id: "leave", stream: "LEAVE" }],
  maxRecordBytes: 1_000,
  open: async () => ({
    position: undefined,
    encode: async () => undefined,
    apply: async () => undefined,
    close: async () => undefined,
  }),
  close: async () => undefined,
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

  /** As in a process that runs these feeds. */
  const openBoard = (
    statuses: () => readonly FeedStatus[],
    { everyMs = 3_600_000, agoMs = 0 } = {},
  ): Promise<StatusBoard> =>
    postStatuses({
      nc: cloud.nc,
      tenant: "acme",
      statuses,
      everyMs,
      nowMs: () => Date.now() - agoMs,
      log: silentLog(),
    });
  /** That process says so for the last time `agoMs` ago. */
  async function posted(statuses: readonly FeedStatus[], agoMs = 0): Promise<void> {
    const board = await openBoard(() => statuses, { agoMs });
    await board.close();
  }
  const readFeed = async (name: string): Promise<PostedStatus | undefined> =>
    (await readStatuses(cloud.nc, "acme")).find(({ feed }) => feed === name);
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
    // Once more: on a busy machine each look takes seconds, and after ten of them a feed is silent.
    await posted([running, halted]);
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

  test("a process that stops in order says so of each of its feeds, and then says no more", async () => {
    const bridges = await startBridges({
      nc: cloud.nc,
      tenant: "acme",
      destinations: [NOWHERE],
      limits: { records: 10, bytes: 10_000, lingerMs: 5 },
      leases: heldHere(),
      nowMs: Date.now,
      log: silentLog(),
      postEveryMs: 20,
    });
    await eventually(async () => (await readFeed("leave"))?.state === "running");
    await bridges.close();
    expect(await readFeed("leave")).toMatchObject({ state: "stopped" });
    expect((await status()).stdout).toMatch(/^redis +leave +stopped \d s /m);
  });

  test("stopped long ago it still is stopped, not silent, and nobody running it is a failure", async () => {
    const feed = { ...running, feed: "payroll" };
    let feeds = [feed];
    const board = await openBoard(() => feeds, { everyMs: 10, agoMs: 60_000 });
    await eventually(() => readFeed("payroll"));
    feeds = [];
    await board.postLast({ ...feed, state: "stopped" });
    await board.close();
    const { code, stdout } = await status();
    expect(code).toBe(1);
    expect(stdout).toMatch(/^kafka +payroll +stopped 6\d s /m);
  });

  test("the last word of a process that stops does not undo what its successor has said", async () => {
    const feed = { ...running, feed: "audit" };
    let feeds = [feed];
    const former = await openBoard(() => feeds, { everyMs: 10 });
    await eventually(() => readFeed("audit"));
    // Frozen, its lease runs out, and it is thawed after another process has taken over.
    feeds = [];
    await posted([{ ...feed, position: 200 }]);
    await former.postLast({ ...feed, state: "stopped" });
    await former.close();
    expect(await readFeed("audit")).toMatchObject({ state: "running", position: 200 });
    // One that never said anything of the feed has no last word either.
    const stranger = await openBoard(() => []);
    await stranger.postLast({ ...feed, state: "stopped" });
    await stranger.close();
    expect(await readFeed("audit")).toMatchObject({ state: "running", position: 200 });
  });
});
