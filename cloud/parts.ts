import { join } from "node:path";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import type { NatsConnection } from "nats";
import { createLive, type Live } from "./api/live.ts";
import { type RunningTail, startLiveTail } from "./api/live-tail.ts";
import type { ApiRouter } from "./api/router.ts";
import { startAttendance } from "./attendance/attendance.ts";
import type { Recalculation } from "./attendance/recalculation.ts";
import { createAttendanceRoutes } from "./attendance/routes.ts";
import type { CloudConfig, Role } from "./config.ts";
import { startEmployee } from "./employee/employee.ts";
import { createEmployeeRoutes } from "./employee/routes.ts";
import type { ConsumerRunner } from "./eventing/consumer-runner.ts";
import type { ContextOptions, RunningContext } from "./eventing/context.ts";
import { openJsEventStore } from "./eventing/js-event-store.ts";
import type { ProjectionRunner } from "./eventing/projection.ts";
import { type Heartbeats, listenForHeartbeats } from "./fleet/heartbeats.ts";
import { openGatewayRegistry } from "./fleet/registry.ts";
import { serveRoster } from "./fleet/roster.ts";
import { fleetRoutes } from "./fleet/routes.ts";
import { openSiteRules } from "./fleet/site-rules.ts";
import { openPlace } from "./read-models.ts";
import { applyTopology } from "./streams/apply.ts";
import { declareTopology } from "./streams/topology.ts";
import { openKvVault } from "./vault/kv-vault.ts";

export interface PartsOptions {
  readonly config: CloudConfig;
  readonly role: Role;
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
  readonly projections: readonly ProjectionRunner[];
  readonly consumers: readonly ConsumerRunner[];
  readonly recalculation: Recalculation | undefined;
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
  const { rules } = config;
  const isWorking = role !== "api";
  // Two processes must not write one file: an API beside the consumers keeps read models of its own.
  const dir = isWorking ? config.dataDir : join(config.dataDir, "api");
  const readModels = openPlace(config, { dir, isApplied: isWorking, log });
  onClose(() => readModels.close());
  const where = { dataDir: readModels.place, isWorking };
  const { contexts, routers, recalculation } = await openContexts(options, where, onClose);
  if (isWorking) {
    const siteRules = await openSiteRules(nc, { book: rules, nowMs, log });
    const roster = await serveRoster({ nc, log, rules: siteRules });
    onClose(() => roster.close());
  }
  const running = {
    projections: contexts.flatMap(({ projections }) => projections),
    consumers: contexts.flatMap(({ consumers }) => consumers),
    recalculation,
  };
  if (role === "consumers") return { ...running, ...NO_API };
  return { ...running, ...(await openApi(options, routers, onClose)) };
}

/** What contexts need of a process, whatever it does with them. */
export type ContextSources = Pick<PartsOptions, "config" | "nc" | "log" | "nowMs">;

/** Starts the contexts with their read models where `where` says. */
export async function openContexts(
  sources: ContextSources,
  where: Pick<ContextOptions, "dataDir" | "isWorking">,
  onClose: OnClose,
): Promise<Started> {
  const { config, nc, log, nowMs } = sources;
  const vault = await openKvVault({ nc, ...config.vault, nowMs, log });
  onClose(() => vault.close());
  const eventStore = await openJsEventStore({ nc, vault });
  const { tenant } = config;
  const context = { nc, eventStore, vault, tenant, nowMs, log, ...where };
  return await startContexts(context, sources, onClose);
}

interface Started {
  readonly contexts: readonly RunningContext[];
  readonly routers: readonly ApiRouter[];
  readonly recalculation: Recalculation | undefined;
}

/** Every context, in the order in which one may want the events of another. */
async function startContexts(
  context: ContextOptions,
  { config: { rules, dataDir, attendance: config, employee: settings } }: ContextSources,
  onClose: OnClose,
): Promise<Started> {
  const keep = <C extends RunningContext>(started: C): C => {
    onClose(() => started.close());
    return started;
  };
  const employee = keep(await startEmployee({ ...context, settings }));
  const attendance = keep(await startAttendance({ ...context, rules, intakeDir: dataDir, config }));
  return {
    contexts: [employee, attendance],
    routers: [createEmployeeRoutes(employee.routes), createAttendanceRoutes(attendance.routes)],
    recalculation: attendance.recalculation,
  };
}

type ApiParts = Pick<Parts, "routers" | "heartbeats" | "live" | "tail">;
const NO_API: ApiParts = { routers: [], heartbeats: undefined, live: undefined, tail: undefined };

/** The contexts' routes and what the API needs besides them. */
async function openApi(
  options: PartsOptions,
  contextRoutes: readonly ApiRouter[],
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
  const fleet = fleetRoutes({ tenant, registry, heartbeats, nowMs });
  const routers = [...contextRoutes, fleet, live.routes];
  return { routers, heartbeats, live, tail };
}
