import createClient, { type Client } from "openapi-fetch";
import type { paths } from "./openapi.d.ts";
import { type Fetch, type RetryOptions, retrying } from "./retry.ts";

export interface ClockleafClientOptions extends RetryOptions {
  /** Where the API is, such as `https://clockleaf.example`; paths begin with `/api/v1`. */
  readonly baseUrl: string;
  /** `clk_live_…` */
  readonly apiKey: string;
  /** How requests are sent; the platform's `fetch` unless told. */
  readonly fetch?: Fetch;
}

/** Lists come as JSON; who wants a file of them asks with `parseAs` and a `format`. */
export type ClockleafClient = Client<paths, "application/json">;

/**
 * A client of Clockleaf's HTTP API: each path, parameter, body and answer has the type that the OpenAPI document gives it.
 * Calls resolve also for failures; `dataOf`, `versionedOf` and `itemsOf` make exceptions of those.
 */
export function createClockleafClient(options: ClockleafClientOptions): ClockleafClient {
  const { baseUrl, apiKey, fetch = (request) => globalThis.fetch(request), ...retry } = options;
  return createClient<paths, "application/json">({
    baseUrl,
    headers: { authorization: `Bearer ${apiKey}` },
    fetch: retrying(fetch, retry),
  });
}
