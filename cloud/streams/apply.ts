import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import {
  JetStreamApiCodes,
  JetStreamApiError,
  type JetStreamManager,
  jetstreamManager,
  type StreamConfig,
} from "@nats-io/jetstream";
import type { NatsConnection } from "nats";
import type { DeclaredStream } from "./topology.ts";

/** API level of nats-server 2.12: atomic batches, and unknown settings refused instead of dropped. */
const MIN_API_LEVEL = 2;

/** A server of the cluster is missing, as all are for a moment after they were started together. */
const NO_SUITABLE_PEERS = 10005;

export interface ApplyOptions {
  readonly nc: NatsConnection;
  readonly streams: readonly DeclaredStream[];
  readonly log: Log;
}

/** What was done to each stream. */
export type Applied = Readonly<Record<string, "created" | "updated" | "unchanged">>;

/**
 * Makes the server's streams as declared, and makes sure that they are: an older server drops settings without a word,
 * so what it echoes is compared field by field. Running it again, or in two processes at once, changes nothing.
 *
 * Needs the permission to create and update streams; every other part only opens what is there. Throws
 * `stream.server-too-old`, `stream.topology-mismatch` (names stream and field: what the server cannot or will not
 * change), `stream.not-connected` (retriable).
 */
export async function applyTopology(options: ApplyOptions): Promise<Applied> {
  const { nc, streams, log } = options;
  const level = nc.info?.api_lvl ?? 0;
  if (level < MIN_API_LEVEL) {
    throw new PlatformError(
      "stream.server-too-old",
      `nats-server ${nc.info?.version ?? "?"} is too old: 2.12 or newer is needed`,
      { details: { version: nc.info?.version, apiLevel: level } },
    );
  }
  const jsm = await jetstreamManager(nc, { checkAPI: false });
  const applied: Record<string, "created" | "updated" | "unchanged"> = {};
  for (const declared of streams) {
    const outcome = await applyStream(jsm, declared);
    applied[declared.name] = outcome;
    log[outcome === "unchanged" ? "debug" : "info"]({ stream: declared.name, outcome }, "stream");
  }
  return applied;
}

async function applyStream(
  jsm: JetStreamManager,
  declared: DeclaredStream,
): Promise<"created" | "updated" | "unchanged"> {
  const before = await configOf(jsm, declared.name);
  const drift = before === undefined ? undefined : firstMismatch(declared, before);
  if (before !== undefined && drift === undefined) return "unchanged";
  let echoed: StreamConfig;
  try {
    const info =
      before === undefined
        ? await jsm.streams.add({ ...declared })
        : await jsm.streams.update(declared.name, { ...declared });
    echoed = info.config;
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === NO_SUITABLE_PEERS) {
      throw new PlatformError(
        "stream.not-connected",
        `stream ${declared.name}: fewer than ${declared.num_replicas} servers of the hub are there: ${error.message}`,
        { retriable: true, cause: error },
      );
    }
    // Another process may have been faster: then what counts is what is there now.
    const now = await configOf(jsm, declared.name);
    const field = now === undefined ? "name" : firstMismatch(declared, now);
    if (field === undefined) return "unchanged";
    throw mismatch(declared.name, field, error);
  }
  const field = firstMismatch(declared, echoed);
  if (field !== undefined) throw mismatch(declared.name, field);
  return before === undefined ? "created" : "updated";
}

async function configOf(jsm: JetStreamManager, name: string): Promise<StreamConfig | undefined> {
  try {
    return (await jsm.streams.info(name)).config;
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamNotFound) {
      return undefined;
    }
    throw new PlatformError("stream.not-connected", "the hub's JetStream does not answer", {
      retriable: true,
      cause: error,
    });
  }
}

function mismatch(stream: string, field: string, cause?: unknown): PlatformError {
  const said = cause instanceof JetStreamApiError ? `: ${cause.message}` : "";
  return new PlatformError(
    "stream.topology-mismatch",
    `stream ${stream}: the server does not keep "${field}" as declared${said}`,
    { details: { stream, field }, cause },
  );
}

/** The path of the first declared field that differs in `actual`; undefined if none does. */
export function firstMismatch(declared: object, actual: object): string | undefined {
  const found = new Map<string, unknown>(Object.entries(actual));
  for (const [field, wanted] of Object.entries(declared)) {
    // The server leaves fields out that have their zero value.
    const is = found.get(field) ?? zeroOf(wanted);
    if (JSON.stringify(is) !== JSON.stringify(wanted)) return field;
  }
  return undefined;
}

function zeroOf(wanted: unknown): unknown {
  if (typeof wanted === "boolean") return false;
  return typeof wanted === "number" ? 0 : undefined;
}
