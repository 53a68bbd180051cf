import { isRetriable } from "@clockleaf/shared/lib/errors.ts";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { retry } from "@clockleaf/shared/lib/retry.ts";
import type { NatsConnection } from "nats";
import { applyTopology } from "../../cloud/streams/apply.ts";
import { declareTopology, topologyConfigSchema } from "../../cloud/streams/topology.ts";
import type { CloudRole } from "../../deploy/nats/permissions.ts";
import { type Site, startHub } from "./nats.ts";

const MIB = 1024 ** 2;

/** Small, for a test fills little of it. */
export const TEST_TOPOLOGY = topologyConfigSchema.parse({
  clockBytes: 64 * MIB,
  domainBytes: 64 * MIB,
  deadLetterBytes: 16 * MIB,
  queueBytes: 16 * MIB,
  bucketBytes: 8 * MIB,
  documentBytes: 64 * MIB,
});

/** Creates every stream and bucket on a test hub. */
export async function applyTestTopology(site: Site): Promise<void> {
  const admin = await site.connectCloud("cloud-admin");
  const replicas = site.hubs.length === 3 ? 3 : 1;
  const streams = declareTopology({ ...TEST_TOPOLOGY, replicas });
  const { signal } = new AbortController();
  // The servers of a cluster need a moment to find each other.
  await retry(() => applyTopology({ nc: admin, streams, log: silentLog() }), {
    signal,
    shouldRetry: isRetriable,
  });
  await admin.close();
}

export interface CloudHub extends AsyncDisposable {
  readonly site: Site;
  /** Connected in the role asked for. */
  readonly nc: NatsConnection;
}

/** A hub with all streams and a connection to it: what most tests of the cloud need. */
export async function startCloudHub(role: CloudRole = "cloud-all"): Promise<CloudHub> {
  const site = await startHub();
  try {
    await applyTestTopology(site);
    const nc = await site.connectCloud(role);
    return { site, nc, [Symbol.asyncDispose]: () => site.stop() };
  } catch (error) {
    await site.stop();
    throw error;
  }
}
