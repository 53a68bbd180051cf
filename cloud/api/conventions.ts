import type { Log } from "@clockleaf/shared/lib/log.ts";
import { createCursorSeal, sealedCursors } from "./cursor-seal.ts";
import { deprecations } from "./deprecation.ts";
import { idempotent } from "./idempotency.ts";
import type { IdempotencyBucket } from "./idempotency-bucket.ts";
import { negotiated } from "./negotiation.ts";
import { operationTable } from "./operation-table.ts";
import { type RateLimit, rateLimited } from "./rate-limit.ts";
import { type ReadYourWritesDeps, readYourWrites } from "./read-your-writes.ts";
import { requiredBody } from "./required-body.ts";
import type { ApiRouter } from "./router.ts";
import { strictQuery } from "./strict-query.ts";

/** What holds for every route under `/api/v1`, and what of the process it needs. */
export interface Conventions {
  /** The same in every process of the platform: what one signs and keeps, the others take. */
  readonly secret: Uint8Array;
  readonly nowMs: () => number;
  /** Left out: nobody counts. */
  readonly rateLimit?: RateLimit;
  /** Left out, for routers by themselves: an Idempotency-Key is not looked at. */
  readonly idempotency?: { readonly bucket: IdempotencyBucket; readonly leaseMs?: number };
  /** Left out: nothing is waited for. */
  readonly readYourWrites?: ReadYourWritesDeps;
}

const UNDER_API = "/api/*";

/**
 * Adds the conventions, in the order in which a request meets them; behind the sign-in, before any route. They go by
 * what a route declares, so a route has them without a line of its own.
 */
export function mountConventions(app: ApiRouter, deps: Conventions & { readonly log: Log }): void {
  const { secret, nowMs, rateLimit, idempotency } = deps;
  const operations = operationTable(app);
  if (rateLimit !== undefined) app.use(UNDER_API, rateLimited(rateLimit, nowMs));
  app.use(UNDER_API, deprecations(operations));
  app.use(UNDER_API, strictQuery(operations));
  app.use(UNDER_API, sealedCursors(createCursorSeal(secret)));
  app.use(UNDER_API, negotiated(operations, nowMs));
  app.use(UNDER_API, requiredBody(operations));
  if (idempotency !== undefined) {
    app.use(UNDER_API, idempotent(operations, { ...idempotency, secret, nowMs, log: deps.log }));
  }
  const reads = deps.readYourWrites ?? { models: () => [], lastSeq: () => Promise.resolve(0) };
  app.use(UNDER_API, readYourWrites(reads));
}
