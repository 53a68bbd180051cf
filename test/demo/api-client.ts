import { randomUUID } from "node:crypto";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";

/** The admin's side of the HTTP API, as the demo needs it. */
export interface ApiClient {
  readonly url: string;
  get(path: string): Promise<unknown>;
  send(method: "POST" | "PUT", path: string, body: unknown): Promise<void>;
  /** The same with the answer; `ifMatch` = the ETag of what was read. */
  call<T>(method: Method, path: string, sent?: Sent): Promise<Answer<T>>;
  /** The API in the hands of somebody else. */
  as(key: string): ApiClient;
  /** Every item of a paged list. */
  all<T>(path: string): Promise<T[]>;
  /** Live events from now on, over lost connections, until `signal` aborts. */
  follow(types: readonly string[], signal: AbortSignal): AsyncGenerator<LiveEvent>;
}

type Method = "GET" | "POST" | "PUT" | "PATCH";

interface Sent {
  readonly body?: unknown;
  readonly ifMatch?: string;
}

interface Answer<T> {
  readonly body: T;
  readonly etag: string;
}

export interface LiveEvent {
  readonly metadata: { readonly eventType: string };
  readonly data: { readonly punch: { readonly punchId: string } };
}

interface Page<T> {
  readonly items: readonly T[];
  /** Left out by lists that come in one piece. */
  readonly next?: string | null;
}

type Call = Omit<RequestInit, "headers"> & { readonly headers?: Readonly<Record<string, string>> };

const PAGE = 500;

export function createApiClient(url: string, key: string): ApiClient {
  const authorization = `Bearer ${key}`;
  const call = async (path: string, init: Call = {}): Promise<Response> => {
    const once = init.method === "POST" ? { "idempotency-key": randomUUID() } : {};
    const headers = { authorization, ...once, ...init.headers };
    const response = await fetch(`${url}/api/v1${path}`, { ...init, headers });
    if (response.ok) return response;
    throw new Error(`${init.method ?? "GET"} ${path}: ${response.status} ${await response.text()}`);
  };
  const get = async (path: string): Promise<unknown> => (await call(path)).json();

  return {
    url,
    get,
    async send(method, path, body) {
      const headers = { "content-type": "application/json" };
      await call(path, { method, headers, body: JSON.stringify(body) });
    },
    async call<T>(method: Method, path: string, { body, ifMatch }: Sent = {}): Promise<Answer<T>> {
      const headers = {
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(ifMatch === undefined ? {} : { "if-match": ifMatch }),
      };
      const response = await call(path, {
        method,
        headers,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { body: (await response.json()) as T, etag: response.headers.get("etag") ?? "" };
    },
    as: (other) => createApiClient(url, other),
    async all<T>(path: string): Promise<T[]> {
      const items: T[] = [];
      let cursor: string | null = "";
      while (cursor !== null) {
        const after: string = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
        const glue = path.includes("?") ? "&" : "?";
        const page = (await get(`${path}${glue}limit=${PAGE}${after}`)) as Page<T>;
        items.push(...page.items);
        cursor = page.next ?? null;
      }
      return items;
    },
    async *follow(types, signal) {
      let last: string | undefined;
      while (!signal.aborted) {
        try {
          const headers: Record<string, string> =
            last === undefined ? {} : { "last-event-id": last };
          const response = await call(`/events?types=${types.join(",")}`, { headers, signal });
          if (response.body === null) continue;
          for await (const line of createInterface({ input: Readable.from(response.body) })) {
            if (line.startsWith("id:")) last = line.slice(3).trim();
            if (line.startsWith("data:")) yield JSON.parse(line.slice(5)) as LiveEvent;
          }
        } catch {
          // The connection ended; the next one goes on behind the last event heard.
        }
      }
    },
  };
}
