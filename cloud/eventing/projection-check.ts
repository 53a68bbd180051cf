import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { NatsConnection } from "nats";
import { followStream } from "./follow-stream.ts";
import { schemaExists } from "./postgres.ts";
import { schemaOf } from "./postgres-model.ts";
import type { Projection } from "./projection.ts";
import type { StoredPlace } from "./read-model-place.ts";
import { type HashedRows, hashRows } from "./row-hash.ts";
import { openSqliteFile } from "./sqlite-file.ts";
import { liveFileIn, openSqliteModel } from "./sqlite-model.ts";
import type { PersonalVault } from "./vault.ts";

export interface CheckWhere {
  /** Where the rows in use are. */
  readonly live: StoredPlace;
  /** An empty folder for the rows built again; SQLite, whatever `live` is. */
  readonly scratchDir: string;
}

/** How the rows in use compare with rows built again from the same part of the stream. */
export interface ProjectionCheck {
  readonly name: string;
  readonly isEqual: boolean;
  readonly rows: number;
  readonly liveHash: string;
  readonly rebuiltHash: string;
  /** Events that the rebuild applied. */
  readonly events: number;
  readonly seconds: number;
  /** Why there was nothing to compare. */
  readonly problem?: string;
}

export interface CheckProjection<DB> extends CheckWhere {
  readonly nc: NatsConnection;
  readonly vault: PersonalVault | undefined;
  readonly projection: Projection<DB>;
}

/**
 * Compares up to the very event that the live rows had seen when they were looked at, so the system may go on meanwhile.
 * Only what was erased in between may differ: the rebuild no longer sees it.
 */
export async function checkProjection<DB>(options: CheckProjection<DB>): Promise<ProjectionCheck> {
  const { projection } = options;
  const { name, version } = projection;
  const live = await hashLive(options);
  const none = { name, rows: live?.rows ?? 0, liveHash: live?.hash ?? "", rebuiltHash: "" };
  const failed = { ...none, isEqual: false, events: 0, seconds: 0 };
  if (live?.checkpoint === undefined) return { ...failed, problem: "there are no rows in use" };
  if (live.checkpoint.version !== version) {
    const problem = `the rows in use are of version ${live.checkpoint.version}, this is ${version}`;
    return { ...failed, problem };
  }
  const startedMs = performance.now();
  const { events, ...rebuilt } = await buildUpTo(options, live.checkpoint.position);
  return {
    name,
    isEqual: rebuilt.hash === live.hash,
    rows: live.rows,
    liveHash: live.hash,
    rebuiltHash: rebuilt.hash,
    events,
    seconds: Math.round(performance.now() - startedMs) / 1000,
  };
}

async function hashLive<DB>({
  live,
  projection,
}: CheckProjection<DB>): Promise<HashedRows | undefined> {
  if (typeof live === "object") {
    const schema = schemaOf(live, projection.name);
    if (!(await schemaExists(live.postgres.admin, schema))) return undefined;
    return await hashRows(live.postgres.reader<DB>(schema), "postgres");
  }
  const path = await liveFileIn(live, projection.name);
  if (path === undefined) return undefined;
  const file = openSqliteFile<DB>(path, { readonly: true });
  try {
    return await hashRows(file.db, "sqlite");
  } finally {
    await file.db.destroy();
  }
}

async function buildUpTo<DB>(
  { nc, vault, projection, scratchDir }: CheckProjection<DB>,
  lastSeq: number,
): Promise<HashedRows & { readonly events: number }> {
  const model = await openSqliteModel(scratchDir, projection);
  try {
    let events = 0;
    let reached = -1;
    if (lastSeq > 0) {
      await followStream({
        nc,
        projection,
        vault,
        generation: model.live,
        lastSeq,
        onBegun: () => undefined,
        onBatch: ({ applied, position, pending }) => {
          events += applied;
          reached = position;
          return position >= lastSeq || pending === 0;
        },
      });
      if (reached < lastSeq) {
        throw new PlatformError("stream.not-connected", "the stream ended early", {
          retriable: true,
        });
      }
    }
    return { ...(await hashRows(model.db, "sqlite")), events };
  } finally {
    await model.close();
  }
}
