import { codeOf, isRetriable, PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import { STREAMS } from "@clockleaf/shared/subjects.ts";
import { type JetStreamManager, jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "nats";
import { connectionGate } from "../eventing/connection-gate.ts";
import type { ClockMessage, Intake } from "./intake.ts";
import type { IntakeStore } from "./intake-store.ts";

export interface ParkingDeps {
  readonly nc: NatsConnection;
  readonly store: Pick<IntakeStore, "parked" | "unpark">;
  readonly intake: Intake;
  readonly log: Log;
}

/**
 * Reads the messages of a gateway that waited for its registration again, out of CLOCK, in their order. One that still
 * cannot be judged stays parked.
 */
export async function releaseParked(deps: ParkingDeps, gatewayKey: string): Promise<void> {
  const { nc, store, intake, log } = deps;
  const waiting = store.parked(gatewayKey);
  if (waiting.length === 0) return;
  const jsm = await jetstreamManager(nc, { checkAPI: false });
  for (const { seq } of waiting) {
    const message = await readClock(nc, jsm, seq);
    if (message === undefined) log.error({ seq, gateway: gatewayKey }, "it has left CLOCK");
    try {
      if (message !== undefined && (await intake.process(message)) === "parked") continue;
    } catch (error) {
      if (isRetriable(error)) throw error;
      log.error({ err: error, code: codeOf(error), seq }, "a parked message stays parked");
      continue;
    }
    store.unpark(seq);
  }
  log.info({ gateway: gatewayKey, messages: waiting.length }, "parked messages read again");
}

async function readClock(
  nc: NatsConnection,
  jsm: JetStreamManager,
  seq: number,
): Promise<ClockMessage | undefined> {
  const gate = connectionGate(nc);
  gate.assertConnected();
  try {
    const message = await gate.orLost(jsm.streams.getMessage(STREAMS.clock, { seq }));
    if (message === null) return undefined;
    const { subject, data, timestamp } = message;
    return { subject, data, seq, storedAtMs: Date.parse(timestamp) };
  } catch (error) {
    throw new PlatformError("stream.not-connected", "the hub did not answer", {
      retriable: true,
      cause: error,
    });
  }
}
