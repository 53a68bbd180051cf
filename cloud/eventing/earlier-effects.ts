import type { Event } from "@clockleaf/shared/events/envelope.ts";
import type { AggregateAddress } from "@clockleaf/shared/subjects.ts";
import { decidedOf } from "./aggregate-cache.ts";
import type { Handled } from "./aggregate-runner.ts";
import type { AggregateCommand } from "./command-plan.ts";
import type { Cause, EventStore } from "./event-store.ts";

interface Where {
  readonly store: EventStore;
  readonly addressOf: (aggregateId: string) => AggregateAddress;
}

/**
 * What an earlier run of the same request stored, for the leading commands that have something; and the commands from
 * there to the next that has. A batch is stored whole or not at all, so one event of the cause speaks for all of them.
 */
export async function leadingEffects<Command, E extends Event>(
  where: Where,
  commands: ReadonlyArray<AggregateCommand<Command>>,
  cause: Cause,
): Promise<{
  readonly effects: ReadonlyArray<Handled<E>>;
  readonly open: ReadonlyArray<AggregateCommand<Command>>;
}> {
  const { once } = cause;
  if (once === undefined) return { effects: [], open: commands };
  const effects: Array<Handled<E>> = [];
  for (const [index, { aggregateId }] of commands.entries()) {
    const own = once.checked.has(aggregateId)
      ? undefined
      : await ownEvents<E>(where, aggregateId, cause);
    const isLeading = effects.length === index;
    if (own !== undefined && isLeading) effects.push(own);
    else if (own !== undefined) return { effects, open: commands.slice(effects.length, index) };
  }
  return { effects, open: commands.slice(effects.length) };
}

async function ownEvents<E extends Event>(
  { store, addressOf }: Where,
  aggregateId: string,
  { causationId }: Cause,
): Promise<Handled<E> | undefined> {
  const { events } = await store.load(addressOf(aggregateId), 0);
  const own = events.filter(({ event }) => event.metadata.causationId === causationId);
  const last = own.at(-1);
  return last === undefined
    ? undefined
    : { seq: last.seq, events: own.map((each) => decidedOf<E>(each)) };
}
