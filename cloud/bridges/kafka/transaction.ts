import type { Producer } from "@platformatic/kafka";
import type { OutgoingRecord } from "./checkpoint.ts";

/**
 * Transactions of one transactional id, one after the other. Whatever fails, all of it is thrown away: the library counts
 * a batch's sequence numbers before it is sent and never takes that back, so after one refusal every later batch would be
 * refused for its number (D2). What was sent is resolved by whoever opens the transactional id next.
 */
export interface Transactions {
  /** Adds to the transaction that is open; opens one if none is. */
  send(records: readonly OutgoingRecord[]): Promise<void>;
  /** Once it resolves, what was sent is there for good, all of it. If it rejects, it may be or not. */
  commit(): Promise<void>;
}

type Open = Awaited<ReturnType<Producer["beginTransaction"]>>;

/**
 * Resolves when every writer that opened the id before is shut out and what it had under way is committed or aborted.
 * That is done at the first begin of a producer, and only then.
 */
export async function beginTransactions(producer: Producer): Promise<Transactions> {
  let open: Open | undefined = await producer.beginTransaction();
  return {
    async send(records) {
      open ??= await producer.beginTransaction();
      await open.send({ messages: [...records] });
    },
    async commit() {
      const done = open;
      open = undefined;
      await done?.commit();
    },
  };
}
