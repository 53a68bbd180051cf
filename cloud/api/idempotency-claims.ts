import { createHash, createHmac, hkdfSync, randomUUID } from "node:crypto";
import { deriveEventId } from "../eventing/event-id.ts";
import { openBox, sealBox } from "../eventing/vault.ts";
import type { IdempotencyBucket, IdempotencyEntry } from "./idempotency-bucket.ts";

export interface IdempotencyDeps {
  readonly bucket: IdempotencyBucket;
  /** The same in every process. What is kept can be read with it and the key together, and the hub has neither. */
  readonly secret: Uint8Array;
  readonly nowMs: () => number;
  /** How long a first run may take before it is taken for dead. */
  readonly leaseMs?: number;
}

/** A request as far as repeats must agree on it. */
export interface KeyedRequest {
  readonly principal: string;
  readonly key: string;
  readonly fingerprint: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined = there was none, or it was too large to keep. */
  readonly body: Uint8Array | undefined;
}

export type Claim =
  | { readonly kind: "answered"; readonly answer: Answer }
  | { readonly kind: "running"; readonly forMs: number }
  | { readonly kind: "another-request" }
  | {
      readonly kind: "mine";
      readonly seed: string;
      readonly isRerun: boolean;
      /** Keeps the answer for whoever repeats the request. Without effect for a run that was taken for dead. */
      answer(answer: Answer): Promise<void>;
      /** Nothing was decided: the next one may try. */
      release(): Promise<void>;
    };

type Mine = Extract<Claim, { kind: "mine" }>;
type Running = Extract<IdempotencyEntry, { kind: "running" }>;

const LEASE_MS = 60_000;
/** Larger bodies are not kept: a repeat gets the status and where to look. */
const MAX_BODY_BYTES = 256 * 1024;

export interface Claims {
  begin(request: KeyedRequest): Promise<Claim>;
}

/**
 * One winner for each key of a caller, in all processes together: whoever creates the entry, or takes it over once its
 * lease is over. Who takes over is told that an earlier run may have had its effect; a run that was only slow still
 * derives the same ids, so that the two together have one effect.
 */
export function createClaims(deps: IdempotencyDeps): Claims {
  const { bucket, secret, nowMs, leaseMs = LEASE_MS } = deps;

  const claimed = (request: KeyedRequest, name: string, held: Held): Mine => ({
    kind: "mine",
    seed: seedOf(request),
    isRerun: held.entry.runs > 1,
    async answer(answer) {
      await store(deps, { name, revision: held.revision }, keptOf(secret, request, answer));
    },
    async release() {
      await bucket.write(name, { ...held.entry, untilAt: 0 }, held.revision);
    },
  });

  return {
    async begin(request) {
      const name = nameOf(request);
      const { fingerprint } = request;
      for (;;) {
        const found = await bucket.read(name);
        if (found !== undefined && found.entry.fingerprint !== fingerprint) {
          return { kind: "another-request" };
        }
        if (found?.entry.kind === "answered") {
          return { kind: "answered", answer: answerOf(secret, request, found.entry) };
        }
        const now = nowMs();
        if (found !== undefined && found.entry.untilAt > now) {
          return { kind: "running", forMs: found.entry.untilAt - now };
        }
        const entry: Running = {
          kind: "running",
          fingerprint,
          owner: randomUUID(),
          untilAt: now + leaseMs,
          runs: (found?.entry.runs ?? 0) + 1,
        };
        const revision = await bucket.write(name, entry, found?.revision ?? 0);
        // Somebody else was faster: the next look tells what they did.
        if (revision !== undefined) return claimed(request, name, { entry, revision });
      }
    },
  };
}

interface Held {
  readonly entry: Running;
  readonly revision: number;
}

/** A bucket that is too full for the body still has room for what became of the request. */
async function store(
  { bucket }: IdempotencyDeps,
  { name, revision }: { readonly name: string; readonly revision: number },
  kept: Extract<IdempotencyEntry, { kind: "answered" }>,
): Promise<void> {
  try {
    await bucket.write(name, kept, revision);
  } catch (error) {
    if (kept.body === null) throw error;
    await bucket.write(name, { ...kept, body: null }, revision);
  }
}

/** Two callers never meet in one entry. Nothing secret is in it: a new master key must not make a done request new. */
const nameOf = ({ principal, key }: KeyedRequest): string =>
  createHash("sha256").update(lengthened(principal, key)).digest("base64url");

const seedOf = ({ principal, key }: KeyedRequest): string =>
  deriveEventId("idempotency", principal, key);

const lengthened = (...parts: readonly string[]): string =>
  parts.map((part) => `${part.length}:${part}`).join("");

function keptOf(
  secret: Uint8Array,
  request: KeyedRequest,
  { status, headers, body }: Answer,
): Extract<IdempotencyEntry, { kind: "answered" }> {
  const isKept = body !== undefined && body.length > 0 && body.length <= MAX_BODY_BYTES;
  return {
    kind: "answered",
    fingerprint: request.fingerprint,
    status,
    headers,
    body: isKept ? sealBox(boxKey(secret, request), body, request.fingerprint) : null,
  };
}

function answerOf(
  secret: Uint8Array,
  request: KeyedRequest,
  { status, headers, body, fingerprint }: Extract<IdempotencyEntry, { kind: "answered" }>,
): Answer {
  return { status, headers, body: body === null ? undefined : opened() };

  /** After a change of the master key the body is lost; what became of the request is not. */
  function opened(): Uint8Array | undefined {
    try {
      return openBox(boxKey(secret, request), body ?? new Uint8Array(), fingerprint);
    } catch {
      return undefined;
    }
  }
}

/** Answers name people. They are sealed under the caller's own key, which is stored nowhere. */
const boxKey = (secret: Uint8Array, { key }: KeyedRequest): Uint8Array =>
  new Uint8Array(hkdfSync("sha256", secret, key, "answer", 32));

/** What a request asks for, as one hash that says nothing to who does not know its key. */
export function fingerprintOf(
  key: string,
  {
    method,
    url,
    body,
  }: { readonly method: string; readonly url: string; readonly body: Uint8Array },
): string {
  const { pathname, search } = new URL(url);
  const hash = createHmac("sha256", key).update(lengthened(method, pathname, search));
  return hash.update(body).digest("base64url");
}
