import { isHubFailure, PlatformError } from "@clockleaf/shared/lib/errors.ts";
import {
  type GatewayAddress,
  type GatewayVerb,
  gatewayCommandSubject,
} from "@clockleaf/shared/subjects.ts";
import { decode, encode } from "@clockleaf/shared/wire/codec.ts";
import { resendReplySchema } from "@clockleaf/shared/wire/heartbeat.ts";
import { readerCommandReplySchema } from "@clockleaf/shared/wire/reader-command.ts";
import type { NatsConnection } from "nats";
import { isNoResponders } from "../../eventing/atomic-batch.ts";
import { connectionGate } from "../../eventing/connection-gate.ts";
import type { CommandAnswer, GatewayCommand } from "./views.ts";

/** A gateway gives its readers four seconds, and must be able to say that they were too short. */
const TIMEOUT_MS = 6_000;
const MAX_REPLY_BYTES = 4 * 1024;

export interface Order {
  readonly address: GatewayAddress;
  /** With the epoch filled in. */
  readonly command: GatewayCommand;
  readonly commandId: string;
  readonly by: string;
}

export type GatewayReply = Pick<CommandAnswer, "result" | "detail" | "keptFromRow">;

/**
 * What the gateway answers. Rejects with `gateway.no-answer` if that does not come in time, `uplink.not-connected` if the
 * hub knows of nobody to ask, and `stream.not-connected` while the hub itself is away.
 */
export async function sendCommand(
  nc: NatsConnection,
  order: Order,
  timeoutMs = TIMEOUT_MS,
): Promise<GatewayReply> {
  const { address, command, commandId, by } = order;
  if (command.verb === "resend") {
    const { epoch, first, last } = command;
    const data = await ask(
      nc,
      { address, verb: "resend", request: { epoch, first, last } },
      timeoutMs,
    );
    const { result, kept } = decode(data, resendReplySchema, REPLY);
    return { result, detail: "", keptFromRow: kept };
  }
  const { verb, reader } = command;
  const seconds = verb === "locate" ? { seconds: command.seconds } : {};
  const request = { reader, commandId, by: by.slice(0, 128), ...seconds };
  const data = await ask(nc, { address, verb, request }, timeoutMs);
  return { ...decode(data, readerCommandReplySchema, REPLY), keptFromRow: null };
}

const REPLY = { what: "reply to a command", maxBytes: MAX_REPLY_BYTES };

interface Question {
  readonly address: GatewayAddress;
  readonly verb: GatewayVerb;
  readonly request: object;
}

async function ask(
  nc: NatsConnection,
  { address, verb, request }: Question,
  timeoutMs: number,
): Promise<Uint8Array> {
  const gate = connectionGate(nc);
  gate.assertConnected();
  const subject = gatewayCommandSubject(address, verb);
  try {
    const asked = nc.request(subject, encode(request), { timeout: timeoutMs });
    return (await gate.orLost(asked)).data;
  } catch (error) {
    const retriable = { retriable: true, cause: error };
    if (isNoResponders(error)) {
      throw new PlatformError("uplink.not-connected", "the gateway is not connected", retriable);
    }
    if (error instanceof Error && error.name === "TimeoutError") {
      const message = "the gateway did not answer in time; it may have done it all the same";
      throw new PlatformError("gateway.no-answer", message, retriable);
    }
    if (!isHubFailure(error)) throw error;
    throw new PlatformError("stream.not-connected", "the hub did not answer", retriable);
  }
}
