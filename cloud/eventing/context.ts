import type { Log } from "@clockleaf/shared/lib/log.ts";
import type { NatsConnection } from "nats";
import type { ConsumerRunner, ConsumerTestHooks } from "./consumer-runner.ts";
import type { EventStore } from "./event-store.ts";
import type { Leases } from "./leases.ts";
import type { ProjectionRunner } from "./projection.ts";
import type { ReadModelPlace } from "./read-model-place.ts";
import type { PersonalVault } from "./vault.ts";

/** What every context is started with; `cloud/parts.ts` makes it. */
export interface ContextOptions {
  readonly nc: NatsConnection;
  /** Seals and opens what is personal by itself. */
  readonly eventStore: EventStore;
  readonly vault: PersonalVault;
  readonly tenant: string;
  /** Where the read models are; a folder unless they are in a database. */
  readonly dataDir: ReadModelPlace;
  readonly nowMs: () => number;
  readonly log: Log;
  /** False: read models and commands only, for a process beside the ones that work through the streams. */
  readonly isWorking: boolean;
  /** What of the work is this process's while others share it. Hand it on to reactions and tickers. */
  readonly leases: Leases;
  readonly testHooks?: ConsumerTestHooks;
}

/** A context that runs, and keeps itself running until it is closed. */
export interface RunningContext {
  readonly projections: readonly ProjectionRunner[];
  /** Empty where this process does not work through the streams. */
  readonly consumers: readonly ConsumerRunner[];
  /** What was under way is done again at the next start. */
  close(): Promise<void>;
}
