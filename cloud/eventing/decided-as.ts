import type { Decided, Event } from "@clockleaf/shared/events/envelope.ts";
import type { StoredEvent } from "./event-store.ts";

/** A stored event as the union of the events its stream holds; the event store has parsed it by the catalogue. */
export function decidedAs<E extends Event>({ event }: StoredEvent): Decided<E> {
  const decided: unknown = { type: event.metadata.eventType, data: event.data };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return decided as Decided<E>;
}
