import type { KeyObject } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { codeOf, isRetriable } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import { type GatewayAddress, gatewayCommandSubject } from "@clockleaf/shared/subjects.ts";
import { decode, encode } from "@clockleaf/shared/wire/codec.ts";
import {
  type ResendReply,
  type ResendRequest,
  resendRequestSchema,
} from "@clockleaf/shared/wire/heartbeat.ts";
import {
  MAX_SEGMENT_BYTES,
  MAX_SEGMENT_ROWS,
  sealSegment,
} from "@clockleaf/shared/wire/segment.ts";
import type { Msg, NatsConnection } from "nats";
import type { Hub } from "./hub.ts";
import type { SegmentSource } from "./segment-source.ts";

export interface ResendOptions {
  readonly source: SegmentSource;
  readonly connection: NatsConnection;
  readonly identity: GatewayAddress;
  readonly signKey: KeyObject;
  readonly hub: Hub;
  readonly log: Log;
  readonly signal: AbortSignal;
}

export interface Resend {
  /** Rows sent again since start. */
  rows(): number;
  /** The same for somebody at the gateway, after what waits already; undefined while too many ranges wait. */
  readonly request: (range: ResendRequest) => ResendReply | undefined;
  /** Stops serving; resolves when the segment in flight has its answer. Abort `signal` first. */
  close(): Promise<void>;
}

const MAX_REQUEST_BYTES = 1024;
/** Ranges that wait while one is sent. Beyond it a request gets no answer, and the cloud asks again. */
const MAX_WAITING = 16;
const TRIES = 5;
const RETRY_MS = 1_000;

/**
 * Answers the cloud's requests for rows that it misses: the rows go out again, newly cut and signed, on a subject of
 * their own. Sent once or twice makes no difference there: the intake knows each row by its number.
 */
export function serveResend(options: ResendOptions): Resend {
  const { connection, identity, source, log, signal } = options;
  const waiting: ResendRequest[] = [];
  let sentRows = 0;
  let working: Promise<void> | undefined;

  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      try {
        sentRows += await sendRange(next, options);
      } catch (error) {
        if (signal.aborted) return;
        log.warn({ err: error, code: codeOf(error), ...next }, "rows were not sent again");
      }
    }
  };
  /** Undefined while too many ranges wait. */
  const take = (request: ResendRequest | undefined): ResendReply | undefined => {
    const reply = judge(request, source);
    if (reply.result !== "accepted" || request === undefined) return reply;
    if (waiting.length >= MAX_WAITING) return undefined;
    waiting.push(request);
    working ??= work().finally(() => {
      working = undefined;
    });
    return reply;
  };
  const subscription = connection.subscribe(gatewayCommandSubject(identity, "resend"), {
    callback: (problem, message) => {
      if (problem !== null || signal.aborted) return;
      const reply = take(requestIn(message));
      if (reply !== undefined) message.respond(encode(reply));
    },
  });
  return {
    rows: () => sentRows,
    request: take,
    async close() {
      subscription.unsubscribe();
      waiting.length = 0;
      await working;
    },
  };
}

function requestIn(message: Msg): ResendRequest | undefined {
  try {
    return decode(message.data, resendRequestSchema, {
      what: "resend request",
      maxBytes: MAX_REQUEST_BYTES,
    });
  } catch {
    return undefined; // the reply says so
  }
}

function judge(request: ResendRequest | undefined, source: SegmentSource): ResendReply {
  const kept = Math.max(1, source.stats().firstKeptRow);
  if (request === undefined || request.last < request.first) return { result: "malformed", kept };
  if (request.epoch !== source.epoch) return { result: "wrong-epoch", kept };
  const isThere = request.first >= kept && request.last <= source.lastRow();
  return { result: isThere ? "accepted" : "not-kept", kept };
}

/** Publishes the rows of `range`, segment by segment; returns how many. Rejects when the hub cannot be had. */
async function sendRange(range: ResendRequest, options: ResendOptions): Promise<number> {
  const { source, identity, signKey } = options;
  let row = range.first;
  while (row <= range.last && !options.signal.aborted) {
    const maxRows = Math.min(MAX_SEGMENT_ROWS, range.last - row + 1);
    const found = source.read(row, { maxRows, maxBytes: MAX_SEGMENT_BYTES });
    if (found === undefined) break;
    const { epoch, first, prev, rows } = found;
    const body = { v: 1 as const, ...identity, epoch, first, prev, rows: [...rows] };
    await publishPatiently(sealSegment(body, signKey), options);
    row += rows.length;
  }
  return row - range.first;
}

async function publishPatiently(segment: Uint8Array, options: ResendOptions): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await options.hub.publishResent(segment);
      return;
    } catch (error) {
      if (!isRetriable(error) || attempt >= TRIES) throw error;
      await sleep(RETRY_MS * attempt, undefined, { signal: options.signal });
    }
  }
}
