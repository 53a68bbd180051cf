import { codeOf } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import {
  ALL_ROSTER_READS,
  BUCKETS,
  directoryFilter,
  rosterChangedSubject,
} from "@clockleaf/shared/subjects.ts";
import { decode, encode } from "@clockleaf/shared/wire/codec.ts";
import { directoryEntrySchema } from "@clockleaf/shared/wire/directory.ts";
import { badgeKeySchema } from "@clockleaf/shared/wire/punch.ts";
import {
  MAX_ROSTER_CHANGES,
  type RosterPage,
  type RosterRequest,
  rosterRequestSchema,
} from "@clockleaf/shared/wire/roster.ts";
import { type JetStreamManager, jetstreamManager } from "@nats-io/jetstream";
import type { Msg, NatsConnection } from "nats";
import { readAfter } from "../eventing/direct-read.ts";
import type { SiteRulesSource } from "./site-rules.ts";

const STREAM = `KV_${BUCKETS.directory}`;
const PREFIX = `$KV.${BUCKETS.directory}.`;
/** Changes that come in a burst (an import of badges) are announced once. */
const NOTICE_DELAY_MS = 100;
const READ_TIMEOUT_MS = 5_000;
const MAX_REQUEST_BYTES = 1024;

export interface RosterServer {
  /** Resolves when what was being answered is answered. */
  close(): Promise<void>;
}

export interface RosterServerOptions {
  readonly nc: NatsConnection;
  readonly log: Log;
  /** By what gateways say what a punch means; left out, they greet by name alone. */
  readonly rules?: SiteRulesSource;
}

/**
 * Answers gateways that ask what changed in their site's directory, and tells them when something did. The bucket is
 * the truth; any number of processes may serve, each request is answered by one. Needs the role `cloud-consumers`.
 *
 * Gateways do not watch the bucket themselves: see `deploy/nats/README.md`.
 */
export async function serveRoster({ nc, log, rules }: RosterServerOptions): Promise<RosterServer> {
  const jsm = await jetstreamManager(nc, { checkAPI: false });
  const answering = new Set<Promise<void>>();
  const requests = nc.subscribe(ALL_ROSTER_READS, {
    queue: "roster",
    callback: (problem, message) => {
      if (problem !== null) return;
      const one = answer(message).finally(() => answering.delete(one));
      answering.add(one);
    },
  });
  const answer = async (message: Msg): Promise<void> => {
    const [, , tenant = "", site = ""] = message.subject.split(".");
    try {
      const request = decode(message.data, rosterRequestSchema, {
        what: "roster request",
        maxBytes: MAX_REQUEST_BYTES,
      });
      message.respond(encode(await readPage({ nc, jsm, log, rules }, { tenant, site, request })));
    } catch (error) {
      // No answer: the gateway asks again.
      log.warn({ err: error, code: codeOf(error), tenant, site }, "roster request not answered");
    }
  };
  const announcer = announceChanges(nc);
  await nc.flush(); // from here on no change is missed
  return {
    async close() {
      requests.unsubscribe();
      announcer.close();
      await Promise.all(answering);
    },
  };
}

interface Parts {
  readonly nc: NatsConnection;
  readonly jsm: JetStreamManager;
  readonly log: Log;
  readonly rules: SiteRulesSource | undefined;
}

interface Question {
  readonly tenant: string;
  readonly site: string;
  readonly request: RosterRequest;
}

/** Rules go before changes: a page that brings them brings nothing else, so that both fit into a message. */
async function readPage(parts: Parts, question: Question): Promise<RosterPage> {
  const { tenant, site, request } = question;
  const { created } = await parts.jsm.streams.info(STREAM);
  const after = request.generation === created ? request.after : 0;
  const rules = (await parts.rules?.of(tenant, site)) ?? null;
  const isWanted = request.rules !== undefined && rules?.revision !== request.rules;
  if (rules !== null && isWanted) {
    return { generation: created, changes: [], upTo: after, more: true, rules };
  }
  return { generation: created, ...(await readChanges(parts, question, after)), rules: null };
}

type Changes = Pick<RosterPage, "changes" | "upTo" | "more">;

async function readChanges(
  { nc, jsm, log }: Parts,
  { tenant, site }: Question,
  after: number,
): Promise<Changes> {
  const changes: Array<RosterPage["changes"][number]> = [];
  let upTo = after;
  const subject = `${PREFIX}${directoryFilter(tenant, site)}`;
  const query = { stream: STREAM, subject, afterSeq: after, timeoutMs: READ_TIMEOUT_MS };
  for await (const message of readAfter(nc, jsm, query)) {
    if (changes.length >= MAX_ROSTER_CHANGES) return { changes, upTo, more: true };
    upTo = message.seq;
    const badge = badgeKeySchema.safeParse(message.subject.split(".").at(-1));
    if (!badge.success) continue; // not written by us; no reader can send such a badge
    try {
      const isDeleted = (message.headers?.get("KV-Operation") ?? "") !== "";
      const entry = isDeleted
        ? null
        : decode(message.data, directoryEntrySchema, { what: "directory entry" });
      changes.push({ badge: badge.data, entry });
    } catch (error) {
      log.error({ err: error, code: codeOf(error), seq: upTo }, "directory entry left out");
    }
  }
  return { changes, upTo, more: false };
}

/**
 * Hears every put and delete of the bucket as the plain message that it is, and tells the site of it a moment later,
 * when it is stored. A consumer would be exact, but stands still after the stream was made anew; a gateway that misses
 * a notice finds the change when it next asks by itself.
 */
function announceChanges(nc: NatsConnection): { close(): void } {
  const waiting = new Map<string, NodeJS.Timeout>();
  const changes = nc.subscribe(`${PREFIX}>`, {
    queue: "roster",
    callback: (problem, message) => {
      if (problem !== null) return;
      const [tenant = "", site = ""] = message.subject.slice(PREFIX.length).split(".");
      const subject = rosterChangedSubject(tenant, site);
      if (waiting.has(subject)) return;
      const announce = (): void => {
        waiting.delete(subject);
        if (!nc.isClosed()) nc.publish(subject);
      };
      waiting.set(subject, setTimeout(announce, NOTICE_DELAY_MS));
    },
  });
  return {
    close() {
      changes.unsubscribe();
      for (const timer of waiting.values()) clearTimeout(timer);
    },
  };
}
