import { setTimeout as sleep } from "node:timers/promises";
import { STREAMS, tokenSchema } from "@clockleaf/shared/subjects.ts";
import { createRoute, z } from "@hono/zod-openapi";
import type { Visible } from "../identity/access.ts";
import { guarded, guardOf } from "./guard.ts";
import type { LiveEvent } from "./live-ring.ts";
import type { LiveTail } from "./live-tail.ts";
import { problem, problemSchema } from "./problem.ts";
import { type ApiRouter, invalidResponse, newRouter } from "./router.ts";

export interface LiveOptions {
  readonly tail: LiveTail;
  /** Ends every stream when the process stops. */
  readonly signal: AbortSignal;
  readonly maxClients?: number;
  readonly heartbeatMs?: number;
  /** A client that takes nothing for this long is dropped; it comes back with Last-Event-ID and misses nothing. */
  readonly slowMs?: number;
}

export interface Live {
  readonly routes: ApiRouter;
  readonly clients: number;
  readonly droppedTotal: number;
}

const MAX_CLIENTS = 200;
const HEARTBEAT_MS = 15_000;
const SLOW_MS = 15_000;
const READ_BATCH = 256;
const BUFFER_BYTES = 64 * 1024;
const RETRY_AFTER_SECONDS = 10;

const filterSchema = z.object({
  types: z
    .string()
    .max(1000)
    .regex(/^[a-z.,-]*$/)
    .optional()
    .describe("Event types, separated by commas; all if left out")
    .meta({ examples: ["attendance.clock.recorded,attendance.punch.quarantined"] }),
  site: tokenSchema.optional().describe("Only events that happened at this site"),
});
type Filter = z.output<typeof filterSchema>;

const positionPattern = new RegExp(`^${STREAMS.attendance}:(\\d{1,15})$`, "u");

const eventsRoute = createRoute({
  method: "get",
  path: "/events",
  operationId: "followEvents",
  ...guarded({ permission: "time.read", about: "each" }),
  summary: "Follow attendance events as they are stored (server-sent events)",
  description:
    "Each event carries `id: <stream>:<sequence>`. A client that comes back with `Last-Event-ID` gets everything stored " +
    "since, in order and once, however long it was away. A comment every 15 s keeps the line open. `event: reset` says " +
    "that the position is unknown here and the client should load its view again.",
  tags: ["events"],
  request: {
    query: filterSchema,
    headers: z.object({
      "last-event-id": z
        .string()
        .regex(positionPattern)
        .optional()
        .describe("Where to go on from; without it, only what is new"),
    }),
  },
  responses: {
    200: {
      description: "An endless stream of `{streamSeq, metadata, data}`",
      content: { "text/event-stream": { schema: z.string() } },
    },
    503: {
      description: "Too many clients",
      content: { "application/problem+json": { schema: problemSchema } },
    },
    ...invalidResponse,
  },
});

/** Server-sent events from the ATTENDANCE stream. All clients share one tail; each is no more than a position in it. */
export function createLive(options: LiveOptions): Live {
  const { tail } = options;
  let clients = 0;
  let droppedTotal = 0;

  const routes = newRouter();
  routes.openapi(eventsRoute, async (c) => {
    const { access, principal } = c.var;
    const look = (): Promise<Visible> => access.visible(principal, "time.read");
    const visible = await guardOf(c).visible();
    if (clients >= (options.maxClients ?? MAX_CLIENTS) || options.signal.aborted) {
      c.header("Retry-After", String(RETRY_AFTER_SECONDS));
      return problem(c, { code: "api.busy" });
    }
    const lastId = c.req.valid("header")["last-event-id"];
    const asked = lastId === undefined ? undefined : Number(positionPattern.exec(lastId)?.[1]);
    const client = openClient(options);
    clients += 1;
    void follow(client, { tail, filter: c.req.valid("query"), asked, visible, look })
      .catch(() => undefined) // the client is gone, or will come back with its position
      .finally(() => {
        clients -= 1;
        if (client.isSlow) droppedTotal += 1;
        client.close();
      });
    return c.body(client.readable, 200, {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store",
      "x-accel-buffering": "no",
    });
  });
  return {
    routes,
    get clients() {
      return clients;
    },
    get droppedTotal() {
      return droppedTotal;
    },
  };
}

