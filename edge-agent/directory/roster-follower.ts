import type { Log } from "@clockleaf/shared/lib/log.ts";
import { watchLink } from "@clockleaf/shared/lib/nats-link.ts";
import { type Backoff, backoffMs } from "@clockleaf/shared/lib/retry.ts";
import { Signal } from "@clockleaf/shared/lib/signal.ts";
import {
  type GatewayAddress,
  rosterChangedSubject,
  rosterReadSubject,
} from "@clockleaf/shared/subjects.ts";
import { decode, encode } from "@clockleaf/shared/wire/codec.ts";
import { rosterPageSchema } from "@clockleaf/shared/wire/roster.ts";
import type { NatsConnection } from "nats";
import type { RosterFeed } from "./directory.ts";

export interface FollowOptions {
  readonly feed: RosterFeed;
  /** To the local leaf server. */
  readonly connection: NatsConnection;
  readonly identity: GatewayAddress;
  readonly log: Log;
  /** How long a change may go unnoticed when its notice is lost; 15 s unless told. */
  readonly pollMs?: number;
  /** How long to wait for a page; 5 s unless told. */
  readonly timeoutMs?: number;
}

export interface RosterFollower {
  close(): Promise<void>;
}

const BACKOFF: Backoff = { firstMs: 200, maxMs: 10_000, jitter: 0.5 };

/**
 * Keeps the directory up to date: asks for changes when told that there are some, when the connection comes back, and
 * now and then, since a cut between the local server and the hub shows in nothing else. Never gives up; while the cloud cannot be reached the directory stays as it was.
 */
export function followRoster(options: FollowOptions): RosterFollower {
  const { connection, identity, feed, log } = options;
  const { tenant, site } = identity;
  const { timeoutMs: timeout = 5_000, pollMs = 15_000 } = options;
  const wanted = new Signal();
  const link = watchLink(connection);
  link.onChange(() => wanted.raise());
  const notices = connection.subscribe(rosterChangedSubject(tenant, site), {
    callback: () => wanted.raise(),
  });
  const closing = new AbortController();
  let failures = 0;

  /** One page; true when there is more. */
  const readPage = async (): Promise<boolean> => {
    const request = encode(feed.nextRequest());
    const reply = await link.orLost(
      connection.request(rosterReadSubject(tenant, site), request, { timeout }),
    );
    const page = decode(reply.data, rosterPageSchema, { what: "roster page" });
    if (!closing.signal.aborted) feed.apply(page);
    return page.more && (page.changes.length > 0 || page.rules !== null);
  };
  /** One turn; returns how long to wait for the next, unless woken. */
  const turn = async (): Promise<number> => {
    try {
      const hasMore = await readPage();
      if (failures > 0) log.info("the directory is being kept up to date again");
      failures = 0;
      return hasMore ? 0 : pollMs;
    } catch (error) {
      if (failures === 0) log.warn({ err: error }, "the directory cannot be brought up to date");
      failures += 1;
      return backoffMs(failures - 1, BACKOFF, Math.random());
    }
  };
  const run = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      const waitMs = link.isUp() ? await turn() : pollMs;
      if (waitMs > 0 && !closing.signal.aborted) await wanted.wait(waitMs);
    }
  };
  const running = run();
  return {
    async close() {
      closing.abort();
      notices.unsubscribe();
      wanted.raise();
      await running;
      link.close();
    },
  };
}
