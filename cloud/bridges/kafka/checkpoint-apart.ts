import { ProduceAcks, Producer } from "@platformatic/kafka";
import type { OutgoingRecord } from "./checkpoint.ts";
import { closeClient, heardOut } from "./clients.ts";
import type { Connection } from "./connection.ts";

export interface ApartSender {
  readonly send: (record: OutgoingRecord) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** The planted fault `checkpointApart`: sends checkpoints in no transaction. Nothing but a test asks for it. */
export function openApartSender(connection: Connection, clientId: string): ApartSender {
  const settings = { ...connection, clientId, retries: 3, retryDelay: 100 };
  const producer = heardOut(new Producer(settings));
  return {
    async send(record) {
      await producer.send({ messages: [record], acks: ProduceAcks.ALL });
    },
    close: () => closeClient(producer),
  };
}
