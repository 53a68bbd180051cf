import { codeOf } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import { partitionOf, shareOfPartition } from "@clockleaf/shared/subjects.ts";
import { pause } from "../eventing/keep-following.ts";
import type { Tenure } from "../eventing/leases.ts";
import type { Closable } from "../eventing/run-while-leased.ts";
import type { Endpoint } from "./decider.ts";
import type { EndpointRunner } from "./endpoint-runner.ts";
import type { Entries } from "./entries.ts";
import { type Db, deletedIds, type EndpointRow, endpoints } from "./reads.ts";

export interface ShareRunnerOptions {
  readonly tenant: string;
  readonly share: number;
  readonly db: Db;
  readonly create: (endpoint: Endpoint, tenure: Tenure) => EndpointRunner;
  readonly entries: Pick<Entries, "removeGone">;
  readonly lookEveryMs: number;
  readonly log: Log;
}

export interface ShareRunner extends Closable {
  runners(): readonly EndpointRunner[];
  close(): Promise<void>;
}

interface Running {
  readonly version: number;
  /** Undefined while the one before is still being closed. */
  runner: EndpointRunner | undefined;
  closed: Promise<void> | undefined;
  /** Of the one before. */
  readonly freed: Promise<void>;
}

/** Which share of the work an endpoint belongs to; for ever, as with everything else that has partitions. */
export const shareOfEndpoint = (tenant: string, webhookId: string): number =>
  shareOfPartition(partitionOf(tenant, webhookId));

/**
 * Keeps a runner going for each endpoint of a share that is switched on, as the read model has it now. A change ends the
 * runner and begins another with the new settings; neither waits for any other endpoint.
 */
export function runShare(options: ShareRunnerOptions, tenure: Tenure): ShareRunner {
  const { tenant, share, db, create, lookEveryMs, log } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  const running = new Map<string, Running>();
  let removedOf = 0;

  const start = (row: EndpointRow): void => {
    const { webhookId } = row.endpoint;
    const freed = stop(running.get(webhookId));
    const entry: Running = { version: row.version, runner: undefined, closed: undefined, freed };
    running.set(webhookId, entry);
    void freed.then(() => {
      if (signal.aborted || running.get(webhookId) !== entry) return;
      entry.runner = create(row.endpoint, tenure);
      entry.runner.start();
    });
  };
  const stop = async (entry: Running | undefined): Promise<void> => {
    if (entry === undefined) return;
    await entry.freed;
    entry.closed ??= entry.runner?.close().catch((error: unknown) => {
      log.warn({ err: error, code: codeOf(error) }, "endpoint not closed");
    });
    await entry.closed;
  };
  const look = async (): Promise<void> => {
    const rows = await endpoints(db);
    const on = new Map(
      rows
        .filter(({ endpoint }) => endpoint.disabled === null)
        .filter(({ endpoint }) => shareOfEndpoint(tenant, endpoint.webhookId) === share)
        .map((row) => [row.endpoint.webhookId, row]),
    );
    for (const [webhookId, row] of on) {
      if (running.get(webhookId)?.version !== row.version) start(row);
    }
    const ended = [...running].filter(([webhookId]) => !on.has(webhookId));
    for (const [webhookId] of ended) running.delete(webhookId);
    await Promise.all(ended.map(([, entry]) => stop(entry)));
    await forget();
  };
  /** After its runner ended, so that nothing is written any more. */
  const forget = async (): Promise<void> => {
    const deleted = await deletedIds(db);
    if (deleted.size === removedOf) return;
    await options.entries.removeGone(
      (webhookId) => deleted.has(webhookId) && shareOfEndpoint(tenant, webhookId) === share,
    );
    removedOf = deleted.size;
  };
  const loop = async (): Promise<void> => {
    while (!signal.aborted && tenure.isValid()) {
      try {
        await look();
      } catch (error) {
        log.warn({ err: error, code: codeOf(error), share }, "endpoints not looked at");
      }
      await pause(lookEveryMs, signal);
    }
  };
  const looping = loop();
  return {
    runners: () => [...running.values()].flatMap(({ runner }) => runner ?? []),
    async close() {
      stopping.abort();
      await looping;
      await Promise.all([...running.values()].map(stop));
      running.clear();
    },
  };
}
