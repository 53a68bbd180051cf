import { setTimeout as sleep } from "node:timers/promises";
import { type ApiClient, createApiClient } from "../demo/api-client.ts";

const PATIENCE_MS = 60_000;
const PAUSE_MS = 150;

/** A client for an API that is killed now and then: asks again until there is an answer, as a good client does. */
export function createPatientClient(url: string, key: string): ApiClient {
  const client = createApiClient(url, key);
  return {
    ...client,
    get: (path) => patiently(() => client.get(path)),
    // What comes back of a change that went through unheard is of no interest to whoever sent it.
    send: async (...request) => {
      await patiently(
        () => client.send(...request),
        () => undefined,
      );
    },
    call: async (method, path, sent) => {
      const isChange = method !== "GET";
      const done = isChange ? () => ({ body: undefined as never, etag: "" }) : undefined;
      return await patiently(() => client.call(method, path, sent), done);
    },
    all: (path) => patiently(() => client.all(path)),
    as: (other) => createPatientClient(url, other),
  };
}

/** The bytes of a file; as patient. */
export const downloaded = (url: string, key: string): Promise<Uint8Array> =>
  patiently(async () => {
    const response = await fetch(url, { headers: { authorization: `Bearer ${key}` } });
    if (!response.ok) throw new Error(`GET ${url}: ${response.status} ${await response.text()}`);
    return new Uint8Array(await response.arrayBuffer());
  });

/**
 * Repeats what had no answer, or the answer that it should be repeated. A change whose first answer was lost may have gone
 * through: if it is refused then because it was done before, that is `done`.
 */
async function patiently<T>(ask: () => Promise<T>, done?: () => T): Promise<T> {
  const deadline = performance.now() + PATIENCE_MS;
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await ask();
    } catch (error) {
      const status = statusOf(error);
      if (attempt > 0 && done !== undefined && (status === 409 || status === 412)) {
        if (!isConflict(error)) return done();
      }
      const isWorthIt = status === undefined || status === 503 || isConflict(error);
      if (!isWorthIt || performance.now() > deadline) throw error;
      await sleep(PAUSE_MS);
    }
  }
}

/** Undefined where there was no answer at all. */
function statusOf(error: unknown): number | undefined {
  const [, status] =
    /^[A-Z]+ \S+: (\d{3}) /.exec(error instanceof Error ? error.message : "") ?? [];
  return status === undefined ? undefined : Number(status);
}

const isConflict = (error: unknown): boolean => String(error).includes('"stream.conflict"');
