import type { Log } from "@clockleaf/shared/lib/log.ts";
import { domainSubjects, parseEventSubject, STREAMS } from "@clockleaf/shared/subjects.ts";
import type { NatsConnection } from "nats";
import { type ConsumerRunner, createConsumerRunner } from "../eventing/consumer-runner.ts";
import { storedEventOf } from "../eventing/event-message.ts";
import type { EventStore } from "../eventing/event-store.ts";
import type { ProjectionRunner } from "../eventing/projection.ts";
import { createProjectionRunner } from "../eventing/projection-runner.ts";
import { openReadModel } from "../eventing/read-model.ts";
import { createEmployeeCommands } from "./commands.ts";
import { openDirectoryWriter, rereadIfEmpty } from "./directory.ts";
import { employeeProjection } from "./projection.ts";
import type { EmployeeRoutesDeps } from "./routes.ts";

const DIRECTORY_CONSUMER = "employee-directory";

export interface EmployeeOptions {
  readonly nc: NatsConnection;
  readonly eventStore: EventStore;
  readonly tenant: string;
  readonly dataDir: string;
  readonly nowMs: () => number;
  readonly log: Log;
  /** False: read model and commands only, for a process beside the one that works through the streams. */
  readonly isWorking?: boolean;
}

export interface EmployeeContext {
  /** What `createEmployeeRoutes` needs. */
  readonly routes: EmployeeRoutesDeps;
  readonly projections: readonly ProjectionRunner[];
  readonly consumers: readonly ConsumerRunner[];
  close(): Promise<void>;
}

/** Starts the whole context: read model, and the directory that gateways are fed from. It then keeps itself running. */
export async function startEmployee(options: EmployeeOptions): Promise<EmployeeContext> {
  const { nc, eventStore, tenant, dataDir, nowMs, log } = options;
  const model = await openReadModel(dataDir, employeeProjection(tenant));
  const projection = createProjectionRunner({ nc, model, log });
  projection.start();
  const waitFor = (seq: number, timeoutMs: number) => projection.waitFor(seq, timeoutMs);
  const consumers =
    options.isWorking === false ? [] : [await startDirectory(options, { db: model.db, waitFor })];
  return {
    routes: { commands: createEmployeeCommands(eventStore, tenant), db: model.db, waitFor, nowMs },
    projections: [projection],
    consumers,
    async close() {
      await Promise.all([...consumers, projection].map((runner) => runner.close()));
      await model.close();
    },
  };
}

/** Keeps the bucket that gateways' rosters are read from in step with EMPLOYEE. */
async function startDirectory(
  { nc, tenant, log }: EmployeeOptions,
  model: Pick<EmployeeRoutesDeps, "db" | "waitFor">,
): Promise<ConsumerRunner> {
  const directory = await openDirectoryWriter({ nc, tenant, ...model });
  await rereadIfEmpty(nc, DIRECTORY_CONSUMER);
  const consumer = createConsumerRunner({
    nc,
    log,
    stream: STREAMS.employee,
    durable: DIRECTORY_CONSUMER,
    filterSubjects: [domainSubjects("employee")],
    async handler(message) {
      if (parseEventSubject(message.subject)?.tenant !== tenant) return;
      await directory.onEmployee(storedEventOf(message));
    },
  });
  consumer.start();
  return consumer;
}
