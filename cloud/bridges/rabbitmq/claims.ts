import { setTimeout as sleep } from "node:timers/promises";
import { hasCode } from "@clockleaf/shared/lib/errors.ts";
import { BUCKETS } from "@clockleaf/shared/subjects.ts";
import { jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "nats";
import { publishGuarded } from "../../eventing/atomic-batch.ts";

export interface ClaimsOptions {
  readonly nc: NatsConnection;
  readonly tenant: string;
  /** Whose effect it is that happens once; workers of one name share it. A token. */
  readonly consumer: string;
  /** A worker that has said nothing for so long is taken for dead; no work takes longer. 60 s unless told. */
  readonly deadAfterMs?: number;
}

/** For workers that share a queue: whoever claims a message first does its work, and a repeat finds it done. */
export interface Claims {
  /**
   * Does the work unless it was done before. Resolves when it is done, by whomever: then the message may be acknowledged.
   * Rejects as `work` does: the claim is given up, and the message must be given back. The work is done twice only if its
   * worker dies between the end of it and the word that it is done.
   */
  once(messageId: string, work: () => Promise<void>): Promise<"done" | "repeat">;
}

const STREAM = `KV_${BUCKETS.claims}`;
const TIMEOUT_MS = 5_000;
const LOOK_EVERY_MS = 100;
const DEAD_AFTER_MS = 60_000;
const OPERATION = "KV-Operation";

interface Entry {
  readonly revision: number;
  readonly word: string;
}

/** Claims in the bucket `claims`, which forgets them after a week: a repeat comes as soon as the bridge is back. */
export async function openClaims(options: ClaimsOptions): Promise<Claims> {
  const { nc, tenant, consumer, deadAfterMs = DEAD_AFTER_MS } = options;
  const jsm = await jetstreamManager(nc, { checkAPI: false });
  const subjectOf = (id: string): string => `$KV.${BUCKETS.claims}.${tenant}.${consumer}.${id}`;

  const read = async (subject: string): Promise<Entry> => {
    const message = await jsm.streams.getMessage(STREAM, { last_by_subj: subject });
    const isGone = message === null || message.header.get(OPERATION) !== "";
    return { revision: message?.seq ?? 0, word: isGone ? "" : message.string() };
  };
  /** The new revision; undefined = somebody else was faster. */
  const write = async (subject: string, entry: Entry): Promise<number | undefined> => {
    const { word, revision: expectedLastSeq } = entry;
    const headers = word === "" ? ([[OPERATION, "DEL"]] as const) : [];
    const message = { subject, data: new TextEncoder().encode(word), headers, expectedLastSeq };
    try {
      return await publishGuarded(nc, message, { stream: STREAM, timeoutMs: TIMEOUT_MS });
    } catch (error) {
      if (hasCode(error, "stream.conflict")) return undefined;
      throw error;
    }
  };
  /** The revision of a claim that is ours; undefined = it was done. */
  const claim = async (subject: string): Promise<number | undefined> => {
    let since = performance.now();
    let last = await read(subject);
    for (;;) {
      if (last.word === "done") return undefined;
      const isFree = last.word === "" || performance.now() - since >= deadAfterMs;
      const revision = isFree ? await write(subject, { ...last, word: "taken" }) : undefined;
      if (revision !== undefined) return revision;
      await sleep(LOOK_EVERY_MS);
      const now = await read(subject);
      if (now.revision !== last.revision) since = performance.now();
      last = now;
    }
  };

  return {
    async once(messageId, work) {
      const subject = subjectOf(messageId);
      const revision = await claim(subject);
      if (revision === undefined) return "repeat";
      try {
        await work();
      } catch (error) {
        await write(subject, { revision, word: "" }).catch(() => undefined);
        throw error;
      }
      await write(subject, { revision, word: "done" });
      return "done";
    },
  };
}
