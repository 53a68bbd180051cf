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

/** Its durable consumer, and the lease of whoever runs it. */
export const INTAKE = "attendance-intake";

/**
 * Reads CLOCK into the intake, one message at a time. If the intake's file was lost, or the stream is another one than
 * it was filled from, the stream is read from its beginning: what is known already has no effect again.
 */
export async function createClockConsumer(
  { nc, tenant, log, mayWork, testHooks }: ConsumerOptions,
  to: { readonly intake: Intake; readonly store: Pick<IntakeStore, "source" | "setSource"> },
): Promise<ConsumerRunner> {
  const jsm = await jetstreamManager(nc, { checkAPI: false });
  const { created } = await jsm.streams.info(STREAMS.clock);
  if (to.store.source() !== created) {
    log.info({ stream: STREAMS.clock }, "intake begins at the beginning of the stream");
    await jsm.consumers.delete(STREAMS.clock, INTAKE).catch(unlessNotThere);
    to.store.setSource(created);
  }
  const every = { tenant, site: "*", gateway: "*" };
  return createConsumerRunner({
    nc,
    log,
    stream: STREAMS.clock,
    durable: INTAKE,
    filterSubjects: [segmentSubject(every), resentSubject(every)],
    handler: (message) => takeIn(to.intake, message),
    mayWork,
    ...(testHooks === undefined ? {} : { testHooks }),
  });
}

async function takeIn(intake: Intake, message: ConsumedMessage): Promise<void> {
  try {
    await intake.process(message);
  } catch (error) {
    if (!isBusy(error)) throw error;
    throw new PlatformError("stream.conflict", "another process is at the intake's file", {
      retriable: true,
      cause: error,
    });
  }
}

const NOT_FOUND = 404;

function unlessNotThere(error: unknown): void {
  if (!(error instanceof JetStreamApiError) || error.status !== NOT_FOUND) throw error;
}
