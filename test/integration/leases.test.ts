import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { connectNats } from "@clockleaf/shared/lib/nats-connection.ts";
import { CLOUD_INBOX } from "@clockleaf/shared/subjects.ts";
import type { NatsConnection } from "nats";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createLeases } from "../../cloud/eventing/kv-leases.ts";
import { type LeaseBucket, openLeaseBucket } from "../../cloud/eventing/lease-bucket.ts";
import type { RunningLeases, Tenure } from "../../cloud/eventing/leases.ts";
import { runWhileLeased } from "../../cloud/eventing/run-while-leased.ts";
import { LEASE_TTL_MS } from "../../cloud/streams/topology.ts";
import { type CloudHub, startCloudHub } from "../support/cloud-hub.ts";
import { eventually } from "../support/eventually.ts";
import { findNatsServer } from "../support/nats.ts";
import { available } from "../support/parts.ts";
import { startTcpProxy, type TcpProxy } from "../support/tcp-proxy.ts";

const log = silentLog();

/** Who has held what, and whether ever two did at once. */
interface Watch {
  readonly holder: Map<string, string>;
  readonly overlaps: string[];
}

const newWatch = (): Watch => ({ holder: new Map(), overlaps: [] });
/** Attaches work to all eight shares that notes whether another's tenure is still valid when it begins. */
const attach = (
  { holder, overlaps }: Watch,
  tenures: Map<string, Tenure>,
  who: { readonly name: string; readonly leases: RunningLeases },
): void => {
  for (let share = 0; share < 8; share += 1) {
    const lease = who.leases.share(share);
    lease.attach({
      begin(tenure) {
        const before = tenures.get(lease.name);
        if (before?.isValid() === true) overlaps.push(`${lease.name}: ${who.name}`);
        tenures.set(lease.name, tenure);
        holder.set(lease.name, who.name);
      },
      end: () => Promise.resolve(),
    });
  }
  who.leases.start();
};
const heldBy = ({ holder }: Watch, name: string): number =>
  [...holder.values()].filter((each) => each === name).length;

describe.skipIf(!available("nats-server", findNatsServer()))("leases", () => {
  let cloud: CloudHub;
  let proxy: TcpProxy;
  let tenants = 0;
  const running: RunningLeases[] = [];
  beforeAll(async () => {
    cloud = await startCloudHub("cloud-consumers");
    const port = Number(new URL(cloud.site.hub.url).port);
    proxy = await startTcpProxy(() => port);
  });
  afterEach(async () => {
    proxy.resume();
    await Promise.all(running.splice(0).map((each) => each.close()));
  });
  afterAll(async () => {
    await proxy.close();
    await cloud[Symbol.asyncDispose]();
  });

  /** A tenant of its own for each test. */
  const newTenant = (): string => `t${(tenants += 1)}`;
  const behindProxy = async (): Promise<NatsConnection> =>
    cloud.site.closeLater(
      await connectNats({
        servers: [`nats://127.0.0.1:${proxy.port}`],
        seedFile: cloud.site.deployment.seedFile("cloud-consumers"),
        name: "behind-proxy",
        inboxPrefix: CLOUD_INBOX,
        log,
      }),
    );
  const process = async (
    name: string,
    tenant: string,
    nc = cloud.nc,
  ): Promise<{ readonly leases: RunningLeases; readonly bucket: LeaseBucket }> => {
    const bucket = await openLeaseBucket(nc, tenant);
    const leases = createLeases({ bucket, session: name, ttlMs: LEASE_TTL_MS, log });
    running.push(leases);
    return { leases, bucket };
  };
  test("of a process whose link is cut are over before another has them, and come back to it evenly", async () => {
    const tenant = newTenant();
    const watch = newWatch();
    const tenures = new Map<string, Tenure>();
    const cut = await process("cut", tenant, await behindProxy());
    attach(watch, tenures, { name: "cut", leases: cut.leases });
    await eventually(() => heldBy(watch, "cut") === 8);
    const other = await process("other", tenant);
    attach(watch, tenures, { name: "other", leases: other.leases });
    await eventually(() => heldBy(watch, "cut") === 4 && heldBy(watch, "other") === 4);

    for (const how of ["cut", "freeze"] as const) {
      proxy[how]();
      await eventually(() => heldBy(watch, "other") === 8, { timeoutMs: 15_000 });
      expect(cut.leases.status().held).toEqual([]);
      await eventually(() => !cut.leases.status().isInTouch);
      proxy.resume();
      await eventually(
        () => cut.leases.status().held.length === 4 && other.leases.status().held.length === 4,
        { timeoutMs: 40_000 },
      );
    }
    expect(cut.leases.status().lostTotal).toBeGreaterThanOrEqual(8);
    expect(watch.overlaps).toEqual([]);
  });

  test("are kept while their work takes its time to stop, and given back only then", async () => {
    const tenant = newTenant();
    const first = await process("first", tenant);
    const stopped = Promise.withResolvers<void>();
    const story: string[] = [];
    runWhileLeased(first.leases.single("slow"), log, () => {
      story.push("first begins");
      return {
        async close() {
          await stopped.promise;
          story.push("first ends");
        },
      };
    });
    first.leases.start();
    await eventually(() => story.length === 1);
    const second = await process("second", tenant);
    runWhileLeased(second.leases.single("slow"), log, () => {
      story.push("second begins");
      return { close: () => undefined };
    });
    second.leases.start();
    const closing = first.leases.close();
    // Longer than an entry lives without renewal: were it not renewed, the second would have it by now.
    const sinceMs = performance.now();
    await eventually(() => performance.now() - sinceMs > LEASE_TTL_MS + 1_500);
    expect(story).toEqual(["first begins"]);
    stopped.resolve();
    await closing;
    await eventually(() => story.length === 3);
    expect(story).toEqual(["first begins", "first ends", "second begins"]);
  });

  test("that nobody holds for long are told", async () => {
    const { leases } = await process("idle", newTenant());
    leases.single("unwanted");
    leases.start();
    expect(leases.status().orphans).toEqual([]);
    await eventually(() => leases.status().orphans.includes("unwanted"), { timeoutMs: 15_000 });
  });

  test("whose start fails are tried again, and closed in order", async () => {
    const { leases } = await process("retrying", newTenant());
    let tries = 0;
    const story: string[] = [];
    const run = runWhileLeased(leases.single("flaky"), log, () => {
      tries += 1;
      if (tries < 3) throw new Error("not yet");
      story.push("began");
      return { close: () => void story.push("closed") };
    });
    leases.start();
    await eventually(() => story.length === 1);
    await run.close();
    expect(story).toEqual(["began", "closed"]);
    expect(tries).toBe(3);
  });
});
