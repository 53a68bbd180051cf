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
import { createMemoryVault } from "./eventing/vault.ts";
import { type Heartbeats, listenForHeartbeats } from "./fleet/heartbeats.ts";
import { openGatewayRegistry } from "./fleet/registry.ts";
import { serveRoster } from "./fleet/roster.ts";
import { fleetRoutes } from "./fleet/routes.ts";
import { openSiteRules } from "./fleet/site-rules.ts";
import { startNotification } from "./notification/notification.ts";
import { createNotificationRoutes } from "./notification/routes.ts";
import { applyTopology } from "./streams/apply.ts";
import { declareTopology } from "./streams/topology.ts";
import { createWorkflowRoutes } from "./workflow/routes.ts";
import { startWorkflow } from "./workflow/workflow.ts";

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
  const { tenant, rules, dataDir } = config;
  const isWorking = role !== "api";
  const vault = createMemoryVault();
  const eventStore = await openJsEventStore({ nc });
  // Two processes must not write one file: an API beside the consumers keeps read models of its own.
  const own = isWorking ? dataDir : join(dataDir, "api");
  const context = { nc, eventStore, vault, tenant, dataDir: own, nowMs, log, isWorking };
  const { contexts, routers, recalculation } = await startContexts(context, options, onClose);
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

interface Started {
  readonly contexts: readonly RunningContext[];
  readonly routers: readonly ApiRouter[];
  readonly recalculation: Recalculation | undefined;
}

/** Every context, in the order in which one may want the events of another. */
async function startContexts(
  context: ContextOptions,
  { config }: PartsOptions,
  onClose: OnClose,
): Promise<Started> {
  const keep = <C extends RunningContext>(started: C): C => {
    onClose(() => started.close());
    return started;
  };
  const { rules, dataDir } = config;
  const employee = keep(await startEmployee(context));
  const attendance = keep(await startAttendance({ ...context, rules, intakeDir: dataDir }));
  const employeeOf = (key: string): string | undefined =>
    config.apiKeys.find(({ name }) => name === key)?.employeeId;
  const workflow = keep(await startWorkflow({ ...context, config: config.workflow, employeeOf }));
  const employeesOfRole = (role: string): string[] =>
    config.apiKeys.flatMap(({ employeeId, roles }) =>
      employeeId !== undefined && roles.includes(role) ? [employeeId] : [],
    );
  const notification = keep(
    await startNotification({ ...context, config: config.notification, employeesOfRole }),
  );
  return {
    contexts: [employee, attendance, workflow, notification],
    routers: [
      createEmployeeRoutes(employee.routes),
      createAttendanceRoutes(attendance.routes),
      createWorkflowRoutes(workflow.routes),
      createNotificationRoutes(notification.routes),
    ],
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
