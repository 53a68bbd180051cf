import type { Decided, Event } from "@clockleaf/shared/events/envelope.ts";
import type { AggregateAddress, Domain } from "@clockleaf/shared/subjects.ts";
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
  /** After an append of events with these ids. */
  put(aggregateId: string, loaded: Loaded<State>, eventIds: readonly string[]): void;
  drop(aggregateId: string): void;
}

/** A snapshot is written when so many events have come since the last: reading as many takes a few milliseconds. */
export const SNAPSHOT_EVERY = 200;

/**
 * What a decider's `evolve` takes, out of an event as stored. The store has parsed type and data by the catalogue; that
 * an aggregate's subject holds only its own decider's events is true because only its decider writes there.
 */
export function decidedOf<E extends Event>({ event }: StoredEvent): Decided<E> {
  const decided: unknown = { type: event.metadata.eventType, data: event.data };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return decided as Decided<E>;
}

interface Kept<State> {
  readonly loaded: Loaded<State>;
  /** Events since the last snapshot. */
  readonly unsaved: number;
}

export function createAggregateCache<State, Command, E extends Event>(
  options: AggregateCacheOptions<State, Command, E>,
): AggregateCache<State> {
  const { store, decider, domain, tenant, size } = options;
  const states = new Map<string, Kept<State>>();
  const addressOf = (aggregateId: string): AggregateAddress => ({ domain, tenant, aggregateId });

  const keep = (aggregateId: string, kept: Kept<State>, lastEventId: string | undefined): void => {
    states.delete(aggregateId);
    const isDue = kept.unsaved >= SNAPSHOT_EVERY && lastEventId !== undefined;
    states.set(aggregateId, isDue ? { ...kept, unsaved: 0 } : kept);
    if (isDue) saveSnapshot(options, aggregateId, { ...kept.loaded, lastEventId });
    const [oldest] = states.keys();
    if (states.size > size && oldest !== undefined) states.delete(oldest);
  };

  return {
    remembered(aggregateId) {
      return states.get(aggregateId)?.loaded;
    },
    async refresh(aggregateId) {
      const address = addressOf(aggregateId);
      const known = states.get(aggregateId);
      const from: From<State> =
        known ?? (await loadSnapshot(options, address)) ?? nothing(decider.initial);
      const { loaded: base } = from;
      const events = from.events ?? (await store.load(address, base.seq)).events;
      const state = events.reduce(
        (current, stored) => decider.evolve(current, decidedOf<E>(stored)),
        base.state,
      );
      const last = events.at(-1);
      const loaded = { state, seq: last?.seq ?? base.seq };
      const unsaved = from.unsaved + events.length;
      keep(aggregateId, { loaded, unsaved }, last?.event.metadata.eventId);
      return loaded;
    },
    put(aggregateId, loaded, eventIds) {
      const before = states.get(aggregateId)?.unsaved ?? 0;
      keep(aggregateId, { loaded, unsaved: before + eventIds.length }, eventIds.at(-1));
    },
    drop(aggregateId) {
      states.delete(aggregateId);
    },
  };
}

/** A state to go on from, with the events behind it if they are at hand. */
interface From<State> extends Kept<State> {
  readonly events?: readonly StoredEvent[];
}

const nothing = <State>(initial: State): From<State> => ({
  loaded: { state: initial, seq: 0 },
  unsaved: 0,
});

/**
 * Believed only if its last event is in the stream, at its place and with its id: a stream may have been put back to an
 * earlier state, or made anew.
 */
async function loadSnapshot<State, Command, E extends Event>(
  { store, decider }: AggregateCacheOptions<State, Command, E>,
  address: AggregateAddress,
): Promise<From<State> | undefined> {
  const { snapshots } = store;
  const form = decider.snapshot;
  if (form === undefined || snapshots === undefined) return undefined;
  const snapshot = await snapshots.load(address);
  if (snapshot === undefined) return undefined;
  if (snapshot.deciderVersion !== form.version) {
    snapshots.ignore("other-version");
    return undefined;
  }
  const { events } = await store.load(address, snapshot.seq - 1);
  const [last, ...after] = events;
  const isThere = last?.seq === snapshot.seq && last.event.metadata.eventId === snapshot.eventId;
  if (!isThere) {
    snapshots.ignore("not-in-stream");
    return undefined;
  }
  try {
    const state = form.decode(snapshot.state);
    return { loaded: { state, seq: snapshot.seq }, unsaved: 0, events: after };
  } catch {
    snapshots.ignore("unreadable");
    return undefined;
  }
}

function saveSnapshot<State, Command, E extends Event>(
  { store, decider, domain, tenant }: AggregateCacheOptions<State, Command, E>,
  aggregateId: string,
  { state, seq, lastEventId }: Loaded<State> & { readonly lastEventId: string },
): void {
  const form = decider.snapshot;
  if (form === undefined || store.snapshots === undefined) return;
  void store.snapshots.save(
    { domain, tenant, aggregateId },
    { seq, eventId: lastEventId, deciderVersion: form.version, state: form.encode(state) },
  );
}
