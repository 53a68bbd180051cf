import {
  badgeAssigned,
  badgeWithdrawn,
  departmentChanged,
  employeeActivated,
  employeeCreated,
  employeeDeactivated,
  employeeReactivated,
  employeeSuspended,
  employeeTerminated,
  employeeUpdated,
  leaveEnded,
  leaveStarted,
  managerChanged,
  personErased,
  probationCompleted,
  probationStarted,
} from "@clockleaf/shared/events/employee.ts";
import { leaveBegan, leaveFinished } from "@clockleaf/shared/events/leave.ts";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { BUCKETS, STREAMS } from "@clockleaf/shared/subjects.ts";
import { jetstreamManager } from "@nats-io/jetstream";
import { connectionGate } from "../eventing/connection-gate.ts";
import type { ConsumerRunner } from "../eventing/consumer-runner.ts";
import type { ContextOptions, RunningContext } from "../eventing/context.ts";
import type { ProjectionRunner } from "../eventing/projection.ts";
import { createProjectionRunner } from "../eventing/projection-runner.ts";
import { createReaction, type Reaction, restartReaction } from "../eventing/reaction.ts";
import { openReadModel } from "../eventing/read-model.ts";
import { createTicker } from "../eventing/ticker.ts";
import { isNeverWritten } from "./bucket.ts";
import { createEmployeeCommands, type EmployeeCommands } from "./commands.ts";
import { type EmployeeConfig, employeeConfigSchema } from "./config.ts";
import { openDirectoryWriter } from "./directory.ts";
import { settleDue } from "./due.ts";
import { createFollowUp } from "./follow-up.ts";
import { openProfileWriter } from "./profiles.ts";
import { employeeProjection } from "./projection.ts";
import type { Db } from "./reads.ts";
import type { EmployeeRoutesDeps } from "./routes.ts";
import { type RunningLeave, runningLeavesOf, runningLeavesProjection } from "./running-leaves.ts";

/** All that changes a person's state or profile. */
const PERSON_TYPES = [
  employeeCreated,
  employeeUpdated,
  employeeDeactivated,
  employeeActivated,
  employeeSuspended,
  employeeReactivated,
  employeeTerminated,
  departmentChanged,
  managerChanged,
  leaveStarted,
  leaveEnded,
  probationStarted,
  probationCompleted,
  personErased,
].map(({ type }) => type);
/** All that decides which badge opens for whom, and how its holder is greeted. */
const DIRECTORY_TYPES = [
  employeeCreated,
  employeeUpdated,
  employeeDeactivated,
  employeeActivated,
  employeeSuspended,
  employeeReactivated,
  employeeTerminated,
  personErased,
  badgeAssigned,
  badgeWithdrawn,
].map(({ type }) => type);

export interface EmployeeOptions extends ContextOptions {
  /** As in the configuration; its defaults unless told. */
  readonly settings?: EmployeeConfig;
}

export interface EmployeeContext extends RunningContext {
  /** What `createEmployeeRoutes` needs. */
  readonly routes: EmployeeRoutesDeps;
}

/**
 * Starts the whole context: read models, the buckets that gateways and other services are fed from, and what follows from
 * events and time. It then keeps itself running.
 */
export async function startEmployee(options: EmployeeOptions): Promise<EmployeeContext> {
  const { nc, eventStore, vault, tenant, dataDir, nowMs, log } = options;
  const { zone } = options.settings ?? employeeConfigSchema.parse({});
  const model = await openReadModel(dataDir, employeeProjection(tenant));
  const leaves = await openReadModel(dataDir, runningLeavesProjection(tenant));
  const projection = createProjectionRunner({ nc, model, log, vault });
  const leavesProjection = createProjectionRunner({ nc, model: leaves, log });
  projection.start();
  leavesProjection.start();
  const commands = createEmployeeCommands(eventStore, tenant);
  const parts: Parts = {
    db: model.db,
    commands,
    isUpTo: (seq) => upTo(projection, seq),
    async runningLeaves(employeeId) {
      await upTo(leavesProjection, await lastSeqOf(options, STREAMS.leave));
      return await runningLeavesOf(leaves.db, employeeId);
    },
  };
  const working = options.isWorking ? await startWorking(options, parts) : IDLE;
  return {
    routes: {
      commands,
      vault,
      tenant,
      zone,
      db: model.db,
      waitFor: (seq, timeoutMs) => projection.waitFor(seq, timeoutMs),
      nowMs,
    },
    projections: [projection, leavesProjection],
    consumers: working.consumers,
    async close() {
      await working.close();
      await Promise.all([projection.close(), leavesProjection.close()]);
      await Promise.all([model.close(), leaves.close()]);
    },
  };
}

