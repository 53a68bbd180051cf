import { randomUUID } from "node:crypto";
import type { Domain } from "@clockleaf/shared/subjects.ts";
import type { EventStore } from "../../cloud/eventing/event-store.ts";

/** Stores one event as the context it belongs to would; resolves with its sequence. Whatever stands before it stays. */
export type Tell = (domain: Domain, aggregateId: string, event: ToldEvent) => Promise<number>;
export interface ToldEvent {
  readonly type: string;
  readonly data: object;
  readonly eventId?: string;
}

export function teller(store: EventStore, tenant: string): Tell {
  return async (domain, aggregateId, event) => {
    const address = { domain, tenant, aggregateId };
    const { lastSeq } = await store.load(address, 0);
    const seqs = await store.append([{ address, expectedSeq: lastSeq, events: [event] }], {
      source: "test",
      atMs: Date.now(),
      correlationId: null,
      causationId: `request-${randomUUID()}`,
      traceparent: undefined,
    });
    return [...seqs.values()][0] ?? 0;
  };
}
