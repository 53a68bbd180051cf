import { codeOf } from "@clockleaf/shared/lib/errors.ts";
import { ALL_HEARTBEATS, type GatewayAddress, gatewayKey } from "@clockleaf/shared/subjects.ts";
import { decode } from "@clockleaf/shared/wire/codec.ts";
import { type Heartbeat, heartbeatSchema } from "@clockleaf/shared/wire/heartbeat.ts";
import type { NatsConnection } from "nats";

/** A gateway that has been silent for this long is shown as offline: several heartbeats were missed. */
export const OFFLINE_AFTER_MS = 30_000;

/** 256 readers with a fault text each fit four times over. */
const MAX_HEARTBEAT_BYTES = 512 * 1024;
/** More gateways than one tenant has; bounds the memory against a flood of made-up names. */
const MAX_GATEWAYS = 10_000;

export interface LastSeen {
  /** By the cloud's clock. */
  readonly receivedAtMs: number;
  readonly heartbeat: Heartbeat;
}

export interface Heartbeats {
  /** The newest heartbeat of a gateway since this process started; undefined = not heard yet. */
  lastSeen(address: GatewayAddress): LastSeen | undefined;
  /** Everybody heard since this process started. */
  all(): ReadonlyArray<LastSeen & { readonly address: GatewayAddress }>;
  close(): void;
}

export interface HeartbeatsOptions {
  readonly nc: NatsConnection;
  readonly tenant: string;
  readonly nowMs: () => number;
  /** Counts what was not taken: `subject`, `tenant`, `full`, or the code of a parse error. */
  readonly onDiscarded: (reason: string) => void;
}

/**
 * Listens to every gateway's heartbeat. Whom a heartbeat is from is its subject, on which the hub lets nobody else
 * publish; nothing of it is stored, so after a restart a gateway is unknown until its next one.
 */
export function listenForHeartbeats(options: HeartbeatsOptions): Heartbeats {
  const newest = new Map<string, LastSeen & { readonly address: GatewayAddress }>();
  const take = (subject: string, data: Uint8Array): string | undefined => {
    const address = parseHeartbeatSubject(subject);
    if (address === undefined) return "subject";
    if (address.tenant !== options.tenant) return "tenant";
    const key = gatewayKey(address);
    if (newest.size >= MAX_GATEWAYS && !newest.has(key)) return "full";
    try {
      const heartbeat = decode(data, heartbeatSchema, {
        maxBytes: MAX_HEARTBEAT_BYTES,
        what: "heartbeat",
      });
      newest.set(key, { address, receivedAtMs: options.nowMs(), heartbeat });
      return undefined;
    } catch (error) {
      return codeOf(error);
    }
  };
  const subscription = options.nc.subscribe(ALL_HEARTBEATS, {
    callback: (error, message) => {
      const discarded = error === null ? take(message.subject, message.data) : "subscription";
      if (discarded !== undefined) options.onDiscarded(discarded);
    },
  });
  return {
    lastSeen: (address) => newest.get(gatewayKey(address)),
    all: () => [...newest.values()],
    close: () => subscription.unsubscribe(),
  };
}

function parseHeartbeatSubject(subject: string): GatewayAddress | undefined {
  const [, , tenant, site, gateway, ...rest] = subject.split(".");
  if (tenant === undefined || site === undefined || gateway === undefined) return undefined;
  return rest.length > 0 ? undefined : { tenant, site, gateway };
}
