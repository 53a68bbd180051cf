import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { NatsConnection } from "nats";

/**
 * Knows whether the connection is up. The client library buffers what is published while it is down and throws the
 * buffer away at the next dial, and it never rejects a request in flight when the link breaks; so whoever must know
 * the fate of a message asks here first and races its requests against the loss of the link.
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
  let isUp = !nc.isClosed();
  const onLost = new Set<() => void>();
  const onUp = new Set<() => void>();

  const change = (up: boolean): void => {
    isUp = up;
    const waiting = up ? onUp : onLost;
    for (const wake of waiting) wake();
  };
  void (async () => {
    for await (const status of nc.status()) {
      if (status.type === "disconnect") change(false);
      else if (status.type === "reconnect") change(true);
    }
    change(false);
  })();

  return {
    get isConnected() {
      return isUp && !nc.isClosed();
    },
    assertConnected() {
      if (isUp && !nc.isClosed()) return;
      throw new PlatformError("stream.not-connected", "no connection to the hub", {
        retriable: true,
      });
    },
    whenConnected(timeoutMs) {
      if (isUp && !nc.isClosed()) return Promise.resolve(true);
      return new Promise((resolve) => {
        const settle = (): void => {
          clearTimeout(timer);
          onUp.delete(settle);
          resolve(isUp && !nc.isClosed());
        };
        const timer = setTimeout(settle, timeoutMs);
        onUp.add(settle);
        void nc.closed().then(settle);
      });
    },
    onReconnect(listener) {
      onUp.add(listener);
      return () => onUp.delete(listener);
    },
    orLost(work) {
      return new Promise((resolve, reject) => {
        const lost = (): void => {
          onLost.delete(lost);
          reject(new LinkLost());
        };
        onLost.add(lost);
        work.then(resolve, reject).finally(() => onLost.delete(lost));
      });
    },
  };
}
