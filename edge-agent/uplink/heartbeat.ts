import type { Log } from "@clockleaf/shared/lib/log.ts";
import { watchLink } from "@clockleaf/shared/lib/nats-link.ts";
import { type GatewayAddress, heartbeatSubject } from "@clockleaf/shared/subjects.ts";
import { encode } from "@clockleaf/shared/wire/codec.ts";
import type { Heartbeat } from "@clockleaf/shared/wire/heartbeat.ts";
import type { NatsConnection } from "nats";

export const HEARTBEAT_MS = 5_000;

export interface HeartbeatOptions {
  readonly connection: NatsConnection;
  readonly identity: GatewayAddress;
  /** What the gateway says of itself now. */
  readonly beat: () => Heartbeat;
  readonly log: Log;
  /** 5 s unless told. */
  readonly intervalMs?: number;
}

/**
 * Says how the gateway is doing, now and every few seconds, while it is connected. Nobody answers and nothing is kept:
 * a heartbeat that gets lost is replaced by the next. Returns how to stop.
 */
export function startHeartbeat(options: HeartbeatOptions): () => void {
  const { connection, identity, beat, log } = options;
  const link = watchLink(connection);
  const send = (): void => {
    if (!link.isUp()) return; // it would wait in a buffer and be thrown away
    try {
      connection.publish(heartbeatSubject(identity), encode(beat()));
    } catch (error) {
      log.warn({ err: error }, "heartbeat not sent");
    }
  };
  const timer = setInterval(send, options.intervalMs ?? HEARTBEAT_MS);
  link.onChange((isUp) => isUp && send());
  send();
  return () => {
    clearInterval(timer);
    link.close();
  };
}
