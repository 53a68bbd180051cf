import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import { jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "nats";
import type { Conventions } from "./api/conventions.ts";
import { openIdempotencyBucket } from "./api/idempotency-bucket.ts";
import { createLive, type Live } from "./api/live.ts";
import { type RunningTail, startLiveTail } from "./api/live-tail.ts";
import type { ApiRouter } from "./api/router.ts";
import type { Recalculation } from "./attendance/recalculation.ts";
import type { RunningBridges } from "./bridges/bridges.ts";
import { openBridges } from "./bridges/open-bridges.ts";
import type { CloudConfig, Role } from "./config.ts";
import { type Contexts, startContexts } from "./contexts.ts";
import type { ConsumerRunner } from "./eventing/consumer-runner.ts";
import type { ContextOptions } from "./eventing/context.ts";
import type { EventStore } from "./eventing/event-store.ts";
import { openJsEventStore } from "./eventing/js-event-store.ts";
import { createLeases } from "./eventing/kv-leases.ts";
import { openLeaseBucket } from "./eventing/lease-bucket.ts";
import { heldNowhere, type Leases, type RunningLeases } from "./eventing/leases.ts";
import type { ProjectionRunner } from "./eventing/projection.ts";
import { type GatewayView, gatewayView } from "./fleet/gateway-view.ts";
import { type Heartbeats, listenForHeartbeats } from "./fleet/heartbeats.ts";
import { openGatewayRegistry, type Registered } from "./fleet/registry.ts";
import { serveRoster } from "./fleet/roster.ts";
import { fleetRoutes } from "./fleet/routes.ts";
import { openSiteRules } from "./fleet/site-rules.ts";
import type { Access } from "./identity/access.ts";
import type { IdentityContext } from "./identity/identity.ts";
import { platformRoutes } from "./platform/routes.ts";
import { openPlace } from "./read-models.ts";
import { siteRoutes } from "./sites/routes.ts";
import type { SiteGateway } from "./sites/sources.ts";
import { applyTopology } from "./streams/apply.ts";
import { declareTopology, LEASE_TTL_MS } from "./streams/topology.ts";
import { openKvVault } from "./vault/kv-vault.ts";

export interface PartsOptions {
  readonly config: CloudConfig;
  readonly role: Role;
  /** Name of this process among those of its role. */
  readonly instance: string;
  readonly nc: NatsConnection;
  readonly log: Log;
  readonly nowMs: () => number;
  readonly onHeartbeatDiscarded: (reason: string) => void;
  /** Aborts when the process stops. */
  readonly signal: AbortSignal;
}

/** Everything that needs the hub, running. */
export interface Parts {
  /** For `/api/v1`; none where this process serves no API. */
  readonly routers: readonly ApiRouter[];
  /** Who may do what to whom. Every face asks this one. */
  readonly access: Access;
  /** What all routes have in common; undefined where this process serves no API. */
  readonly conventions: Conventions | undefined;
  readonly projections: readonly ProjectionRunner[];
  readonly consumers: readonly ConsumerRunner[];
  readonly recalculation: Recalculation | undefined;
  /** Who may enter. */
  readonly identity: IdentityContext;
  readonly webhooks: Contexts["webhooks"];
  /** What of the bridges this process runs; undefined where it does not work through the streams. */
  readonly bridges: RunningBridges | undefined;
  /** Undefined where this process does not work through the streams. */
  readonly leases: RunningLeases | undefined;
  readonly heartbeats: Heartbeats | undefined;
  readonly live: Live | undefined;
  readonly tail: RunningTail | undefined;
  close(): Promise<void>;
}

type OnClose = (step: () => Promise<void> | void) => void;

/**
 * Makes the streams (role `all` only; the others may not, and wait for them), starts the contexts and wires them to the
 * API. All or nothing: what was opened before a failure is closed again.
 */
export async function openParts(options: PartsOptions): Promise<Parts> {
  const steps: Array<() => Promise<void> | void> = [];
  const close = async (): Promise<void> => {
    for (const step of steps.splice(0).toReversed()) await step();
  };
  try {
    return { ...(await open(options, (step) => steps.push(step))), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function open(options: PartsOptions, onClose: OnClose): Promise<Omit<Parts, "close">> {
  const { config, role, nc, log, nowMs } = options;
  if (role === "all") {
    await applyTopology({ nc, streams: declareTopology(config.streams), log });
  }
  const isWorking = role !== "api";
  const readModels = openPlace(config, { dir: ownFolder(options), isApplied: isWorking, log });
  onClose(() => readModels.close());
  const leases = isWorking ? await openLeases(options) : undefined;
  if (leases !== undefined) onClose(() => leases.close());
  const where = {
    dataDir: readModels.place,
    isWorking,
    leases: leases ?? heldNowhere(),
  };
  const contexts = await openContexts(options, where, onClose);
  const bridges = leases === undefined ? undefined : await openOwnBridges(options, leases);
  if (bridges !== undefined) onClose(() => bridges.close());
  leases?.start();
  if (isWorking) {
    const siteRules = await openSiteRules(nc, { book: config.rules, nowMs, log });
    const roster = await serveRoster({ nc, log, rules: siteRules });
    onClose(() => roster.close());
  }
  const running = {
    projections: contexts.running.flatMap(({ projections }) => projections),
    consumers: contexts.running.flatMap(({ consumers }) => consumers),
    recalculation: contexts.recalculation,
    identity: contexts.identity,
    access: contexts.access,
    webhooks: contexts.webhooks,
    bridges,
    leases,
  };
  if (role === "consumers") return { ...running, ...NO_API };
  const platform = platformRoutes({
    nc,
    tenant: config.tenant,
    nowMs,
    streams: declareTopology(config.streams).map(({ name }) => name),
    place: typeof readModels.place === "string" ? config.dataDir : readModels.place,
    ownFolder: role === "all" ? "" : options.instance,
    projections: running.projections,
    ownLeases: leases === undefined ? undefined : () => leases.status(),
  });
  const routers = [...contexts.routers, platform];
  return { ...running, ...(await openApi(options, { ...contexts, routers }, onClose)) };
}

/** Two processes must not write one file: each keeps read models of its own. */
function ownFolder({ config, role, instance }: PartsOptions): string {
  return role === "all" ? config.dataDir : join(config.dataDir, instance);
}

async function openLeases({ config, instance, nc, log }: PartsOptions): Promise<RunningLeases> {
  const bucket = await openLeaseBucket(nc, config.tenant);
  const session = `${instance}-${randomUUID().slice(0, 8)}`;
  return createLeases({ bucket, session, ttlMs: LEASE_TTL_MS, log });
}

async function openOwnBridges(
  { config, nc, nowMs, log }: PartsOptions,
  leases: Leases,
): Promise<RunningBridges> {
  const { tenant, bridges, vault } = config;
  return await openBridges({ nc, tenant, config: bridges, ...vault, leases, nowMs, log });
}

/** What contexts need of a process, whatever it does with them. */
export type ContextSources = Pick<PartsOptions, "config" | "nc" | "log" | "nowMs">;

export interface OpenContexts extends Contexts {
  readonly eventStore: EventStore;
  /** See the vault. */
  readonly secretFor: (purpose: string) => Uint8Array;
}

/** Starts the contexts with their read models where `where` says. */
export async function openContexts(
  { config, nc, log, nowMs }: ContextSources,
  where: Pick<ContextOptions, "dataDir" | "isWorking" | "leases">,
  onClose: OnClose,
): Promise<OpenContexts> {
  const { tenant, testHooks } = config;
  const vault = await openKvVault({ nc, ...config.vault, nowMs, log });
  onClose(() => vault.close());
  const eventStore = await openJsEventStore({ nc, vault });
  const hooks = testHooks === undefined ? {} : { testHooks };
  const context = { nc, eventStore, vault, tenant, nowMs, log, ...where, ...hooks };
  return {
    ...(await startContexts(context, config, onClose)),
    eventStore,
    secretFor: (purpose) => vault.secretFor(purpose),
  };
}

type ApiParts = Pick<Parts, "conventions" | "routers" | "heartbeats" | "live" | "tail">;
const NO_API: ApiParts = {
  routers: [],
  conventions: undefined,
  heartbeats: undefined,
  live: undefined,
  tail: undefined,
};

/** The contexts' routes and what the API needs besides them. */
async function openApi(
  options: PartsOptions,
  contexts: OpenContexts,
  onClose: OnClose,
): Promise<ApiParts> {
  const { nc, log, nowMs, signal } = options;
  const { tenant } = options.config;
  const heartbeats = listenForHeartbeats({
    nc,
    tenant,
    nowMs,
    onDiscarded: options.onHeartbeatDiscarded,
  });
  onClose(() => heartbeats.close());
  const registry = await openGatewayRegistry(nc, tenant);
  const tail = startLiveTail(nc, log);
  onClose(() => tail.close());
  const live = createLive({ tail, signal });
  const { eventStore } = contexts;
  const fleet = fleetRoutes({ nc, tenant, eventStore, registry, heartbeats, nowMs, log });
  const seen = (found: Registered): SiteGateway =>
    siteGateway(gatewayView(found, heartbeats.lastSeen(found.address), nowMs()));
  const sites = siteRoutes({
    ...contexts.sites,
    gateways: async () => (await registry.list()).map(seen),
    gatewaysAt: async (site) => (await registry.at(site)).map(seen),
    nowMs,
  });
  const routers = [...contexts.routers, sites, fleet, live.routes];
  return { routers, conventions: await conventionsOf(options, contexts), heartbeats, live, tail };
}

/** What is signed or kept for one process is so for all of them: by the vault's master key, and in a bucket. */
async function conventionsOf(
  { config, nc, nowMs }: PartsOptions,
  { running, secretFor }: OpenContexts,
): Promise<Conventions> {
  const models = running.flatMap(({ projections }) => projections);
  const jsm = await jetstreamManager(nc, { checkAPI: false });
  return {
    secret: secretFor("clockleaf api"),
    nowMs,
    rateLimit: config.http.rateLimit,
    idempotency: { bucket: await openIdempotencyBucket(nc, config.tenant) },
    readYourWrites: {
      models: () => models,
      lastSeq: async (stream) => (await jsm.streams.info(stream)).state.last_seq,
    },
  };
}

function siteGateway({
  site,
  gateway,
  name,
  zone,
  status,
  isOnline,
  live,
}: GatewayView): SiteGateway {
  const lastSeenAtMs = live === null ? null : Date.parse(live.lastSeenAt);
  const backlogRows = live?.backlogRows ?? null;
  return { site, gateway, name, zone, status, isOnline, lastSeenAtMs, backlogRows };
}
