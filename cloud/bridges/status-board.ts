import { codeOf } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import { BUCKETS } from "@clockleaf/shared/subjects.ts";
import { Kvm } from "@nats-io/kv";
import type { NatsConnection } from "nats";
import { z } from "zod";
import { connectionGate } from "../eventing/connection-gate.ts";
import type { FeedStatus } from "./feed-status.ts";

const postedSchema = z.object({
  destination: z.string(),
  feed: z.string(),
  stream: z.string(),
  state: z.enum(["starting", "running", "waiting", "halted", "stopped"]),
  position: z.int(),
  lag: z.int(),
  recordsTotal: z.int(),
  batchesTotal: z.int(),
  batchRecords: z.int(),
  batchMs: z.int(),
  restartsTotal: z.int(),
  fencedTotal: z.int(),
  deadLettersTotal: z.int(),
  error: z.object({ code: z.string(), message: z.string() }).optional(),
  /** UTC milliseconds. */
  postedAtMs: z.int(),
});
/** What the process that runs a feed said of it last. */
export type PostedStatus = z.output<typeof postedSchema>;

const prefixOf = (tenant: string): string => `status.${tenant}`;
const keyOf = (tenant: string, { destination, feed }: FeedStatus): string =>
  `${prefixOf(tenant)}.${destination}.${feed}`;

export interface StatusBoard {
  /**
   * The last word about a feed that this process stopped in order. Not said where another process has posted since: what it
   * says of the feed is newer, whichever of the two arrives last.
   */
  postLast(status: FeedStatus): Promise<void>;
  /** Posts what there still is to post, and no more after that. */
  close(): Promise<void>;
}

export interface StatusBoardOptions {
  readonly nc: NatsConnection;
  readonly tenant: string;
  /** Of the feeds that are this process's: what it says of them takes the place of whatever was said before. */
  readonly statuses: () => readonly FeedStatus[];
  readonly everyMs: number;
  readonly nowMs: () => number;
  readonly log: Log;
}

/** Posts how this process's feeds fare, for `clockleaf bridge status` in another. Nothing is decided by it. */
export async function postStatuses(options: StatusBoardOptions): Promise<StatusBoard> {
  const { nc, tenant, statuses, everyMs, nowMs, log } = options;
  const kv = await new Kvm(nc).open(BUCKETS.bridges);
  const gate = connectionGate(nc);
  /** Revisions that were written here last, and which nobody has written over as far as is known. */
  const own = new Map<string, number>();
  const write = async (key: string, status: FeedStatus): Promise<void> => {
    gate.assertConnected();
    const previousSeq = own.get(key) ?? (await gate.orLost(kv.get(key)))?.revision ?? 0;
    // If this fails, or nobody knows whether it did: the next one begins by looking whose the entry is.
    own.delete(key);
    const posted = JSON.stringify({ ...status, postedAtMs: nowMs() });
    own.set(key, await gate.orLost(kv.put(key, posted, { previousSeq })));
  };
  const orLog = async (work: Promise<void>): Promise<void> => {
    try {
      await work;
    } catch (error) {
      log.debug({ err: error, code: codeOf(error) }, "status of bridges not posted");
    }
  };
  const post = async (): Promise<void> => {
    for (const status of statuses()) await orLog(write(keyOf(tenant, status), status));
  };
  // One after the other: a word that was on its way must not come after the last one.
  let posting: Promise<void> = Promise.resolve();
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    posting = posting.then(work);
    return posting;
  };
  let isBusy = false;
  const timer = setInterval(() => {
    if (isBusy) return;
    isBusy = true;
    void inTurn(post).finally(() => {
      isBusy = false;
    });
  }, everyMs);
  return {
    postLast: (status) =>
      inTurn(async () => {
        const key = keyOf(tenant, status);
        if (own.has(key)) await orLog(write(key, status));
        own.delete(key);
      }),
    async close() {
      clearInterval(timer);
      await inTurn(post);
    },
  };
}

/** What was posted last of every feed, by destination and name. */
export async function readStatuses(nc: NatsConnection, tenant: string): Promise<PostedStatus[]> {
  const kv = await new Kvm(nc).open(BUCKETS.bridges);
  const found: PostedStatus[] = [];
  for await (const key of await kv.keys(`${prefixOf(tenant)}.>`)) {
    const entry = await kv.get(key);
    if (entry?.operation !== "PUT") continue;
    const parsed = postedSchema.safeParse(entry.json());
    if (parsed.success) found.push(parsed.data);
  }
  return found.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}

const nameOf = ({ destination, feed }: PostedStatus): string => `${destination} ${feed}`;
