export type Fetch = (request: Request) => Promise<Response>;

export interface RetryOptions {
  /** Requests in all, the first included; 5 unless told. 1 = none is repeated. */
  readonly attempts?: number;
  /** The longest that one `Retry-After` is waited for; beyond it the answer is handed on. 30 s unless told. */
  readonly maxWaitMs?: number;
  /** Waits; rejects when the signal aborts. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Codes of 503 after which a change may have been stored. */
const MAY_BE_STORED = new Set(["stream.ambiguous", "read-model.behind"]);
const ATTEMPTS = 5;
const MAX_WAIT_MS = 30_000;

/**
 * Repeats what is answered with 503 or 429 after the time that `Retry-After` says. A change is repeated only where that
 * cannot make it happen twice: the server says that nothing was stored, or the request has an `Idempotency-Key`. A
 * connection that breaks is not repeated: the caller knows what may be.
 */
export function retrying(fetch: Fetch, options: RetryOptions = {}): Fetch {
  const { attempts = ATTEMPTS, maxWaitMs = MAX_WAIT_MS, sleep = wait } = options;
  return async (request) => {
    for (let attempt = 1; ; attempt += 1) {
      // A body can be read once; the last attempt may have it.
      const response = await fetch(attempt < attempts ? request.clone() : request);
      if (attempt >= attempts || !(await mayRepeat(request, response))) return response;
      const waitMs = waitMsOf(response);
      if (waitMs === undefined || waitMs > maxWaitMs) return response;
      await response.body?.cancel();
      await sleep(waitMs, request.signal);
    }
  };
}

async function mayRepeat(request: Request, response: Response): Promise<boolean> {
  if (response.status === 429) return true;
  if (response.status !== 503) return false;
  if (request.method === "GET" || request.headers.has("idempotency-key")) return true;
  const code = await codeOf(response);
  return code !== undefined && !MAY_BE_STORED.has(code);
}

/** Undefined for what is no problem: whoever wrote it does not know what became of the change. */
async function codeOf(response: Response): Promise<string | undefined> {
  const type = response.headers.get("content-type") ?? "";
  if (!type.startsWith("application/problem+json")) return undefined;
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => undefined);
  const isObject = typeof body === "object" && body !== null;
  return isObject && "code" in body ? String(body.code) : undefined;
}

/** `Retry-After` in seconds, as Clockleaf writes it; undefined without one. */
function waitMsOf(response: Response): number | undefined {
  const seconds = /^\d{1,6}$/u.exec(response.headers.get("retry-after") ?? "")?.[0];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}

function wait(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const abort = (): void => reject(signal.reason);
  const timer = setTimeout(resolve, ms);
  signal.addEventListener("abort", abort, { once: true });
  if (signal.aborted) abort();
  return promise.finally(() => {
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
  });
}
