import type { NatsConnection } from "nats";
import { PlatformError } from "./errors.ts";

/**
 * The connection to a server, as a fact to gate on. The client library keeps what is published while it is
 * down in a buffer that the next dial throws away, and leaves requests in flight to run into their timeout.
 */
export interface Link {
  isUp(): boolean;
  /** Calls `listener` whenever the link goes up or down. */
  onChange(listener: (isUp: boolean) => void): void;
  /** The outcome of `work`; rejects with `uplink.ambiguous` as soon as the link breaks. */
  orLost<T>(work: Promise<T>): Promise<T>;
  close(): void;
}

export function watchLink(connection: NatsConnection): Link {
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
    onChange: (listener) => void listeners.add(listener),
    orLost: (work) =>
      new Promise((resolve, reject) => {
        const lost = (isUp: boolean): void => {
          if (!isUp) reject(ambiguous());
        };
        listeners.add(lost);
        work.then(resolve, reject).finally(() => listeners.delete(lost));
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
