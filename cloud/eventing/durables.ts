import { partitionsOfShare, SHARES } from "@clockleaf/shared/subjects.ts";
import {
  AckPolicy,
  type ConsumerConfig,
  type ConsumerInfo,
  DeliverPolicy,
  JetStreamApiError,
  type JetStreamManager,
  jetstreamManager,
} from "@nats-io/jetstream";
import { type NatsConnection, nanos } from "nats";

export interface DurableSpec {
  readonly durable: string;
  readonly filterSubjects: readonly string[];
  readonly ackWaitMs: number;
  /** First stream sequence to hand over; the whole stream unless told. */
  readonly fromSeq?: number;
}

/** One message outstanding at a time: the order survives crashes (see `consumer-runner.ts`). */
export function durableConfig(spec: DurableSpec): Partial<ConsumerConfig> {
  const { durable, filterSubjects, ackWaitMs, fromSeq = 1 } = spec;
  return {
    durable_name: durable,
    ack_policy: AckPolicy.Explicit,
    ack_wait: nanos(ackWaitMs),
    max_ack_pending: 1,
    max_deliver: -1,
    filter_subjects: [...filterSubjects],
    ...(fromSeq <= 1
      ? {}
      : { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: fromSeq }),
  };
}

/** Undefined if there is no such consumer. */
export async function durableInfo(
  jsm: JetStreamManager,
  stream: string,
  durable: string,
): Promise<ConsumerInfo | undefined> {
  try {
    return await jsm.consumers.info(stream, durable);
  } catch (error) {
    if (isNotThere(error)) return undefined;
    throw error;
  }
}

/** A durable for each share of the partitions of a domain. */
export interface ShareDurables {
  readonly stream: string;
  /** Name without the share. */
  readonly base: string;
  readonly ackWaitMs: number;
  readonly subjectOf: (partition: number) => string;
}

export const shareDurable = (base: string, share: number): string => `${base}-${share}`;

export const shareSubjects = (
  { subjectOf }: Pick<ShareDurables, "subjectOf">,
  share: number,
): string[] => partitionsOfShare(share).map(subjectOf);

/**
 * Versions before shares had one durable for all partitions. Its shares begin where it had got to; then it is deleted.
 * Whatever happens in between, or in two processes at once, may be repeated: shares that are there are left alone, and
 * the old one goes last. An old version that still runs makes the old durable again and reads from the beginning, which
 * does no harm; the next start deletes it.
 */
export async function migrateToShares(nc: NatsConnection, durables: ShareDurables): Promise<void> {
  const { stream, base, ackWaitMs } = durables;
  const jsm = await jetstreamManager(nc, { checkAPI: false });
  const old = await durableInfo(jsm, stream, base);
  if (old === undefined) return;
  const fromSeq = old.ack_floor.stream_seq + 1;
  for (let share = 0; share < SHARES; share += 1) {
    const durable = shareDurable(base, share);
    if ((await durableInfo(jsm, stream, durable)) !== undefined) continue;
    const filterSubjects = shareSubjects(durables, share);
    const config = durableConfig({ durable, filterSubjects, ackWaitMs, fromSeq });
    try {
      await jsm.consumers.add(stream, config);
    } catch (error) {
      // Another process may have been faster, with an ack floor a little further on.
      if ((await durableInfo(jsm, stream, durable)) === undefined) throw error;
    }
  }
  await deleteDurable(jsm, stream, base);
}

/** Has all shares begin at the beginning of the stream again, wherever they run. */
export async function forgetProgress(
  nc: NatsConnection,
  { stream, base }: Pick<ShareDurables, "stream" | "base">,
): Promise<void> {
  const jsm = await jetstreamManager(nc, { checkAPI: false });
  await deleteDurable(jsm, stream, base);
  for (let share = 0; share < SHARES; share += 1) {
    await deleteDurable(jsm, stream, shareDurable(base, share));
  }
}

async function deleteDurable(jsm: JetStreamManager, stream: string, name: string): Promise<void> {
  await jsm.consumers.delete(stream, name).catch((error: unknown) => {
    if (!isNotThere(error)) throw error;
  });
}

const NOT_FOUND = 404;
const isNotThere = (error: unknown): boolean =>
  error instanceof JetStreamApiError && error.status === NOT_FOUND;
