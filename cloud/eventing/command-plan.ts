import type { Decided, Event } from "@clockleaf/shared/events/envelope.ts";
import type { Loaded } from "./aggregate-cache.ts";
import { MAX_BATCH_MESSAGES } from "./atomic-batch.ts";
import { type Decider, isRefusal, type Refusal, refuse } from "./decider.ts";
import { newEventId } from "./event-id.ts";
import type { Append } from "./event-store.ts";

export interface AggregateCommand<Command> {
  readonly aggregateId: string;
  readonly command: Command;
  /** If given, the command is refused with `aggregate.changed` unless this is the aggregate's version. */
  readonly ifSeq?: number;
}

/** What would be appended to one aggregate. */
export interface Draft<State, E extends Event> {
  readonly aggregateId: string;
  readonly base: Loaded<State>;
  state: State;
  readonly events: Array<Decided<E>>;
  readonly eventIds: string[];
}

/** One command's share of a draft: its events `from` to `to` (exclusive). */
interface Accepted<State, E extends Event> {
  readonly kind: "accepted";
  readonly draft: Draft<State, E>;
  readonly from: number;
  readonly to: number;
}

/** What a run of commands comes to, before anything is stored. */
export interface Plan<State, E extends Event> {
  readonly shares: ReadonlyArray<Accepted<State, E> | Refusal>;
  /** The aggregates that get new events. */
  readonly changes: ReadonlyArray<Draft<State, E>>;
  /** Aggregates that were told "no" or "nothing to do" on a state that may be outdated: load them and plan again. */
  readonly doubtful: readonly string[];
}

export interface Knowledge<State> {
  readonly states: ReadonlyMap<string, Loaded<State>>;
  /** Aggregates whose state was read from the stream for this very call. */
  readonly fresh: ReadonlySet<string>;
}

/** Decides the commands in order, as many as fit one atomic batch and at least one. */
export function planCommands<State, Command, E extends Event>(
  decider: Decider<State, Command, E>,
  commands: ReadonlyArray<AggregateCommand<Command>>,
  knowledge: Knowledge<State>,
): Plan<State, E> {
  const shares: Array<Accepted<State, E> | Refusal> = [];
  const drafts = new Map<string, Draft<State, E>>();
  const doubtful = new Set<string>();
  let total = 0;
  for (const each of commands) {
    const { aggregateId } = each;
    const draft = drafts.get(aggregateId) ?? newDraft(aggregateId, decider, knowledge);
    const decided = decideOn(draft, decider, each);
    const refused = isRefusal(decided);
    const isQuiet = refused || decided.length === 0;
    if (isQuiet && !knowledge.fresh.has(aggregateId)) doubtful.add(aggregateId);
    if (refused) {
      shares.push(decided);
      continue;
    }
    if (shares.length > 0 && total + decided.length > MAX_BATCH_MESSAGES) break;
    total += decided.length;
    const from = draft.events.length;
    extend(draft, decider, decided);
    drafts.set(aggregateId, draft);
    shares.push({ kind: "accepted", draft, from, to: draft.events.length });
  }
  const changes = [...drafts.values()].filter((draft) => draft.events.length > 0);
  return { shares, changes, doubtful: [...doubtful] };
}

export function appendOf<State, E extends Event>(
  draft: Draft<State, E>,
  address: Append["address"],
): Append {
  const events = draft.events.map(({ type, data }, index) => {
    const eventId = draft.eventIds[index];
    return { type, data, ...(eventId === undefined ? {} : { eventId }) };
  });
  return { address, expectedSeq: draft.base.seq, events };
}

/** The aggregate's version right after one command, given its version after the whole batch. */
export function seqAfter<State, E extends Event>(
  share: Accepted<State, E>,
  lastSeq: number,
): number {
  const { draft, to } = share;
  return to === 0 ? draft.base.seq : lastSeq - (draft.events.length - to);
}

function newDraft<State, Command, E extends Event>(
  aggregateId: string,
  decider: Decider<State, Command, E>,
  knowledge: Knowledge<State>,
): Draft<State, E> {
  const base = knowledge.states.get(aggregateId) ?? { state: decider.initial, seq: 0 };
  return { aggregateId, base, state: base.state, events: [], eventIds: [] };
}

function decideOn<State, Command, E extends Event>(
  draft: Draft<State, E>,
  decider: Decider<State, Command, E>,
  { command, ifSeq }: AggregateCommand<Command>,
): ReadonlyArray<Decided<E>> | Refusal {
  const isStale = ifSeq !== undefined && (ifSeq !== draft.base.seq || draft.events.length > 0);
  if (isStale) return refuse("aggregate.changed", "it was changed since it was read");
  return decider.decide(draft.state, command);
}

function extend<State, Command, E extends Event>(
  draft: Draft<State, E>,
  decider: Decider<State, Command, E>,
  decided: ReadonlyArray<Decided<E>>,
): void {
  for (const event of decided) {
    draft.state = decider.evolve(draft.state, event);
    draft.events.push(event);
    draft.eventIds.push(newEventId());
  }
}
