import { readFile } from "node:fs/promises";
import { isIP } from "node:net";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { BaseOptions } from "@platformatic/kafka";
import type { KafkaConfig } from "./config.ts";

export type Connection = Omit<BaseOptions, "clientId">;

const CONNECT_MS = 5_000;
/** No answer for so long and the connection is given up. */
const REQUEST_MS = 10_000;

const MECHANISMS = {
  plain: "PLAIN",
  "scram-sha-256": "SCRAM-SHA-256",
  "scram-sha-512": "SCRAM-SHA-512",
} as const;

/** How to reach the brokers. Reads keys and passwords anew each time; rejects with `config.unreadable`. */
export async function connectionOf({ brokers, tls, sasl }: KafkaConfig): Promise<Connection> {
  return {
    bootstrapBrokers: [...brokers],
    connectTimeout: CONNECT_MS,
    requestTimeout: REQUEST_MS,
    ...(tls === undefined ? {} : { tlsServerName: brokers.every(isNamed), tls: await tlsOf(tls) }),
    ...(sasl === undefined
      ? {}
      : {
          sasl: {
            mechanism: MECHANISMS[sasl.mechanism],
            username: sasl.user,
            password: (await read(sasl.passwordFile)).trim(),
          },
        }),
  };
}

/** TLS is told the name that is asked for, which proxies route by; addresses are no names to it. */
const isNamed = (broker: string): boolean => isIP(broker.slice(0, broker.lastIndexOf(":"))) === 0;

async function tlsOf({
  caFile,
  certFile,
  keyFile,
}: NonNullable<KafkaConfig["tls"]>): Promise<NonNullable<BaseOptions["tls"]>> {
  return {
    ...(caFile === undefined ? {} : { ca: await read(caFile) }),
    ...(certFile === undefined ? {} : { cert: await read(certFile) }),
    ...(keyFile === undefined ? {} : { key: await read(keyFile) }),
  };
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new PlatformError("config.unreadable", `cannot read ${file}`, { cause: error });
  }
}
