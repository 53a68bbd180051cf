import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import { resentSubject, STREAMS, segmentSubject } from "@clockleaf/shared/subjects.ts";
import { JetStreamApiError, jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "nats";
import {
  type ConsumedMessage,
  type ConsumerRunner,
  type ConsumerTestHooks,
  createConsumerRunner,
} from "../eventing/consumer-runner.ts";
import { durableConfig, durableInfo } from "../eventing/durables.ts";
import type { Intake } from "./intake.ts";
import { type IntakeStore, isBusy } from "./intake-store.ts";

export interface ConsumerOptions {
  readonly nc: NatsConnection;
  readonly tenant: string;
  readonly log: Log;
  /** Whether this process is (still) the one that reads CLOCK. */
  readonly mayWork: () => boolean;
  readonly testHooks?: ConsumerTestHooks;
}

const ACK_WAIT_MS = 15_000;
/** Its durable consumer, and the lease of whoever runs it. */
export const INTAKE = "attendance-intake";

/**
 * Reads CLOCK into the intake, one message at a time. If the intake's file was lost, or the stream is another one than
 * it was filled from, the stream is read from its beginning; if a process on another machine, with a file of its own, has
 * read on meanwhile, from where this file ends. What is known already has no effect again.
 */
export async function createClockConsumer(
  { nc, tenant, log, mayWork, testHooks }: ConsumerOptions,
  to: Destination,
): Promise<ConsumerRunner> {
  const jsm = await jetstreamManager(nc, { checkAPI: false });
  const { store } = to;
  const { created } = await jsm.streams.info(STREAMS.clock);
  if (store.source() !== created) store.setSource(created);
  const known = await durableInfo(jsm, STREAMS.clock, INTAKE);
  const reachedSeq = known?.ack_floor.stream_seq ?? 0;
  const position = store.position() ?? reachedSeq;
  const every = { tenant, site: "*", gateway: "*" };
  const filterSubjects = [segmentSubject(every), resentSubject(every)];
  if (reachedSeq > position) {
    log.info({ stream: STREAMS.clock, position, reachedSeq }, "intake goes on where its file ends");
    await jsm.consumers.delete(STREAMS.clock, INTAKE).catch(unlessNotThere);
    const at = { durable: INTAKE, filterSubjects, ackWaitMs: ACK_WAIT_MS, fromSeq: position + 1 };
    await jsm.consumers.add(STREAMS.clock, durableConfig(at));
  }
  return createConsumerRunner({
    nc,
    log,
    stream: STREAMS.clock,
    durable: INTAKE,
    filterSubjects,
    ackWaitMs: ACK_WAIT_MS,
    handler: (message) => takeIn(to, message),
    mayWork,
    ...(testHooks === undefined ? {} : { testHooks }),
  });
}

interface Destination {
  readonly intake: Intake;
  readonly store: Pick<IntakeStore, "source" | "setSource" | "position" | "setPosition">;
}

async function takeIn({ intake, store }: Destination, message: ConsumedMessage): Promise<void> {
  try {
    await intake.process(message);
    store.setPosition(message.seq);
  } catch (error) {
    if (isBusy(error)) {
      throw new PlatformError("stream.conflict", "another process is at the intake's file", {
        retriable: true,
        cause: error,
      });
    }
    // It becomes a dead letter, and is not to become one again whenever the reading begins here.
    if (error instanceof PlatformError && !error.retriable) store.setPosition(message.seq);
    throw error;
  }
}

const NOT_FOUND = 404;

function unlessNotThere(error: unknown): void {
  if (!(error instanceof JetStreamApiError) || error.status !== NOT_FOUND) throw error;
}
