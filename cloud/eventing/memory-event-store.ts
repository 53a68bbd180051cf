import { parseEvent } from "@clockleaf/shared/events/catalogue.ts";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { eventSubject } from "@clockleaf/shared/subjects.ts";
import { newEventId } from "./event-id.ts";
import type { Append, Cause, EventStore, Snapshots, StoredEvent } from "./event-store.ts";

/** How the next append goes wrong; each keeps the contract of `EventStore`. */
export type Mishap =
  /** The answer is lost, the events are stored. */
  | "answer-lost"
  /** The request is lost. */
  | "request-lost"
  /** The answer is lost and the request is slow: stored only after the next `load`. */
  | "late"
  | "not-connected";

export interface MemoryEventStore extends EventStore {
  readonly events: readonly StoredEvent[];
  /** Sizes of the appends that were asked for. */
  readonly appends: readonly number[];
  failNext(...mishaps: Mishap[]): void;
}

/** An event store in memory, for tests of what is built on one. */
export function createMemoryEventStore(snapshots?: Snapshots): MemoryEventStore {
  const events: StoredEvent[] = [];
  const sizes: number[] = [];
  const mishaps: Mishap[] = [];
  const late: Array<() => void> = [];
  const lastSeqOf = (subject: string): number =>
    events.findLast((each) => each.subject === subject)?.seq ?? 0;

  const store = (appends: readonly Append[], cause: Cause): Map<string, number> => {
    if (appends.some((each) => lastSeqOf(eventSubject(each.address)) !== each.expectedSeq)) {
      throw new PlatformError("stream.conflict", "another writer was faster", { retriable: true });
    }
    for (const { address, events: added } of appends) {
      for (const { type, data, eventId } of added) {
        const { traceparent, atMs: timestamp, source, correlationId, causationId, actor } = cause;
        const id = eventId ?? newEventId();
        const said = { source, correlationId, causationId, timestamp };
        const metadata = { ...said, eventId: id, eventType: type, version: "1.0" };
        const subject = eventSubject(address);
        const event = parseEvent({ metadata, data });
        const seq = events.length + 1;
        events.push({
          seq,
          subject,
          event,
          traceparent,
          ...(actor === undefined ? {} : { actor }),
        });
      }
    }
    const subjects = appends.map(({ address }) => eventSubject(address));
    return new Map(subjects.map((subject) => [subject, lastSeqOf(subject)]));
  };
  const ambiguous = new PlatformError("stream.ambiguous", "no answer", { retriable: true });

  return {
    ...(snapshots === undefined ? {} : { snapshots }),
    events,
    appends: sizes,
    failNext: (...more) => void mishaps.push(...more),
    async load(address, afterSeq) {
      const subject = eventSubject(address);
      const found = events.filter((each) => each.subject === subject && each.seq > afterSeq);
      const lastSeq = found.at(-1)?.seq ?? afterSeq;
      for (const arrive of late.splice(0)) arrive();
      return { events: found, lastSeq };
    },
    async append(appends, cause) {
      await new Promise(setImmediate);
      sizes.push(appends.reduce((sum, each) => sum + each.events.length, 0));
      const mishap = mishaps.shift();
      switch (mishap) {
        case undefined:
          return store(appends, cause);
        case "not-connected":
          throw new PlatformError("stream.not-connected", "down", { retriable: true });
        case "request-lost":
          throw ambiguous;
        case "answer-lost":
          store(appends, cause);
          throw ambiguous;
        case "late":
          late.push(() => void store(appends, cause));
          throw ambiguous;
      }
    },
  };
}
