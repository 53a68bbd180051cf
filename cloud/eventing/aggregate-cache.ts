import type { Decided, Event } from "@clockleaf/shared/events/envelope.ts";
import type { Domain } from "@clockleaf/shared/subjects.ts";
import type { Decider } from "./decider.ts";
import type { EventStore, StoredEvent } from "./event-store.ts";

/** The state of an aggregate as of stream sequence `seq`; 0 = it has no events. */
export interface Loaded<State> {
  readonly state: State;
  readonly seq: number;
}

export interface AggregateCacheOptions<State, Command, E extends Event> {
  readonly store: EventStore;
  readonly decider: Decider<State, Command, E>;
  readonly domain: Domain;
  readonly tenant: string;
  /** How many states are kept; the least recently used goes first. */
  readonly size: number;
}

/** Remembers states between commands. What it remembers may be outdated: only an append or `refresh` tells. */
export interface AggregateCache<State> {
  /** From memory if it is there. */
  remembered(aggregateId: string): Loaded<State> | undefined;
  /** Remembered state brought up to date from the stream. */
  refresh(aggregateId: string): Promise<Loaded<State>>;
  put(aggregateId: string, loaded: Loaded<State>): void;
  drop(aggregateId: string): void;
}

/**
 * What a decider's `evolve` takes, out of an event as stored. The store has parsed type and data by the catalogue; that
 * an aggregate's subject holds only its own decider's events is true because only its decider writes there.
 */
function decidedOf<E extends Event>({ event }: StoredEvent): Decided<E> {
  const decided: unknown = { type: event.metadata.eventType, data: event.data };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return decided as Decided<E>;
}

export function createAggregateCache<State, Command, E extends Event>(
  options: AggregateCacheOptions<State, Command, E>,
): AggregateCache<State> {
  const { store, decider, domain, tenant, size } = options;
  const states = new Map<string, Loaded<State>>();

  const put = (aggregateId: string, loaded: Loaded<State>): void => {
    states.delete(aggregateId);
    states.set(aggregateId, loaded);
    const [oldest] = states.keys();
    if (states.size > size && oldest !== undefined) states.delete(oldest);
  };

  return {
    remembered(aggregateId) {
      return states.get(aggregateId);
    },
    async refresh(aggregateId) {
      const base = states.get(aggregateId) ?? { state: decider.initial, seq: 0 };
      const { events, lastSeq } = await store.load({ domain, tenant, aggregateId }, base.seq);
      const state = events.reduce(
        (current, stored) => decider.evolve(current, decidedOf<E>(stored)),
        base.state,
      );
      const loaded = { state, seq: lastSeq };
      put(aggregateId, loaded);
      return loaded;
    },
    put,
    drop(aggregateId) {
      states.delete(aggregateId);
    },
  };
}