interface Parts {
  readonly db: Db;
  readonly commands: EmployeeCommands;
  readonly isUpTo: (seq: number) => Promise<void>;
  readonly runningLeaves: (employeeId: string) => Promise<readonly RunningLeave[]>;
}

interface Working {
  readonly consumers: readonly ConsumerRunner[];
  close(): Promise<void>;
}
const IDLE: Working = { consumers: [], close: () => Promise.resolve() };

async function startWorking(options: EmployeeOptions, parts: Parts): Promise<Working> {
  const { nowMs, log } = options;
  const { checkEverySeconds } = options.settings ?? employeeConfigSchema.parse({});
  const reactions = [...(await bucketWriters(options, parts)), ...followUps(options, parts)];
  // Without the vault: names come from the read model, and nothing else here needs a key.
  const { vault: _vault, ...sources } = options;
  const consumers = reactions.map((reaction) =>
    createReaction({ ...sources, context: "employee" }, reaction),
  );
  for (const consumer of consumers) consumer.start();
  const ticker = createTicker({
    ...options,
    name: "employee-due",
    everyMs: checkEverySeconds * 1000,
    log,
    nowMs,
    work: (now, signal) => settleDue({ ...parts, log }, now, signal),
  });
  ticker.start();
  return {
    consumers,
    async close() {
      await ticker.close();
      await Promise.all(consumers.map((consumer) => consumer.close()));
    },
  };
}

/** Keep the bucket that gateways' rosters are read from, and that of profiles, in step with EMPLOYEE. */
async function bucketWriters(options: EmployeeOptions, parts: Parts): Promise<Reaction[]> {
  const { nc, tenant } = options;
  const { zone } = options.settings ?? employeeConfigSchema.parse({});
  const deps = { nc, tenant, ...parts };
  const directory = await openDirectoryWriter(deps);
  const writeProfile = await openProfileWriter({ ...deps, zone });
  const writers: ReadonlyArray<Reaction & { readonly bucket: string }> = [
    {
      bucket: BUCKETS.directory,
      name: "directory",
      domain: "employee",
      types: DIRECTORY_TYPES,
      handle: (stored) => directory.onEmployee(stored),
    },
    {
      bucket: BUCKETS.profiles,
      name: "profiles",
      domain: "employee",
      types: PERSON_TYPES,
      handle: writeProfile,
    },
  ];
  for (const writer of writers) {
    if (!(await isNeverWritten(nc, writer.bucket))) continue;
    await restartReaction({ nc, tenant, context: "employee" }, writer);
  }
  return [...writers];
}

function followUps(options: EmployeeOptions, parts: Parts): Reaction[] {
  const followUp = createFollowUp({ ...options, ...parts });
  return [
    {
      name: "follow-up",
      domain: "employee",
      types: PERSON_TYPES,
      handle: (stored) => followUp.onEmployee(stored),
    },
    {
      name: "leave",
      domain: "leave",
      types: [leaveBegan.type, leaveFinished.type],
      handle: (stored) => followUp.onLeave(stored),
    },
  ];
}

const READ_MODEL_MS = 5_000;

async function upTo(projection: ProjectionRunner, seq: number): Promise<void> {
  if (await projection.waitFor(seq, READ_MODEL_MS)) return;
  throw new PlatformError("stream.not-connected", "the read model is behind", { retriable: true });
}

async function lastSeqOf({ nc }: ContextOptions, stream: string): Promise<number> {
  try {
    const jsm = await jetstreamManager(nc, { checkAPI: false });
    const { state } = await connectionGate(nc).orLost(jsm.streams.info(stream));
    return state.last_seq;
  } catch (error) {
    throw new PlatformError("stream.not-connected", "the hub did not answer", {
      retriable: true,
      cause: error,
    });
  }
}
