import type { ErrorCode } from "@clockleaf/shared/lib/errors.ts";

/** What the API says about one code: the HTTP status, a title that never varies, and what the caller can do about it. */
export interface ProblemKind {
  readonly status: number;
  readonly title: string;
  readonly advice: string;
}

const CALL_LATER = "Nothing was changed. Repeat the same request after a few seconds.";
const OUR_FAULT =
  "This is a fault in the cloud or its configuration, not in the request. Look for the trace id in the log.";

const fault = (title: string) => ({ status: 500, title, advice: OUR_FAULT }) as const;

/** Every error code and its status: the only such table there is. */
export const ERROR_PROBLEMS = {
  "api.invalid": {
    status: 422,
    title: "The request does not fit the schema",
    advice: "Correct the fields named in `errors`; each `pointer` leads to the value at fault.",
  },
  "api.malformed": {
    status: 400,
    title: "The request body is not JSON",
    advice: "Send one JSON value in UTF-8.",
  },
  "api.unauthorised": {
    status: 401,
    title: "No valid API key",
    advice:
      "Send `Authorization: Bearer …` with an API key of this cloud, or with a token of the login provider that is meant for it and has not expired.",
  },
  "api.forbidden": {
    status: 403,
    title: "The caller may not do this",
    advice:
      "The problem names the scope or permission it takes. Have the scope, or a role that holds the permission, added to the key.",
  },
  "api.not-found": {
    status: 404,
    title: "No such resource",
    advice: "Check the path against the reference at /reference.",
  },
  "api.method-not-allowed": {
    status: 405,
    title: "This resource does not take that method",
    advice: "The `Allow` header lists the methods it takes.",
  },
  "api.precondition": {
    status: 412,
    title: "The resource has changed since it was read",
    advice: "Read it again, decide again, and send the new `ETag` as `If-Match`.",
  },
  "api.too-large": {
    status: 413,
    title: "The request body is too large",
    advice: "Send less in one request.",
  },
  "api.headers-too-large": {
    status: 431,
    title: "The address and headers of the request are too large",
    advice: "Send less in them: 16 KiB in all, with every character as it is encoded.",
  },
  "api.unsupported-media": {
    status: 415,
    title: "The request body is not of a type this resource takes",
    advice: "Send `Content-Type: application/json`.",
  },
  "api.precondition-required": {
    status: 428,
    title: "The change needs a precondition",
    advice:
      "Read the resource first and send its `ETag` as `If-Match`, so that nobody's change is overwritten.",
  },
  "api.busy": {
    status: 503,
    title: "Too many clients at once",
    advice: "Repeat the request after the time in `Retry-After`.",
  },
  "api.too-many-failures": {
    status: 429,
    title: "Too many logins failed",
    advice:
      "Wait for the time in `Retry-After`, then try with a key or login that is valid. What was valid from your address before goes on to work.",
  },
  "api.cross-site": {
    status: 403,
    title: "The request may come from another site",
    advice:
      "Requests that change something with a session's cookie must come from a page of this API (`Sec-Fetch-Site` or `Origin`), or carry the header `X-Clockleaf-Request: 1`. Programs use an API key or a bearer token instead.",
  },
  "identity.provider-away": {
    status: 503,
    title: "The provider of logins does not answer",
    advice:
      "Repeat the request after the time in `Retry-After`. API keys work without the provider.",
  },
  "identity.no-account": {
    status: 403,
    title: "You are signed in, but have no account here",
    advice:
      "Ask an admin to make one with `POST /api/v1/users`, with the e-mail address of your login (which the provider must have verified) or its issuer and subject; or to enable the one there is.",
  },
  "identity.login-failed": {
    status: 401,
    title: "The login did not go through",
    advice: "Begin again at /session/login, in the same browser, and finish within ten minutes.",
  },
  "api.idempotency-key-required": {
    status: 400,
    title: "The request needs an Idempotency-Key",
    advice:
      "It moves money. Send an `Idempotency-Key` of your making, and the same one when you repeat the request: it then " +
      "takes effect once.",
  },
  "api.idempotency-key-reused": {
    status: 422,
    title: "The Idempotency-Key belongs to another request",
    advice:
      "Make a new key for each request, and repeat a request with its own key and the same body.",
  },
  "api.idempotency-key-in-use": {
    status: 409,
    title: "The first request with this Idempotency-Key is still under way",
    advice:
      "Repeat the same request after the time in `Retry-After`: it gets the first one's answer.",
  },
  "api.not-acceptable": {
    status: 406,
    title: "The resource is not offered in that form",
    advice: "Ask by `Accept` or `format` for one of the forms that `detail` lists.",
  },
  "api.too-many-rows": {
    status: 422,
    title: "The file would have too many rows",
    advice: "Narrow the filter, such as the dates, and fetch the rest in a second file.",
  },
  "api.rate-limited": {
    status: 429,
    title: "Too many requests",
    advice: "Go on after the time in `Retry-After`; `RateLimit-Policy` says what is allowed.",
  },
  "command.not-found": {
    status: 404,
    title: "No such record",
    advice:
      "Check the id in the path. Something created a moment ago may need a second to become readable.",
  },
  "command.refused": {
    status: 409,
    title: "A rule said no",
    advice:
      "`code` and `detail` name the rule. Read the resource, and decide whether the command still makes sense.",
  },
  "read-model.unavailable": {
    status: 503,
    title: "The database of the read models is away",
    advice: CALL_LATER,
  },
  "read-model.behind": {
    status: 503,
    title: "Stored, but it cannot be shown yet",
    advice: "The change is stored. Read the record after a few seconds.",
  },
  "read-model.replaced": {
    status: 503,
    title: "The read model is being put in place",
    advice: CALL_LATER,
  },
  "read-model.other-version": {
    status: 503,
    title: "The read model is of another version",
    advice: CALL_LATER,
  },
  "vault.erased": {
    status: 409,
    title: "The person was erased",
    advice: "Their personal data is gone for good; enter a new person instead.",
  },
  "document.too-large": {
    status: 413,
    title: "The document is too large",
    advice: "Send a smaller file.",
  },
  "document.unprintable": {
    status: 422,
    title: "No font has a character of the document",
    advice: "Name a font file that has it in the configuration (`payroll.payslip.fonts`).",
  },
  "stream.conflict": {
    status: 409,
    title: "Somebody else changed the same record at the same moment",
    advice: CALL_LATER,
  },
  "stream.not-connected": {
    status: 503,
    title: "The event store is out of reach",
    advice: CALL_LATER,
  },
  "stream.ambiguous": {
    status: 503,
    title: "It is unknown whether the change was stored",
    advice: "Read the record: if the change is not there after a few seconds, repeat the request.",
  },
  "uplink.not-connected": {
    status: 503,
    title: "The gateway is out of reach",
    advice: CALL_LATER,
  },
  "gateway.no-answer": {
    status: 504,
    title: "The gateway did not answer in time",
    advice:
      "It may have carried the command out all the same. Look at the reader, or at GET /api/v1/gateways, and repeat it if it did not.",
  },
  "webhook.address-refused": fault("A webhook's address is not one of the public internet"),
  "config.invalid": fault("The configuration is not valid"),
  "config.unreadable": fault("The configuration cannot be read"),
  "wire.too-large": fault("A message is too large"),
  "wire.malformed": fault("A stored message cannot be read"),
  "wire.unsupported-version": fault("A stored message is of an unknown version"),
  "segment.signature": fault("A segment is not signed by its gateway"),
  "segment.chain": fault("A segment breaks its gateway's hash chain"),
  "segment.identity": fault("A segment does not belong to its subject"),
  "port.unavailable": fault("A port is not available"),
  "port.lost": fault("A port was lost"),
  "port.library-missing": fault("A library for a port is missing"),
  "device.no-reply": fault("A device does not reply"),
  "device.refused": fault("A device refused a command"),
  "device.key": fault("A device has another key"),
  "device.hung": fault("A driver hangs"),
  "journal.unavailable": fault("The journal is not available"),
  "journal.full": fault("The journal is full"),
  "journal.not-durable": fault("The journal could not be synced"),
  "journal.damaged": fault("The journal is damaged"),
  "journal.newer-schema": fault("The journal was written by a newer version"),
  "uplink.ambiguous": fault("It is unknown whether a segment was stored"),
  "uplink.rival-writer": fault("Somebody else writes on a gateway's subject"),
  "uplink.refused": fault("The hub refused a segment"),
  "uplink.unauthorised": fault("The hub does not know the gateway's key"),
  "stream.batch-refused": fault("The event store refused a batch"),
  "stream.topology-mismatch": fault("The streams are not set up as this version needs"),
  "stream.server-too-old": fault("nats-server is too old"),
  "event.unknown-type": fault("An event is of an unknown type"),
  "event.invalid": fault("An event does not fit its schema"),
  "vault.damaged": fault("Sealed data cannot be opened"),
  "vault.wrong-key": fault("The master key is not the one that persons' keys were wrapped with"),
  "notification.undeliverable": fault("A message cannot be delivered"),
  "document.damaged": fault("A stored document is not what was stored"),
  "bridge.unreachable": fault("A bridge's destination cannot be reached"),
  "bridge.refused": fault("A bridge's destination refuses the credentials or lacks a right"),
  "bridge.unsafe": fault(
    "A bridge's destination is set up so that it could lose what it confirmed",
  ),
  "bridge.fenced": fault("Another writer has taken a bridge over"),
  "bridge.source-aged": fault("A bridge cannot go on from where its destination is"),
  "bridge.schema-refused": fault("The schema registry refuses a schema"),
  "bridge.too-large": fault("A bridge's destination finds a batch too large"),
  "bridge.poison": fault("An event cannot be carried to a bridge's destination"),
  "agent.not-running": fault("The edge agent is not running"),
  internal: fault("Something unexpected happened"),
} as const satisfies Record<ErrorCode, ProblemKind>;

export type StatusOf<C extends ErrorCode> = (typeof ERROR_PROBLEMS)[C]["status"];
