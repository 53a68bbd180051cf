import type { IdentityEvent } from "@clockleaf/shared/events/identity.ts";
import { codeOf, isRetriable, PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import { STREAMS, tenantSubjects } from "@clockleaf/shared/subjects.ts";
import { type ConsumerMessages, type JsMsg, jetstream, jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "nats";
import { decidedAs } from "../../eventing/decided-as.ts";
import { readStoredEvent } from "../../eventing/event-message.ts";
import { keepFollowing } from "../../eventing/keep-following.ts";
import { createPosition } from "../../eventing/position.ts";
import type { PersonalVault } from "../../eventing/vault.ts";
import type { AccountTable } from "./table.ts";

export interface FollowOptions {
  readonly nc: NatsConnection;
  readonly tenant: string;
  readonly vault: PersonalVault;
  readonly table: AccountTable;
  readonly log: Log;
}

export interface FollowStatus {
  readonly isRunning: boolean;
  readonly position: number;
  /** Events passed over as unreadable. */
  readonly faultsTotal: number;
}

export interface Following {
  /** True once the table shows IDENTITY up to this sequence. */
  waitFor(seq: number, timeoutMs: number): Promise<boolean>;
  /** Resolves once everything is in the table that was stored before. Rejects, retriably, if it takes too long. */
  readToTheEnd(timeoutMs: number): Promise<void>;
  status(): FollowStatus;
  close(): Promise<void>;
}

const CONSUME = { max_messages: 500, expires: 10_000, idle_heartbeat: 2_000 };

/**
 * Keeps the table in step with IDENTITY, from its beginning: there is nothing on disk, and what another process stores is
 * here as soon as the server has told it, in milliseconds. While the hub is away the table stands still and goes on to be used.
 */
export function followAccounts(options: FollowOptions): Following {
  const { nc, tenant, table, log } = options;
  const stopping = new AbortController();
  const position = createPosition();
  let streamIdentity = "";
  let isRunning = false;
  let faultsTotal = 0;
  let messages: ConsumerMessages | undefined;

  async function take(message: JsMsg): Promise<void> {
    if (message.seq <= position.current) return;
    try {
      table.apply(decidedAs<IdentityEvent>(await readStoredEvent(message, options.vault)));
    } catch (error) {
      if (isRetriable(error)) throw error;
      faultsTotal += 1;
      log.error({ err: error, code: codeOf(error), seq: message.seq }, "event passed over");
    }
    position.moveTo(message.seq);
  }

  async function follow(onProgress: () => void): Promise<void> {
    const jsm = await jetstreamManager(nc, { checkAPI: false });
    const { created, state } = await jsm.streams.info(STREAMS.identity);
    if (created !== streamIdentity || state.last_seq < position.current) {
      streamIdentity = created;
      table.reset();
      position.moveTo(0);
    }
    const consumer = await jetstream(nc).consumers.get(STREAMS.identity, {
      filter_subjects: [tenantSubjects("identity", tenant)],
      opt_start_seq: position.current + 1,
    });
    messages = await consumer.consume(CONSUME);
    if (stopping.signal.aborted) messages.stop();
    isRunning = true;
    for await (const message of messages) {
      await take(message);
      onProgress();
    }
  }

  const running = keepFollowing({
    nc,
    signal: stopping.signal,
    follow,
    interrupt() {
      isRunning = false;
      messages?.stop();
    },
    onTurn: (error) => log.debug({ err: error, code: codeOf(error) }, "following accounts again"),
  });

  return {
    waitFor: (seq, timeoutMs) => position.waitFor(seq, timeoutMs),
    async readToTheEnd(timeoutMs) {
      const jsm = await jetstreamManager(nc, { checkAPI: false });
      const filter = tenantSubjects("identity", tenant);
      const { state } = await jsm.streams.info(STREAMS.identity, { subjects_filter: filter });
      const mine = Object.keys(state.subjects ?? {});
      const last = await Promise.all(
        mine.map((subject) => jsm.streams.getMessage(STREAMS.identity, { last_by_subj: subject })),
      );
      const end = Math.max(0, ...last.map((message) => message?.seq ?? 0));
      if (await position.waitFor(end, timeoutMs)) return;
      throw new PlatformError("stream.not-connected", "the accounts are not read yet", {
        retriable: true,
      });
    },
    status: () => ({ isRunning, position: position.current, faultsTotal }),
    async close() {
      stopping.abort();
      await running;
    },
  };
}
