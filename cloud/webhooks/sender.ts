import { STREAMS } from "@clockleaf/shared/subjects.ts";
import { jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "nats";
import { recordOf } from "../bridges/record.ts";
import { connectionGate } from "../eventing/connection-gate.ts";
import type { PersonalVault } from "../eventing/vault.ts";
import { LIMITS, type WebhooksConfig } from "./config.ts";
import type { Endpoint } from "./decider.ts";
import { type AttemptError, type AttemptResult, type Delivery, retryAfterOf } from "./delivery.ts";
import { headersFor, type Message, messageOf, testMessage } from "./message.ts";
import { createPoster, type Poster } from "./post.ts";
import type { Secrets } from "./secrets.ts";

export interface SenderDeps {
  readonly nc: NatsConnection;
  readonly secrets: Secrets;
  /** Without it what is personal goes out as an erasure would leave it. */
  readonly vault: PersonalVault | undefined;
  readonly config: WebhooksConfig;
  readonly nowMs: () => number;
}

export interface Sender {
  /**
   * One try. Resolves with what the endpoint made of it. Rejects while the hub is out of reach, or if `signal` aborts: then
   * it is not known, and it is as if there had been none.
   */
  send(delivery: Delivery, how: SendOptions): Promise<AttemptResult>;
  close(): void;
}

export interface SendOptions {
  readonly signal: AbortSignal;
  /** Spares reading the event, where it has just been read. */
  readonly message?: Message | undefined;
}

export function createSender(deps: SenderDeps, endpoint: Endpoint): Sender {
  const { config } = deps;
  const poster = createPoster({
    url: endpoint.settings.url,
    timeoutMs: config.timeoutSeconds * 1000,
    parallel: config.parallel,
    allowPrivateAddresses: config.allowPrivateAddresses,
  });
  return {
    send: (delivery, how) => attempt({ ...deps, endpoint, poster }, delivery, how),
    close: () => poster.close(),
  };
}

type Sending = SenderDeps & { readonly endpoint: Endpoint; readonly poster: Poster };

async function attempt(
  sending: Sending,
  delivery: Delivery,
  { signal, message: known }: SendOptions,
): Promise<AttemptResult> {
  const { secrets, endpoint, poster, nowMs } = sending;
  const at = nowMs();
  const notSent = (error: AttemptError): AttemptResult => ({
    attempt: { at, durationMs: 0, status: null, error },
  });
  const message = known ?? (await messageFor(sending, delivery));
  if (message === undefined) return notSent("event-gone");
  if (Buffer.byteLength(message.body) > LIMITS.bodyBytes) return notSent("body-too-large");
  const keys = await secrets.keysOf(endpoint, at);
  if (keys.length === 0) return notSent("secret-gone");
  const headers = headersFor(message, { keys, id: delivery.deliveryId, atMs: at });
  const began = performance.now();
  const answer = await poster.post({ headers, body: message.body }, signal);
  signal.throwIfAborted();
  const base = { at, durationMs: Math.round(performance.now() - began) };
  if (answer.kind === "none") return { attempt: { ...base, status: null, error: answer.error } };
  const { status } = answer;
  const error = status >= 200 && status < 300 ? null : "http-status";
  const retryAfterMs = retryAfterOf(answer.retryAfter, nowMs());
  return { attempt: { ...base, status, error }, retryAfterMs };
}

/** Undefined if the event is not to be had any more. */
async function messageFor(
  { nc, vault }: Sending,
  { event, webhookId, createdAt }: Delivery,
): Promise<Message | undefined> {
  if (event === null) return testMessage(webhookId, createdAt);
  const stream = STREAMS[event.domain];
  const jsm = await jetstreamManager(nc, { checkAPI: false });
  const stored = await connectionGate(nc).orLost(
    jsm.streams.getMessage(stream, { seq: event.seq }),
  );
  if (stored === null) return undefined;
  const { seq, subject, data, header: headers } = stored;
  const record = await recordOf({ seq, subject, data, headers }, stream, vault);
  // A stream that was made anew has others in these places.
  return record.event.metadata.eventId === event.eventId ? messageOf(record) : undefined;
}

/** Whether a failure says that the endpoint is no more and wants nothing again. */
export const isGone = ({ attempt: { status } }: AttemptResult): boolean => status === 410;
