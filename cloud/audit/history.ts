import { hash as hashOnce } from "node:crypto";
import { definitionOf } from "@clockleaf/shared/events/catalogue.ts";
import { withoutSecrets } from "@clockleaf/shared/events/secrets.ts";
import { hasCode, PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "nats";
import { askHub } from "../eventing/ask-hub.ts";
import { isRefusal, type Refusal, refuse } from "../eventing/decider.ts";
import { readAfter } from "../eventing/direct-read.ts";
import { type EventMessage, readStoredEvent, storedEventOf } from "../eventing/event-message.ts";
import type { StoredEvent } from "../eventing/event-store.ts";
import type { Replay, ToldAggregate } from "../eventing/told-aggregate.ts";
import type { PersonalVault } from "../eventing/vault.ts";
import type { AuditEntry } from "./entry.ts";

export interface HistoryOptions {
  readonly nc: NatsConnection;
  readonly vault: PersonalVault;
  readonly aggregates: readonly ToldAggregate[];
  /** Of one aggregate; an answer never takes longer than reading so many. */
  readonly maxEvents: number;
}

/** The event of an entry, and its aggregate as it was right before. No secret is in either. */
export interface History {
  readonly aggregate: ToldAggregate;
  readonly event: StoredEvent;
  /** Has not been told of the event yet. */
  readonly replay: Replay;
  /** True: something of it was personal, and its person was erased since. */
  readonly isErased: boolean;
}

const TIMEOUT_MS = 5_000;

/**
 * Reads what led up to an entry's event: from the stream, page by page, and with what is personal as long as the person's
 * key exists. Refuses rather than guesses: if the event is gone or is not the one that was recorded, if one before it
 * cannot be read, and if there are too many. Rejects with `stream.not-connected` (retriable) while the hub is away.
 */
export async function readHistory(
  options: HistoryOptions,
  entry: AuditEntry,
): Promise<History | Refusal> {
  const { nc, vault, aggregates } = options;
  const aggregate = aggregates.find(({ types }) => types.includes(entry.eventType));
  if (aggregate === undefined) return unreadable(entry.streamSeq);
  const { stream, streamSeq: seq } = entry;
  const jsm = await jetstreamManager(nc, { checkAPI: false, timeout: TIMEOUT_MS });
  // Of the leader: a copy that lags would call an event gone that is not.
  const found = await askHub(nc, () => jsm.streams.getMessage(stream, { seq }));
  if (found === null) {
    return refuse("audit.event-missing", `event ${seq} of ${stream} is not there any more`);
  }
  if (hashOnce("sha256", found.data, "hex") !== entry.bytesHash) {
    return refuse("audit.event-altered", `event ${seq} of ${stream} is not what was recorded`);
  }
  const message = { seq, subject: found.subject, data: found.data, headers: found.header };
  try {
    const event = hidingSecrets(await readStoredEvent(message, vault));
    const part = aggregate.partOf(event);
    const before = await replayBefore(options, { aggregate, event, part, stream });
    if (isRefusal(before)) return before;
    return { aggregate, event, ...before, isErased: before.isErased || event.isErased === true };
  } catch (error) {
    if (hasCode(error, ...NOT_READABLE)) return unreadable(seq);
    throw error;
  }
}

const NOT_READABLE = [
  "wire.malformed",
  "wire.too-large",
  "event.unknown-type",
  "event.invalid",
  "vault.damaged",
] as const;

const unreadable = (seq: number): Refusal =>
  refuse("audit.event-unreadable", `event ${seq}, or one before it, is none that can be read`);

interface Target {
  readonly aggregate: ToldAggregate;
  readonly event: StoredEvent;
  readonly part: string;
  readonly stream: string;
}

async function replayBefore(
  { nc, vault, maxEvents }: HistoryOptions,
  { aggregate, event: { seq, subject }, part, stream }: Target,
): Promise<Pick<History, "replay" | "isErased"> | Refusal> {
  const jsm = await jetstreamManager(nc, { checkAPI: false, timeout: TIMEOUT_MS });
  const replay = aggregate.begin();
  const from = { stream, subject, afterSeq: 0, timeoutMs: TIMEOUT_MS };
  let isErased = false;
  let count = 0;
  for await (const message of readAfter(nc, jsm, from)) {
    if (message.seq === seq) return { replay, isErased };
    if (message.seq > seq) break;
    count += 1;
    if (count > maxEvents) {
      const detail = `the aggregate has more than ${maxEvents} events before this one`;
      return refuse("audit.history-too-long", detail);
    }
    const earlier = await readPart(message, { aggregate, part, vault });
    if (earlier === undefined) continue;
    replay.apply(earlier);
    isErased ||= earlier.isErased === true;
  }
  throw new PlatformError("stream.not-connected", "the copies of the stream are behind", {
    retriable: true,
  });
}

interface Wanted {
  readonly aggregate: ToldAggregate;
  readonly part: string;
  readonly vault: PersonalVault;
}

/** Undefined = it concerns another part; then nobody's key is asked for. */
async function readPart(
  message: EventMessage,
  { aggregate, part, vault }: Wanted,
): Promise<StoredEvent | undefined> {
  const sealed = storedEventOf(message);
  // Only its own decider writes on an aggregate's subject; whatever else is there is a forgery.
  if (!aggregate.types.includes(sealed.event.metadata.eventType)) {
    throw new PlatformError("event.invalid", `event ${message.seq} is of another aggregate`);
  }
  if (aggregate.partOf(sealed) !== part) return undefined;
  return hidingSecrets(await readStoredEvent(message, vault));
}

/**
 * Secrets go before anything is made of the event, so no state can hold one. What stands in their place tells one from
 * another, so that a new PIN is seen to be a new one.
 */
export function hidingSecrets(stored: StoredEvent): StoredEvent {
  const { metadata, data } = stored.event;
  const definition = definitionOf(metadata.eventType);
  const hidden = withoutSecrets(definition.data, data, `secret of ${metadata.eventId}`);
  return { ...stored, event: { metadata, data: hidden } };
}