interface Client {
  readonly readable: ReadableStream<Uint8Array>;
  readonly signal: AbortSignal;
  readonly heartbeatMs: number;
  readonly isSlow: boolean;
  /** Resolves when there is room for more; rejects when the client is gone or too slow. */
  write(text: string): Promise<void>;
  close(): void;
}

function openClient(options: LiveOptions): Client {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>(
    undefined,
    new ByteLengthQueuingStrategy({ highWaterMark: BUFFER_BYTES }),
  );
  const writer = writable.getWriter();
  const gone = new AbortController();
  const stop = (): void => gone.abort();
  options.signal.addEventListener("abort", stop, { once: true });
  writer.closed.catch(stop);
  const encoder = new TextEncoder();
  let isSlow = false;
  return {
    readable,
    signal: gone.signal,
    heartbeatMs: options.heartbeatMs ?? HEARTBEAT_MS,
    get isSlow() {
      return isSlow;
    },
    async write(text) {
      const timer = setTimeout(() => {
        isSlow = true;
        writer.abort().catch(stop);
        stop();
      }, options.slowMs ?? SLOW_MS);
      try {
        await writer.ready;
      } finally {
        clearTimeout(timer);
      }
      gone.signal.throwIfAborted();
      // Not awaited: it settles when the client has taken it, and `ready` above is what bounds the queue.
      writer.write(encoder.encode(text)).catch(stop);
    },
    close() {
      options.signal.removeEventListener("abort", stop);
      writer.close().catch(stop);
      stop();
    },
  };
}

interface Following {
  readonly tail: LiveTail;
  readonly filter: Filter;
  readonly asked: number | undefined;
  /** At the beginning; then looked at anew while the client stays. */
  readonly visible: Visible;
  readonly look: () => Promise<Visible>;
}

/** How long a client goes on with what it might see before: people move, and come under others. */
const LOOK_MS = 10_000;

async function follow(client: Client, { tail, filter, asked, ...seen }: Following): Promise<void> {
  const types = new Set(filter.types?.split(",").filter((type) => type !== ""));
  const isWanted = (event: LiveEvent): boolean =>
    (types.size === 0 || types.has(event.type)) &&
    (filter.site === undefined || filter.site === event.site);

  let { visible } = seen;
  let lookedAt = performance.now();
  const lastSeq = await tail.ready(client.signal);
  // A position from the future: the stream was made anew. The client must not believe that nothing happened.
  const isLost = asked !== undefined && asked > lastSeq;
  let position = asked === undefined || isLost ? lastSeq : asked;
  await client.write(
    `retry: 2000\n${isLost ? "event: reset\ndata: {}\n" : ""}${idLine(position)}\n`,
  );
  while (!client.signal.aborted) {
    const { events, upTo } = await tail.read(position, READ_BATCH);
    if (events.length > 0 && performance.now() - lookedAt > LOOK_MS) {
      visible = await seen.look();
      lookedAt = performance.now();
    }
    const shown = events.filter((event) => isWanted(event) && isVisible(event, visible));
    const text = shown.map(frame).join("");
    position = upTo;
    if (text !== "") await client.write(text);
    if (position !== tail.lastSeq) continue;
    const hasMore = await nextOrHeartbeat(client, tail, position);
    if (!hasMore) await client.write(`: heartbeat\n${idLine(position)}\n`);
  }
}

/** An event shows all it says: everybody it is about must be visible, or else, if that is nobody, its site. */
function isVisible({ people, site }: LiveEvent, visible: Visible): boolean {
  if (visible.kind === "all") return true;
  if (people.length > 0) return people.every((id) => visible.people.has(id));
  return site !== null && visible.sites.has(site);
}

async function nextOrHeartbeat(client: Client, tail: LiveTail, position: number): Promise<boolean> {
  const quiet = new AbortController();
  const signal = AbortSignal.any([quiet.signal, client.signal]);
  try {
    return await Promise.race([
      tail.waitPast(position, signal).then(() => true),
      sleep(client.heartbeatMs, false, { signal }),
    ]);
  } finally {
    quiet.abort();
  }
}

const idLine = (seq: number): string => `id: ${STREAMS.attendance}:${seq}\n`;

function frame(event: LiveEvent): string {
  return `event: ${event.type}\n${idLine(event.seq)}data: ${event.json}\n\n`;
}
