import {
  Admin,
  type Base,
  type CallbackWithPromise,
  Consumer,
  kListApis,
  Producer,
} from "@platformatic/kafka";
import type { Connection } from "./connection.ts";

type ApiVersions = Awaited<ReturnType<Base["listApis"]>>;

/** Few attempts, so that a wrong password is told soon; never none, or the library waits for good (D7). */
const FEW_TRIES = { retries: 3, retryDelay: 100 };

/**
 * A transaction right after another finds the broker still busy with that one's markers (CONCURRENT_TRANSACTIONS): asked
 * again after the library's 1 s there would be one a second (D5). Some ten seconds in all, so that a leader may move.
 */
const MANY_TRIES = {
  retries: 100,
  retryDelay: (_client: object, _operation: string, attempt: number): number => {
    if (attempt <= 20) return 5;
    return attempt <= 60 ? 25 : 250;
  },
};

export const openAdmin = (connection: Connection, clientId: string): Admin =>
  heardOut(new Admin({ ...connection, ...FEW_TRIES, clientId }));

/** Reads partitions by offset; joins no group and commits nothing. */
export const openReader = (connection: Connection, clientId: string): Consumer =>
  heardOut(new Consumer({ ...connection, ...FEW_TRIES, clientId, groupId: clientId }));

export interface ProducerSettings {
  readonly clientId: string;
  readonly transactionalId: string;
  readonly transactionTimeoutMs: number;
  readonly compression: "none" | "lz4" | "zstd";
}

export function openProducer(connection: Connection, settings: ProducerSettings): Producer {
  const { clientId, transactionalId, transactionTimeoutMs, compression } = settings;
  const producer = new ClientProducer({
    ...connection,
    ...MANY_TRIES,
    clientId,
    transactionalId,
    compression,
    idempotent: true,
    // The library's time-out of a request is what it asks the broker for as the transaction's.
    timeout: transactionTimeoutMs,
    // "None yet". The library would say 0 and 0, which the broker takes for a producer that it has fenced (D1).
    producerId: -1n,
    producerEpoch: -1,
  });
  return heardOut(producer);
}

/**
 * Somebody listens to every error of its connections. The library hears the first of each only, and one that breaks in the
 * middle of SASL has two: nobody hears the second, and Node.js ends the whole process for it.
 */
export function heardOut<Client extends Base>(client: Client): Client {
  client.connections.on("connecting", ({ connection }) => {
    connection.on("error", () => undefined); // Whoever asked for something is told.
  });
  return client;
}

/** From this version on the request is for brokers among themselves; clients stop before it (Kafka, KIP-890). */
const CLIENTS_ADD_PARTITIONS = 3;

/**
 * Asks for partitions as clients do. The library would take the newest version that the broker has, which needs
 * ClusterAction on the cluster (D6): with that right a user may read whatever there is.
 */
class ClientProducer extends Producer {
  override [kListApis](callback: CallbackWithPromise<ApiVersions>): void {
    super[kListApis]((error: Error | null, apis: ApiVersions = []) =>
      callback(error, apis.map(asForClients)),
    );
  }
}

function asForClients(api: ApiVersions[number]): ApiVersions[number] {
  if (api.name !== "AddPartitionsToTxn") return api;
  return { ...api, maxVersion: Math.max(api.minVersion, CLIENTS_ADD_PARTITIONS) };
}

/** Cuts every connection: what is under way fails at once, and nothing is waited for that no longer answers. */
export async function closeClient(client: Base): Promise<void> {
  for (const [, connection] of client.connections) connection.socket?.destroy();
  await client.close();
}
