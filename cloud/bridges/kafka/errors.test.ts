import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import {
  AuthenticationError,
  MultipleErrors,
  NetworkError,
  ProtocolError,
} from "@platformatic/kafka";
import { expect, test } from "vitest";
import { kafkaError } from "./errors.ts";

const whom = {
  brokers: ["k1:9092", "k2:9092"],
  user: "bridge",
  transactionalId: "clockleaf-acme-X",
};
const protocol = (id: string): Error => new ProtocolError(id);
/** As the library wraps what it tried more than once. */
const wrapped = (inner: Error): Error =>
  new MultipleErrors("metadata failed 4 times.", [
    new NetworkError("Connection failed."),
    new NetworkError("Connection failed.", { cause: inner }),
  ]);

test.each([
  ["INVALID_PRODUCER_EPOCH", "bridge.fenced", true],
  ["PRODUCER_FENCED", "bridge.fenced", true],
  ["INVALID_PRODUCER_ID_MAPPING", "bridge.fenced", true],
  ["MESSAGE_TOO_LARGE", "bridge.too-large", true],
  ["RECORD_LIST_TOO_LARGE", "bridge.too-large", true],
  ["SASL_AUTHENTICATION_FAILED", "bridge.refused", false],
  ["TOPIC_AUTHORIZATION_FAILED", "bridge.refused", false],
  ["TRANSACTIONAL_ID_AUTHORIZATION_FAILED", "bridge.refused", false],
  ["CLUSTER_AUTHORIZATION_FAILED", "bridge.refused", false],
  ["INVALID_TRANSACTION_TIMEOUT", "bridge.refused", false],
  ["INVALID_REPLICATION_FACTOR", "bridge.unsafe", false],
  ["NOT_ENOUGH_REPLICAS", "bridge.unreachable", true],
  ["OUT_OF_ORDER_SEQUENCE_NUMBER", "bridge.unreachable", true],
])("%s means %s, however deep it lies", (id, code, retriable) => {
  for (const error of [protocol(id), wrapped(protocol(id)), wrapped(wrapped(protocol(id)))]) {
    expect(kafkaError(error, whom)).toMatchObject({ code, retriable });
  }
});

test("a refusal says which server, which user and what to do", () => {
  const { message } = kafkaError(wrapped(protocol("SASL_AUTHENTICATION_FAILED")), whom);
  expect(message).toMatch(/k1:9092, k2:9092/);
  expect(message).toMatch(/user bridge/);
  expect(message).toMatch(/passwordFile/);
});

test.each(["SELF_SIGNED_CERT_IN_CHAIN", "ERR_TLS_CERT_ALTNAME_INVALID", "CERT_HAS_EXPIRED"])(
  "%s is a matter of trust, not of waiting",
  (code) => {
    const error = wrapped(Object.assign(new Error("tls"), { code }));
    expect(kafkaError(error, whom)).toMatchObject({ code: "bridge.refused", retriable: false });
  },
);

test("a server that is away is waited for, and the message says why", () => {
  const cause = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
  const error = kafkaError(wrapped(cause), whom);
  expect(error).toMatchObject({ code: "bridge.unreachable", retriable: true });
  expect(error.message).toMatch(/ECONNREFUSED/);
});

test("a connection that breaks in the middle of SASL is no refusal; a wrong proof is", () => {
  const broken = new AuthenticationError("x", { cause: new NetworkError("closed") });
  expect(kafkaError(wrapped(broken), whom)).toMatchObject({ code: "bridge.unreachable" });
  const proof = new AuthenticationError("Invalid server signature");
  expect(kafkaError(wrapped(proof), whom)).toMatchObject({ code: "bridge.refused" });
});

test("our own errors stay what they are", () => {
  const own = new PlatformError("bridge.unsafe", "x");
  expect(kafkaError(own, whom)).toBe(own);
});
