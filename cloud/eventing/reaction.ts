import type { Log } from "@clockleaf/shared/lib/log.ts";
import { type Domain, SHARES, STREAMS, tenantSubjects } from "@clockleaf/shared/subjects.ts";
import type { NatsConnection } from "nats";
import {
  type ConsumedMessage,
  type ConsumerRunner,
  type ConsumerTestHooks,
  createConsumerRunner,
} from "./consumer-runner.ts";
import {
  forgetProgress,
  migrateToShares,
  type ShareDurables,
  shareDurable,
  shareSubjects,
} from "./durables.ts";
import { readStoredEvent } from "./event-message.ts";
import type { StoredEvent } from "./event-store.ts";
import { createLeasedConsumer, type LeasedPart } from "./leased-consumer.ts";
import type { Leases } from "./leases.ts";
import type { PersonalVault } from "./vault.ts";

/** What a context does about the events of a domain, its own or another's. */
export interface Reaction {
  /** The durables are `<context>-<name>-<share>`. */
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
  /** Which shares of the partitions are this process's. */
  readonly leases: Leases;
  readonly testHooks?: ConsumerTestHooks;
}

/** CloudEvents header with the event's type: what nobody asked for is passed over without decoding it. */
const TYPE_HEADER = "ce-type";
/** How long a message may lie with a process that lost it; while a handler runs it is extended. */
const ACK_WAIT_MS = 6_000;

/**
 * Hands the events of some types to a reaction: a durable consumer for each share of the partitions, run by whichever
 * process holds the share. The events of one aggregate always come from one partition, so in order.
 */
export function createReaction(options: ReactionOptions, reaction: Reaction): ConsumerRunner {
  const { nc, log, vault, leases, testHooks } = options;
  const { types, handle } = reaction;
  const durables = durablesOf(options, reaction);
  const handler = async (message: ConsumedMessage, signal: AbortSignal): Promise<void> => {
    if (!types.includes(message.headers?.get(TYPE_HEADER) ?? "")) return;
    await handle(await readStoredEvent(message, vault), signal);
  };
  let migrated: Promise<void> | undefined;
  const migrate = (): Promise<void> => {
    migrated ??= migrateToShares(nc, durables).catch((error: unknown) => {
      migrated = undefined;
      throw error;
    });
    return migrated;
  };
  const part = (share: number): LeasedPart => ({
    lease: leases.share(share),
    async create(tenure) {
      await migrate();
      return createConsumerRunner({
        nc,
        log,
        stream: durables.stream,
        durable: shareDurable(durables.base, share),
        filterSubjects: shareSubjects(durables, share),
        handler,
        ackWaitMs: ACK_WAIT_MS,
        mayWork: () => tenure.isValid(),
        ...(testHooks === undefined ? {} : { testHooks }),
      });
    },
  });
  const parts = Array.from({ length: SHARES }, (_, share) => part(share));
  return createLeasedConsumer({ name: durables.base, parts, log });
}

/** Has a reaction begin at the beginning of its stream again: for what it keeps was lost. */
export async function restartReaction(
  options: Pick<ReactionOptions, "nc" | "tenant" | "context">,
  reaction: Pick<Reaction, "name" | "domain">,
): Promise<void> {
  await forgetProgress(options.nc, durablesOf(options, reaction));
}

function durablesOf(
  { tenant, context }: Pick<ReactionOptions, "tenant" | "context">,
  { name, domain }: Pick<Reaction, "name" | "domain">,
): ShareDurables {
  return {
    stream: STREAMS[domain],
    base: `${context}-${name}`,
    ackWaitMs: ACK_WAIT_MS,
    subjectOf: (partition) => tenantSubjects(domain, tenant, partition),
  };
}
