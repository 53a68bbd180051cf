import { type ErrorCode, PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { NetworkError } from "@platformatic/kafka";
import type { KafkaConfig } from "./config.ts";

/** Whom a message is to name. */
export interface Whom {
  readonly brokers: readonly string[];
  readonly user: string | undefined;
  readonly transactionalId: string;
}

export const whomOf = ({ brokers, sasl }: KafkaConfig, transactionalId: string): Whom => ({
  brokers,
  user: sasl?.user,
  transactionalId,
});

interface Meaning {
  readonly code: ErrorCode;
  readonly retriable: boolean;
  readonly says: (whom: Whom) => string;
}

const server = ({ brokers }: Whom): string => `Kafka at ${brokers.join(", ")}`;
const user = (whom: Whom): string =>
  whom.user === undefined ? "a client without a user" : `user ${whom.user}`;

const later = (says: string): Meaning => ({
  code: "bridge.unreachable",
  retriable: true,
  says: (whom) => `${server(whom)} ${says}`,
});
const refused = (says: (whom: Whom) => string): Meaning => ({
  code: "bridge.refused",
  retriable: false,
  says: (whom) => `${server(whom)} refuses ${user(whom)}: ${says(whom)}`,
});

const FENCED: Meaning = {
  code: "bridge.fenced",
  retriable: true,
  says: ({ transactionalId }) => `another writer has opened ${transactionalId} since`,
};
const TOO_LARGE: Meaning = {
  code: "bridge.too-large",
  retriable: true,
  says: (whom) => `${server(whom)} takes no batch of that size`,
};
const CREDENTIALS = refused(
  () => "set bridges.kafka.sasl (user, passwordFile, mechanism) to what the brokers know",
);
const TRUST: Meaning = {
  code: "bridge.refused",
  retriable: false,
  says: (whom) =>
    `TLS with ${server(whom)} for ${user(whom)} fails: check bridges.kafka.tls (caFile, certFile, keyFile), and that the brokers' certificates name them`,
};
const NEEDS_RIGHT = "grant it (the README of cloud/bridges/kafka lists what is needed)";

/** What a code of the protocol means to us. Those that are not here: the library retried in vain, so later. */
const MEANINGS: Readonly<Record<string, Meaning>> = {
  INVALID_PRODUCER_EPOCH: FENCED,
  PRODUCER_FENCED: FENCED,
  // What a writer meets whose producer id was given up for a newer one, or forgotten after days of silence.
  INVALID_PRODUCER_ID_MAPPING: FENCED,
  TRANSACTION_ABORTABLE: later("has aborted the transaction"),
  MESSAGE_TOO_LARGE: TOO_LARGE,
  RECORD_LIST_TOO_LARGE: TOO_LARGE,
  SASL_AUTHENTICATION_FAILED: CREDENTIALS,
  UNSUPPORTED_SASL_MECHANISM: CREDENTIALS,
  ILLEGAL_SASL_STATE: CREDENTIALS,
  TOPIC_AUTHORIZATION_FAILED: refused(() => `it lacks a right on a topic; ${NEEDS_RIGHT}`),
  TRANSACTIONAL_ID_AUTHORIZATION_FAILED: refused(
    ({ transactionalId }) =>
      `it lacks Write on the transactional id ${transactionalId}; ${NEEDS_RIGHT}`,
  ),
  CLUSTER_AUTHORIZATION_FAILED: refused(
    () =>
      `it lacks a right on the cluster (Create, to make topics); ${NEEDS_RIGHT}, or make them yourself and set bridges.kafka.topics.create to false`,
  ),
  INVALID_TRANSACTION_TIMEOUT: refused(
    () => "bridges.kafka.transactionTimeout is above the brokers' transaction.max.timeout.ms",
  ),
  INVALID_REPLICATION_FACTOR: {
    code: "bridge.unsafe",
    retriable: false,
    says: (whom) =>
      `${server(whom)} has fewer brokers than bridges.kafka.topics.replicationFactor asks for; add brokers, or lower it and with it what a failure may cost`,
  },
};

const MAX_DEPTH = 10;

/** Faults of TLS as Node.js names them. */
const TLS_FAULT =
  /^(?:ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|INVALID_CA|HOSTNAME_MISMATCH)/;

/**
 * Whatever the client or a socket throws, as one of our codes. The only place that knows how they look. Codes are looked
 * for in the whole tree of causes: the client wraps each attempt's error.
 */
export function kafkaError(error: unknown, whom: Whom): PlatformError {
  if (error instanceof PlatformError) return error;
  const found = [...codesIn(error)];
  const known = found.map((code) => meaningOf(code)).find((meaning) => meaning !== undefined);
  const { code, retriable, says } = known ?? later(`does not do as asked: ${rootOf(error)}`);
  return new PlatformError(code, says(whom), { retriable, cause: error });
}

/** For people: what the innermost cause says. */
function rootOf(error: unknown, depth = 0): string {
  if (!(error instanceof Error)) return String(error);
  const inner = error instanceof AggregateError ? error.errors.at(-1) : error.cause;
  return inner === undefined || depth > MAX_DEPTH ? error.message : rootOf(inner, depth + 1);
}

function meaningOf(code: string): Meaning | undefined {
  if (TLS_FAULT.test(code)) return TRUST;
  return MEANINGS[code] ?? (code === "PLT_KFK_AUTHENTICATION" ? CREDENTIALS : undefined);
}

/** Codes in the error, in what it was made of and in what caused it: of the protocol, the library and Node.js. */
function* codesIn(error: unknown, seen = new Set<unknown>()): Generator<string> {
  if (!(error instanceof Error) || seen.has(error)) return;
  seen.add(error);
  if ("apiId" in error && typeof error.apiId === "string") yield error.apiId;
  for (const each of error instanceof AggregateError ? error.errors : []) {
    yield* codesIn(each, seen);
  }
  yield* codesIn(error.cause, seen);
  // A connection that breaks in the middle of SASL is no matter of credentials, though the library says so.
  const isBroken = error.cause instanceof NetworkError;
  if ("code" in error && typeof error.code === "string" && !isBroken) yield error.code;
}
