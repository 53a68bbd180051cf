import type { Log } from "@clockleaf/shared/lib/log.ts";
import { type Domain, STREAMS, tenantSubjects } from "@clockleaf/shared/subjects.ts";
import type { NatsConnection } from "nats";
import { type ConsumerRunner, createConsumerRunner } from "./consumer-runner.ts";
import { readStoredEvent } from "./event-message.ts";
import type { StoredEvent } from "./event-store.ts";
import type { PersonalVault } from "./vault.ts";

/** What a context does about the events of a domain, its own or another's. */
export interface Reaction {
  /** The durable is `<context>-<name>`. */
  readonly name: string;
  readonly domain: Domain;
  readonly types: readonly string[];
  /**
   * Resolves once the event has had its whole effect. Events of one aggregate come in order and one at a time; those of
   * others may come at the same moment, here or in another process. Any may come again after a crash, so the effect must
   * be idempotent. What it throws decides: retriable = tried again in place, otherwise dead letter.
   */
  readonly handle: (stored: StoredEvent, signal: AbortSignal) => Promise<void>;
}

export interface ReactionOptions {
  readonly nc: NatsConnection;
  readonly tenant: string;
  readonly log: Log;
  readonly context: string;
  /** For reactions that need what is personal; without it they see what an erasure leaves. */
  readonly vault?: PersonalVault;
}

/** CloudEvents header with the event's type: what nobody asked for is passed over without decoding it. */
const TYPE_HEADER = "ce-type";

/** Hands the events of some types to a reaction, in the order of their domain's stream. */
export function createReaction(options: ReactionOptions, reaction: Reaction): ConsumerRunner {
  const { nc, tenant, log, context, vault } = options;
  const { name, domain, types, handle } = reaction;
  return createConsumerRunner({
    nc,
    log,
    stream: STREAMS[domain],
    durable: `${context}-${name}`,
    filterSubjects: [tenantSubjects(domain, tenant)],
    async handler(message, signal) {
      if (!types.includes(message.headers?.get(TYPE_HEADER) ?? "")) return;
      await handle(await readStoredEvent(message, vault), signal);
    },
  });
}
