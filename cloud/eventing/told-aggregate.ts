import type { Decided, Event } from "@clockleaf/shared/events/envelope.ts";
import { decidedAs } from "./decided-as.ts";
import type { Decider } from "./decider.ts";
import type { StoredEvent } from "./event-store.ts";

/**
 * One kind of aggregate, for whoever tells what an event changed: the state is what the context's own decider makes of the
 * events, so nothing is said of it a second time. Each context lists its kinds in `told.ts`.
 */
export interface ToldAggregate {
  /** Such as `person`. */
  readonly kind: string;
  /** The types of its events; no two kinds share one. */
  readonly types: readonly string[];
  /**
   * What of the aggregate an event concerns, where one aggregate holds many things that know nothing of each other; the
   * same for all events where it does not. Events of other parts are not replayed.
   */
  partOf(event: StoredEvent): string;
  begin(): Replay;
}

/** A state on its way through its events. */
export interface Replay {
  apply(event: StoredEvent): void;
  /** The part that an event concerns, as plain JSON; null = there is nothing. */
  show(about: StoredEvent): unknown;
}

export interface Telling<State, Command, E extends Event> {
  readonly kind: string;
  readonly types: ReadonlyArray<E["metadata"]["eventType"]>;
  readonly decider: Decider<State, Command, E>;
  /** Left out: the aggregate is one thing. */
  readonly part?: (event: Decided<E>) => string;
  /** Left out: the whole state. */
  readonly show?: (state: State, about: Decided<E>) => unknown;
}

/** A kind of aggregate whose state is told. */
export function tellsState<State, Command, E extends Event>(
  telling: Telling<State, Command, E>,
): ToldAggregate {
  const { kind, types, decider, part, show = (state: State): unknown => state } = telling;
  return {
    kind,
    types,
    partOf: (event) => part?.(decidedAs<E>(event)) ?? "",
    begin() {
      let state: State | undefined;
      return {
        apply(event) {
          state = decider.evolve(state ?? decider.initial, decidedAs<E>(event));
        },
        // Before its first event there is no aggregate, whatever deciders call that.
        show: (about) => (state === undefined ? null : plain(show(state, decidedAs<E>(about)))),
      };
    },
  };
}

/** Events that each stand alone: before there is nothing, and after it there is what it says. */
export function standsAlone(kind: string, types: readonly string[]): ToldAggregate {
  return {
    kind,
    types,
    partOf: ({ event }) => event.metadata.eventId,
    begin() {
      let said: unknown = null;
      return {
        apply({ event }) {
          said = plain(event.data);
        },
        show: () => said,
      };
    },
  };
}

/** What JSON can say of a value: maps become objects and sets lists, and what is undefined is left out. */
function plain(value: unknown): unknown {
  if (value === undefined || value === null) return null;
  if (value instanceof Map) return plain(Object.fromEntries(value));
  if (value instanceof Set) return plain([...value]);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object") return value;
  const fields = Object.entries(value).filter(([, of]) => of !== undefined);
  return Object.fromEntries(fields.map(([name, of]) => [name, plain(of)]));
}
