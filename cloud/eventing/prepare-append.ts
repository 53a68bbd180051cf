import { definitionOf, parseEvent } from "@clockleaf/shared/events/catalogue.ts";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { type Domain, eventSubject } from "@clockleaf/shared/subjects.ts";
import { traceIdOf } from "@clockleaf/shared/wire/trace-context.ts";
import type { GuardedMessage } from "./atomic-batch.ts";
import { newEventId } from "./event-id.ts";
import { bodyOfEvent, headersOfEvent } from "./event-message.ts";
import type { Append, Cause, NewEvent } from "./event-store.ts";
import type { PersonalVault } from "./vault.ts";

/** One aggregate's part of an append, as needed to look for it afterwards. */
export interface Prepared {
  readonly subject: string;
  readonly expectedSeq: number;
  /** Id of its first event. */
  readonly eventId: string;
  /** Index in the batch of its last event. */
  readonly lastIndex: number;
}

/**
 * Turns an append into messages: the first of each aggregate guarded, what is personal sealed. Throws `stream.batch-refused` for aggregates of two
 * domains or one named twice, and what parsing and encoding throw.
 */
export async function prepareAppend(
  appends: readonly Append[],
  cause: Cause,
  vault?: PersonalVault,
): Promise<{ domain: Domain; messages: GuardedMessage[]; appends: Prepared[] }> {
  const messages: GuardedMessage[] = [];
  const prepared: Prepared[] = [];
  const domain = appends[0]?.address.domain ?? "employee";
  const seen = new Set<string>();
  for (const { address, expectedSeq, events } of appends) {
    const subject = eventSubject(address);
    if (address.domain !== domain || seen.has(subject)) {
      throw new PlatformError(
        "stream.batch-refused",
        "one append takes aggregates of one domain, each once",
      );
    }
    seen.add(subject);
    const eventIds = events.map((event) => event.eventId ?? newEventId());
    for (const [index, event] of events.entries()) {
      const message = await encodeEvent(
        { event, eventId: eventIds[index] ?? newEventId(), domain, subject },
        cause,
        vault,
      );
      messages.push({
        subject,
        ...message,
        ...(index === 0 ? { expectedLastSeq: expectedSeq } : {}),
      });
    }
    const [eventId] = eventIds;
    if (eventId !== undefined) {
      prepared.push({ subject, expectedSeq, eventId, lastIndex: messages.length - 1 });
    }
  }
  return { domain, messages, appends: prepared };
}

/** Parses what is about to be stored just like what is read, so that nothing unreadable ever gets in. */
async function encodeEvent(
  given: {
    readonly event: NewEvent;
    readonly eventId: string;
    readonly domain: Domain;
    readonly subject: string;
  },
  cause: Cause,
  vault: PersonalVault | undefined,
): Promise<Pick<GuardedMessage, "data" | "headers">> {
  const definition = definitionOf(given.event.type);
  if (definition.domain !== given.domain) {
    throw new PlatformError("event.invalid", `${definition.type} is no ${given.domain} event`);
  }
  const { traceparent, correlationId } = traceOf(given.event, cause);
  const event = parseEvent({
    metadata: {
      eventId: given.eventId,
      eventType: definition.type,
      timestamp: cause.atMs,
      version: definition.version,
      source: cause.source,
      correlationId,
      causationId: cause.causationId,
    },
    data: given.event.data,
  });
  return {
    data: await bodyOfEvent(event, given.subject, vault),
    headers: headersOfEvent(event.metadata, { ...cause, traceparent }),
  };
}

/** An event with a trace of its own is correlated by it: the same for everything its punch set off. */
function traceOf(event: NewEvent, cause: Cause): Pick<Cause, "traceparent" | "correlationId"> {
  const traceparent = cause.traceOf?.(event);
  if (traceparent === undefined) return cause;
  return { traceparent, correlationId: traceIdOf(traceparent) ?? cause.correlationId };
}
