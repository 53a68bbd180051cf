import { setTimeout as sleep } from "node:timers/promises";
import type { Decided, Event } from "@clockleaf/shared/events/envelope.ts";
import { hasCode, type PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { backoffMs } from "@clockleaf/shared/lib/retry.ts";
import { type AggregateAddress, type Domain, eventSubject } from "@clockleaf/shared/subjects.ts";
import { type AggregateCache, createAggregateCache, type Loaded } from "./aggregate-cache.ts";
import {
  type AggregateCommand,
  appendOf,
  type Plan,
  planCommands,
  seqAfter,
} from "./command-plan.ts";
import { type Decider, isRefusal, type Refusal } from "./decider.ts";
import { leadingEffects } from "./earlier-effects.ts";
import type { Cause, EventStore } from "./event-store.ts";
import { createKeyLocks } from "./key-locks.ts";

/** A command went through. No events means that nothing had to change. */
export interface Handled<E extends Event> {
  /** Stream sequence of the aggregate's last event after the command: its version, for ETags and `waitFor`. */
  readonly seq: number;
  readonly events: ReadonlyArray<Decided<E>>;
}

export type Outcome<E extends Event> = Handled<E> | Refusal;

export interface AggregateRunner<State, Command, E extends Event> {
  /** Decides and stores. Safe to call at once from many places and processes: no update is lost. */
  handle(aggregateId: string, command: Command, cause: Cause): Promise<Outcome<E>>;
  /**
   * Decides all, in the order given, and stores all events in one atomic batch; outcomes stand in the order of the
   * commands. A refused command adds nothing and does not hold up the others. More than 1000 events go in several
   * batches, cut between commands; if a later one fails the earlier ones stay, so the caller repeats the whole call and
   * relies on deciders that answer a repeated command with no events.
   *
   * Rejects with `stream.not-connected`, `stream.conflict` (lost the race too often) or `stream.ambiguous`, all
   * retriable, and with what a decider or the store throws.
   */
  handleMany(
    commands: ReadonlyArray<AggregateCommand<Command>>,
    cause: Cause,
  ): Promise<ReadonlyArray<Outcome<E>>>;
  /** The current state, read from the stream. */
  state(aggregateId: string): Promise<Loaded<State>>;
}

export interface AggregateRunnerOptions<State, Command, E extends Event> {
  readonly store: EventStore;
  readonly decider: Decider<State, Command, E>;
  readonly domain: Domain;
  readonly tenant: string;
  /** How many states are kept in memory; 1000 unless told. */
  readonly cacheSize?: number;
}

const MAX_ATTEMPTS = 10;
const PARALLEL_LOADS = 32;
const CONFLICT_BACKOFF = { firstMs: 2, maxMs: 200, jitter: 1 };

/**
 * Runs commands against event-sourced aggregates with optimistic concurrency: decide on the remembered state, append
 * guarded by its sequence, and on a conflict load and decide again.
 *
 * A refusal, or "nothing to do", is only given on a state just read from the stream. After an append of unknown fate
 * the runner looks for its own event ids before it decides again, so a command takes effect once even if its decider
 * is not idempotent; only when the process dies in between does that rest on the decider.
 */
export function createAggregateRunner<State, Command, E extends Event>(
  options: AggregateRunnerOptions<State, Command, E>,
): AggregateRunner<State, Command, E> {
  const { store, decider, domain, tenant } = options;
  const cache = createAggregateCache({ ...options, size: options.cacheSize ?? 1_000 });
  const locks = createKeyLocks();
  const parts: Parts<State, Command, E> = {
    store,
    decider,
    cache,
    addressOf: (aggregateId) => ({ domain, tenant, aggregateId }),
  };

  const handleMany = (
    commands: ReadonlyArray<AggregateCommand<Command>>,
    cause: Cause,
  ): Promise<ReadonlyArray<Outcome<E>>> =>
    locks.run(
      commands.map((each) => each.aggregateId),
      async () => {
        const outcomes: Array<Outcome<E>> = [];
        while (outcomes.length < commands.length) {
          outcomes.push(...(await appendFirst(parts, commands.slice(outcomes.length), cause)));
        }
        for (const outcome of outcomes) {
          if (!isRefusal(outcome)) cause.onHandled?.(domain, outcome.seq);
        }
        for (const { aggregateId } of commands) cause.once?.checked.add(aggregateId);
        return outcomes;
      },
    );

  return {
    handleMany,
    async handle(aggregateId, command, cause) {
      const [outcome] = await handleMany([{ aggregateId, command }], cause);
      if (outcome === undefined) throw new Error("one command has one outcome");
      return outcome;
    },
    state: (aggregateId) => locks.run([aggregateId], () => cache.refresh(aggregateId)),
  };
}

interface Parts<State, Command, E extends Event> {
  readonly store: EventStore;
  readonly decider: Decider<State, Command, E>;
  readonly cache: AggregateCache<State>;
  readonly addressOf: (aggregateId: string) => AggregateAddress;
}

/** Decides and stores as many of the commands as fit one batch; their outcomes. */
async function appendFirst<State, Command, E extends Event>(
  parts: Parts<State, Command, E>,
  commands: ReadonlyArray<AggregateCommand<Command>>,
  cause: Cause,
): Promise<ReadonlyArray<Outcome<E>>> {
  const unknown: Array<Unknown<State, E>> = [];
  for (let attempt = 1; ; attempt += 1) {
    try {
      // A conflict may come from a rival that carries out this very request, so then it is looked again.
      const isDoubtful = cause.once?.isRerun === true || attempt > 1;
      const { effects, open } = isDoubtful
        ? await leadingEffects<Command, E>(parts, commands, cause)
        : { effects: [], open: commands };
      return effects.length > 0 ? effects : await appendOnce(parts, open, { cause, unknown });
    } catch (error) {
      const mayRetry = hasCode(error, "stream.conflict", "stream.ambiguous");
      // Once an append is of unknown fate, "nothing was stored" would be a lie, whatever fails after it.
      if (!mayRetry || attempt >= MAX_ATTEMPTS) throw unknown.at(-1)?.error ?? error;
      await sleep(backoffMs(attempt, CONFLICT_BACKOFF, Math.random()));
    }
  }
}

async function appendOnce<State, Command, E extends Event>(
  parts: Parts<State, Command, E>,
  commands: ReadonlyArray<AggregateCommand<Command>>,
  { cause, unknown }: { readonly cause: Cause; readonly unknown: Array<Unknown<State, E>> },
): Promise<ReadonlyArray<Outcome<E>>> {
  const { store, cache, addressOf } = parts;
  const plan = await planAll(parts, commands);
  // After the states were read, not before: an append that came late may be part of them.
  const stored = await findStored(parts, unknown);
  if (stored !== undefined) return settle(parts, stored.plan, stored.seqs);
  const appends = plan.changes.map((draft) => appendOf(draft, addressOf(draft.aggregateId)));
  if (appends.length === 0) return settle(parts, plan, new Map());
  try {
    return settle(parts, plan, await store.append(appends, cause));
  } catch (error) {
    for (const draft of plan.changes) cache.drop(draft.aggregateId);
    if (hasCode(error, "stream.ambiguous")) unknown.push({ plan, error });
    throw error;
  }
}

/** An append whose answer did not come. */
interface Unknown<State, E extends Event> {
  readonly plan: Plan<State, E>;
  readonly error: PlatformError;
}

/** Plans on what is remembered; a quiet answer on a merely remembered state is asked again on a fresh one. */
async function planAll<State, Command, E extends Event>(
  { cache, decider }: Parts<State, Command, E>,
  commands: ReadonlyArray<AggregateCommand<Command>>,
): Promise<Plan<State, E>> {
  const states = new Map<string, Loaded<State>>();
  const fresh = new Set<string>();
  for (const { aggregateId } of commands) {
    const remembered = cache.remembered(aggregateId);
    if (remembered === undefined) fresh.add(aggregateId);
    else states.set(aggregateId, remembered);
  }
  let wanted: readonly string[] = [...fresh];
  for (;;) {
    for (let at = 0; at < wanted.length; at += PARALLEL_LOADS) {
      const ids = wanted.slice(at, at + PARALLEL_LOADS);
      const loaded = await Promise.all(ids.map((id) => cache.refresh(id)));
      for (const [index, state] of loaded.entries()) states.set(ids[index] ?? "", state);
    }
    const plan = planCommands(decider, commands, { states, fresh });
    if (plan.doubtful.length === 0) return plan;
    wanted = plan.doubtful;
    for (const id of wanted) fresh.add(id);
  }
}

/** Looks in the stream for appends of unknown fate; the one that was stored after all, with its new sequences. */
async function findStored<State, Command, E extends Event>(
  parts: Parts<State, Command, E>,
  unknown: ReadonlyArray<Unknown<State, E>>,
): Promise<{ plan: Plan<State, E>; seqs: Map<string, number> } | undefined> {
  for (const { plan } of unknown) {
    const seqs = await seqsIfStored(parts, plan);
    if (seqs !== undefined) return { plan, seqs };
  }
  return undefined;
}

async function seqsIfStored<State, Command, E extends Event>(
  { store, addressOf }: Parts<State, Command, E>,
  plan: Plan<State, E>,
): Promise<Map<string, number> | undefined> {
  const seqs = new Map<string, number>();
  for (const draft of plan.changes) {
    const { events } = await store.load(addressOf(draft.aggregateId), draft.base.seq);
    const ours = events.find((each) => each.event.metadata.eventId === draft.eventIds.at(-1));
    if (ours === undefined) return undefined;
    seqs.set(ours.subject, ours.seq);
  }
  return seqs;
}

function settle<State, Command, E extends Event>(
  { cache, addressOf }: Parts<State, Command, E>,
  plan: Plan<State, E>,
  seqs: ReadonlyMap<string, number>,
): ReadonlyArray<Outcome<E>> {
  const lastSeqOf = (aggregateId: string): number | undefined =>
    seqs.get(eventSubject(addressOf(aggregateId)));
  for (const { aggregateId, state, eventIds } of plan.changes) {
    const seq = lastSeqOf(aggregateId);
    if (seq === undefined) cache.drop(aggregateId);
    else cache.put(aggregateId, { state, seq }, eventIds);
  }
  return plan.shares.map((share) => {
    if (share.kind === "refusal") return share;
    const { draft, from, to } = share;
    const seq = seqAfter(share, lastSeqOf(draft.aggregateId) ?? draft.base.seq);
    return { seq, events: draft.events.slice(from, to) };
  });
}
