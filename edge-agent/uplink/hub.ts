import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { isKeyRefused } from "@clockleaf/shared/lib/nats-connection.ts";
import type { Link } from "@clockleaf/shared/lib/nats-link.ts";
import {
  type GatewayAddress,
  HUB_DOMAIN,
  resentSubject,
  STREAMS,
  segmentSubject,
} from "@clockleaf/shared/subjects.ts";
import { TRACEPARENT } from "@clockleaf/shared/wire/trace-context.ts";
import {
  JetStreamApiError,
  type JetStreamPublishOptions,
  jetstream,
  jetstreamManager,
} from "@nats-io/jetstream";
import { errors, headers, type MsgHdrs, type NatsConnection } from "nats";
import type { Stored } from "./resume.ts";

export interface HubOptions {
  readonly connection: NatsConnection;
  readonly link: Link;
  readonly identity: GatewayAddress;
  /** How long to wait for an answer of the hub. */
  readonly timeoutMs: number;
}

/** The stream CLOCK as one gateway sees it. Every method rejects with an `uplink.*` code and nothing else. */
export interface Hub {
  /** With the instant at which the hub stored it, by its own clock, UTC milliseconds. */
  lastStored(): Promise<(Stored & { readonly storedAtMs: number }) | undefined>;
  /** Stores a segment right after the message `expect`, under `traceparent` if it is one punch; returns its sequence. */
  publish(segment: Uint8Array, expect: number, traceparent: string | undefined): Promise<number>;
  /** Stores a segment on the subject of repeats, without guard. */
  publishResent(segment: Uint8Array): Promise<void>;
}

export async function openHub(options: HubOptions): Promise<Hub> {
  const { connection, link, identity, timeoutMs } = options;
  const settings = { domain: HUB_DOMAIN, checkAPI: false, timeout: timeoutMs };
  const js = jetstream(connection, settings);
  const { direct } = await jetstreamManager(connection, settings);

  const ask = async <T>(request: () => Promise<T>): Promise<T> => {
    if (!link.isUp()) throw notConnected();
    try {
      return await link.orLost(request());
    } catch (error) {
      throw asUplinkError(error);
    }
  };
  const store = async (
    subject: string,
    segment: Uint8Array,
    how: Partial<JetStreamPublishOptions>,
  ): Promise<number> => {
    const ack = await ask(() =>
      js.publish(subject, segment, {
        ...how,
        timeout: timeoutMs,
        expect: { streamName: STREAMS.clock, ...how.expect },
      }),
    );
    if (ack.stream !== STREAMS.clock || ack.domain !== HUB_DOMAIN) {
      throw new PlatformError("uplink.refused", "acknowledged by something that is not the hub", {
        details: { stream: ack.stream, domain: ack.domain },
      });
    }
    return ack.seq;
  };

  return {
    async lastStored() {
      const message = await ask(() =>
        direct.getMessage(STREAMS.clock, { last_by_subj: segmentSubject(identity) }),
      );
      if (message === null) return undefined;
      return { seq: message.seq, data: message.data, storedAtMs: message.time.getTime() };
    },
    publish: (segment, expect, traceparent) =>
      store(segmentSubject(identity), segment, {
        expect: { lastSubjectSequence: expect },
        ...(traceparent === undefined ? {} : { headers: traceHeaders(traceparent) }),
      }),
    async publishResent(segment) {
      await store(resentSubject(identity), segment, {});
    },
  };
}

function traceHeaders(traceparent: string): MsgHdrs {
  const traced = headers();
  traced.set(TRACEPARENT, traceparent);
  return traced;
}

const notConnected = (cause?: unknown): PlatformError =>
  new PlatformError("uplink.not-connected", "the hub cannot be reached", {
    retriable: true,
    cause,
  });

/** The one place that knows how the client library names what went wrong. */
function asUplinkError(error: unknown): PlatformError {
  if (error instanceof PlatformError) return error;
  if (isKeyRefused(error)) {
    return new PlatformError(
      "uplink.unauthorised",
      "the gateway's key may not send in the name of this gateway",
      { retriable: true, cause: error },
    );
  }
  if (error instanceof JetStreamApiError) {
    // 10071, wrong last sequence, is an answer like any other: what is stored will say why.
    return new PlatformError("uplink.refused", "the hub did not store the segment", {
      retriable: true,
      cause: error,
      details: { hubCode: error.code },
    });
  }
  if (error instanceof errors.TimeoutError) {
    return new PlatformError("uplink.ambiguous", "no answer from the hub in time", {
      retriable: true,
      cause: error,
    });
  }
  const isUnreachable =
    (error instanceof Error && error.name === "JetStreamNotEnabled") || // a class that is not exported
    error instanceof errors.RequestError ||
    error instanceof errors.NoRespondersError ||
    error instanceof errors.ClosedConnectionError;
  return isUnreachable
    ? notConnected(error)
    : new PlatformError("uplink.ambiguous", "asking the hub failed", {
        retriable: true,
        cause: error,
      });
}
