import type { NatsConnection } from "nats";
import { PlatformError } from "./errors.ts";

/**
 * The connection to a server, as a fact to gate on. The client library keeps what is published while it is
 * down in a buffer that the next dial throws away, and leaves requests in flight to run into their timeout.
 */
export interface Link {
  isUp(): boolean;
  /** Calls `listener` whenever the link goes up or down; the result ends that. */
  onChange(listener: (isUp: boolean) => void): () => void;
  /** The outcome of `work`; rejects with `lost()` of {@link watchLink} as soon as the link breaks. */
  orLost<T>(work: Promise<T>): Promise<T>;
  close(): void;
}

/** `lost` makes the error for work whose fate a broken link leaves unknown; `uplink.ambiguous` unless given. */
export function watchLink(connection: NatsConnection, lost: () => Error = ambiguous): Link {
  let up = !connection.isClosed();
  const listeners = new Set<(isUp: boolean) => void>();
  const change = (isUp: boolean): void => {
    if (isUp === up) return;
    up = isUp;
    for (const listener of listeners) listener(isUp);
  };
  const statuses = connection.status();
  void (async () => {
    for await (const status of statuses) {
      if (status.type === "disconnect" || status.type === "close") change(false);
      else if (status.type === "reconnect") change(true);
    }
  })();

  return {
    isUp: () => up,
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    orLost: (work) =>
      new Promise((resolve, reject) => {
        const giveUp = (isUp: boolean): void => {
          if (!isUp) reject(lost());
        };
        listeners.add(giveUp);
        work.then(resolve, reject).finally(() => listeners.delete(giveUp));
      }),
    close() {
      if ("stop" in statuses && typeof statuses.stop === "function") statuses.stop();
      listeners.clear();
    },
  };
}

const ambiguous = (): PlatformError =>
  new PlatformError("uplink.ambiguous", "the link broke while an answer was awaited", {
    retriable: true,
  });
