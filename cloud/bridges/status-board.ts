import { codeOf } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import { BUCKETS } from "@clockleaf/shared/subjects.ts";
import { Kvm } from "@nats-io/kv";
import type { NatsConnection } from "nats";
import { z } from "zod";
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
  close(): Promise<void>;
}

export interface StatusBoardOptions {
  readonly nc: NatsConnection;
  readonly tenant: string;
  readonly statuses: () => readonly FeedStatus[];
  readonly everyMs: number;
  readonly nowMs: () => number;
  readonly log: Log;
}

/** Posts how this process's feeds fare, for `clockleaf bridge status` in another. Nothing is decided by it. */
export async function postStatuses(options: StatusBoardOptions): Promise<StatusBoard> {
  const { nc, tenant, statuses, everyMs, nowMs, log } = options;
  const kv = await new Kvm(nc).open(BUCKETS.bridges);
  let posting: Promise<void> = Promise.resolve();
  const post = async (): Promise<void> => {
    try {
      for (const status of statuses()) {
        await kv.put(keyOf(tenant, status), JSON.stringify({ ...status, postedAtMs: nowMs() }));
      }
    } catch (error) {
      log.debug({ err: error, code: codeOf(error) }, "status of bridges not posted");
    }
  };
  let isBusy = false;
  const timer = setInterval(() => {
    if (isBusy) return;
    isBusy = true;
    posting = post().finally(() => {
      isBusy = false;
    });
  }, everyMs);
  return {
    async close() {
      clearInterval(timer);
      await posting;
      await post();
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
