import { isHubFailure, PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { NatsConnection } from "nats";
import { connectionGate } from "./connection-gate.ts";

/** What a read at the hub finds. Rejects with `stream.not-connected` (retriable) at once while the link is down. */
export async function askHub<T>(nc: NatsConnection, read: () => Promise<T>): Promise<T> {
  const gate = connectionGate(nc);
  gate.assertConnected();
  try {
    return await gate.orLost(read());
  } catch (error) {
    if (!isHubFailure(error)) throw error;
    throw new PlatformError("stream.not-connected", "the hub did not answer", {
      retriable: true,
      cause: error,
    });
  }
}
