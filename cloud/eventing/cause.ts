import type { Cause, StoredEvent } from "./event-store.ts";

/**
 * The cause of what follows from an event: same correlation, same trace, and the event itself as what caused it.
 *
 * A `causationId` is either the id of an event (a bare UUID) or names what came from outside: `request-…`, `CLOCK-…`, a
 * journal row, `rules-…`, `timer-…`. So every chain of causes can be followed to its beginning.
 */
export function causeOfEvent(
  source: string,
  atMs: number,
  { event, traceparent }: StoredEvent,
): Cause {
  const { correlationId, eventId } = event.metadata;
  return { source, atMs, correlationId, causationId: eventId, traceparent };
}

/** The cause of what time itself sets off: `name` says which clock, `dueAtMs` which moment, so a repeat has the same cause. */
export function causeOfTimer(
  source: string,
  atMs: number,
  due: { readonly name: string; readonly dueAtMs: number },
): Cause {
  const id = `timer-${due.name}-${due.dueAtMs}`;
  return { source, atMs, correlationId: id.slice(0, 64), causationId: id, traceparent: undefined };
}
