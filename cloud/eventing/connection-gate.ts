import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { watchLink } from "@clockleaf/shared/lib/nats-link.ts";
import type { NatsConnection } from "nats";

/**
 * Knows whether the connection is up (shared/lib/nats-link.ts says why that must be known): whoever needs the fate of a
 * message asks here first and races its requests against the loss of the link.
 */
export interface ConnectionGate {
  readonly isConnected: boolean;
  /** Throws `stream.not-connected` (retriable) if the link is down: nothing was sent. */
  assertConnected(): void;
  /** Resolves true as soon as the link is up, false after `timeoutMs` or when the connection is closed for good. */
  whenConnected(timeoutMs: number): Promise<boolean>;
  /** Calls `listener` after every reconnect; the result ends that. */
  onReconnect(listener: () => void): () => void;
  /** The outcome of `work`, or a rejection with `LinkLost` as soon as the link breaks. */
  orLost<T>(work: Promise<T>): Promise<T>;
}

/** The link broke while an answer was awaited: the fate of the request is unknown. */
export class LinkLost extends Error {
  constructor() {
    super("the connection broke while waiting for an answer");
    this.name = "LinkLost";
  }
}

const gates = new WeakMap<NatsConnection, ConnectionGate>();

/** The gate of a connection: one per connection, made at first use and ended with it. */
export function connectionGate(nc: NatsConnection): ConnectionGate {
  const known = gates.get(nc);
  if (known !== undefined) return known;
  const gate = watch(nc);
  gates.set(nc, gate);
  return gate;
}

function watch(nc: NatsConnection): ConnectionGate {
  const link = watchLink(nc, () => new LinkLost());
  const isConnected = (): boolean => link.isUp() && !nc.isClosed();

  return {
    get isConnected() {
      return isConnected();
    },
    assertConnected() {
      if (isConnected()) return;
      throw new PlatformError("stream.not-connected", "no connection to the hub", {
        retriable: true,
      });
    },
    whenConnected(timeoutMs) {
      if (isConnected()) return Promise.resolve(true);
      return new Promise((resolve) => {
        const settle = (): void => {
          clearTimeout(timer);
          stopListening();
          resolve(isConnected());
        };
        const timer = setTimeout(settle, timeoutMs);
        const stopListening = link.onChange((isUp) => isUp && settle());
        void nc.closed().then(settle);
      });
    },
    onReconnect: (listener) => link.onChange((isUp) => isUp && listener()),
    orLost: (work) => link.orLost(work),
  };
}
