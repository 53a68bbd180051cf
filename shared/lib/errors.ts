/**
 * Every code Clockleaf raises on purpose, as `area.symptom`. The code is the contract: API problem
 * types, metrics and tests are keyed by it, so a code is never renamed, only added.
 */
export type ErrorCode =
  | "config.invalid"
  | "config.unreadable"
  | "wire.too-large"
  | "wire.malformed"
  | "wire.unsupported-version"
  | "segment.signature"
  | "segment.chain"
  | "segment.identity"
  | "port.unavailable"
  | "port.lost"
  | "port.library-missing"
  | "device.no-reply"
  | "device.refused"
  | "device.key"
  | "device.hung"
  | "journal.unavailable"
  | "journal.full"
  | "journal.not-durable"
  | "journal.damaged"
  | "journal.newer-schema"
  | "uplink.not-connected"
  | "uplink.ambiguous"
  | "uplink.rival-writer"
  | "uplink.refused"
  | "uplink.unauthorised"
  | "gateway.no-answer"
  | "stream.not-connected"
  | "stream.ambiguous"
  | "stream.conflict"
  | "stream.batch-refused"
  | "stream.topology-mismatch"
  | "stream.server-too-old"
  | "event.unknown-type"
  | "event.invalid"
  | "read-model.unavailable"
  | "read-model.behind"
  | "read-model.replaced"
  | "read-model.other-version"
  | "vault.erased"
  | "vault.damaged"
  | "vault.wrong-key"
  | "document.damaged"
  | "document.too-large"
  | "document.unprintable"
  | "notification.undeliverable"
  | "bridge.unreachable"
  | "bridge.refused"
  | "bridge.unsafe"
  | "bridge.fenced"
  | "bridge.source-aged"
  | "bridge.schema-refused"
  | "bridge.too-large"
  | "bridge.poison"
  | "webhook.address-refused"
  | "command.refused"
  | "command.not-found"
  | "api.unauthorised"
  | "api.forbidden"
  | "api.not-found"
  | "api.invalid"
  | "api.precondition"
  | "api.too-large"
  | "api.headers-too-large"
  | "api.malformed"
  | "api.method-not-allowed"
  | "api.unsupported-media"
  | "api.precondition-required"
  | "api.busy"
  | "api.too-many-failures"
  | "api.cross-site"
  | "identity.provider-away"
  | "identity.no-account"
  | "identity.login-failed"
  | "api.idempotency-key-required"
  | "api.idempotency-key-reused"
  | "api.idempotency-key-in-use"
  | "api.not-acceptable"
  | "api.too-many-rows"
  | "api.rate-limited"
  | "agent.not-running"
  | "internal";

export interface ErrorOptionsWithCode {
  /** True when the same call may succeed later without anybody changing anything. */
  readonly retriable?: boolean;
  readonly cause?: unknown;
  /** Facts for logs and problem bodies. Never personal data, keys or tokens. */
  readonly details?: Record<string, unknown>;
}

/** The only error class thrown on purpose. `code` is the contract; `message` is for people. */
export class PlatformError extends Error {
  readonly code: ErrorCode;
  readonly retriable: boolean;
  readonly details: Record<string, unknown>;

  constructor(code: ErrorCode, message: string, options: ErrorOptionsWithCode = {}) {
    super(message, "cause" in options ? { cause: options.cause } : {});
    this.name = "PlatformError";
    this.code = code;
    this.retriable = options.retriable ?? false;
    this.details = options.details ?? {};
  }
}

export function hasCode(error: unknown, ...codes: readonly ErrorCode[]): error is PlatformError {
  return error instanceof PlatformError && codes.includes(error.code);
}

/** True when the same call may succeed later without anybody changing anything. */
export function isRetriable(error: unknown): boolean {
  return error instanceof PlatformError ? error.retriable : isHubFailure(error);
}

/** The code to log or count for anything a `catch` can meet. */
export function codeOf(error: unknown): ErrorCode {
  if (error instanceof PlatformError) return error.code;
  return isHubFailure(error) ? "stream.not-connected" : "internal";
}

/**
 * What the NATS client throws when a server is away, moves its leaders or does not answer. Known by name: rules that reach
 * no library import this file, and not all of the classes are exported.
 */
const HUB_FAILURES: ReadonlySet<string> = new Set([
  "ClosedConnectionError",
  "ConnectionError",
  "DrainingConnectionError",
  "JetStreamNotEnabled",
  "LinkLost",
  "NoResponders",
  "RequestError",
  "TimeoutError",
]);
const SERVER_FAULT = 500;

/** Whether a raw error of the NATS client means "later", and nothing about what was asked for. */
export function isHubFailure(error: unknown): boolean {
  // The web's own time-outs go by the same name.
  if (!(error instanceof Error) || error instanceof DOMException) return false;
  if (error.name === "JetStreamApiError") {
    return "status" in error && Number(error.status) >= SERVER_FAULT;
  }
  return HUB_FAILURES.has(error.name);
}
