import { connect, type Socket } from "node:net";
import type { Event } from "@clockleaf/shared/events/envelope.ts";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { eventSubject, STREAMS } from "@clockleaf/shared/subjects.ts";
import { encode } from "@clockleaf/shared/wire/codec.ts";
import { jetstream } from "@nats-io/jetstream";
import type { NatsConnection } from "nats";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createApiKey } from "../../cloud/api/auth.ts";
import { type HttpServer, listen } from "../../cloud/api/http-server.ts";
import { createLive, type Live, type LiveOptions } from "../../cloud/api/live.ts";
import { type RunningTail, startLiveTail } from "../../cloud/api/live-tail.ts";
import type { EventStore } from "../../cloud/eventing/event-store.ts";
import { openJsEventStore } from "../../cloud/eventing/js-event-store.ts";
import { applyTopology } from "../../cloud/streams/apply.ts";
import { declareTopology, topologyConfigSchema } from "../../cloud/streams/topology.ts";
import { apiAppOf } from "../support/context-api.ts";
import { eventually } from "../support/eventually.ts";
import { findNatsServer, type Site, startHub } from "../support/nats.ts";
import { available } from "../support/parts.ts";

const TENANT = "acme";
const { key, entry } = createApiKey("test", ["read"]);

const checkIn = (employeeId: string, at: number, site = "hq") => ({
  type: "attendance.check-in.recorded",
  data: {
    employeeId,
    punchId: `gw1-abcdefghij-${at}`,
    at,
    site,
    reader: "door",
    workdayOn: "2026-11-23",
    reason: "first of the day",
  },
});

interface Message {
  readonly id: string;
  readonly event: string;
  readonly data: { streamSeq: number; metadata: Event["metadata"]; data: { at: number } };
}

/** A client of the event stream that only collects. */
class Client {
  readonly messages: Message[] = [];
  comments = 0;
  lastId = "";
  isEnded = false;
  readonly status: number;
  readonly #stop = new AbortController();

  private constructor(response: Response, stop: AbortController) {
    this.status = response.status;
    this.#stop = stop;
    void this.#read(response).catch(() => {
      this.isEnded = true;
    });
  }

  static async open(url: string, headers: Record<string, string> = {}): Promise<Client> {
    const stop = new AbortController();
    const response = await fetch(url, {
      headers: { authorization: `Bearer ${key}`, ...headers },
      signal: stop.signal,
    });
    return new Client(response, stop);
  }

  ats(): number[] {
    return this.messages.map(({ data }) => data.data.at);
  }

  close(): void {
    this.#stop.abort();
  }

  async #read(response: Response): Promise<void> {
    const decoder = new TextDecoder();
    let text = "";
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      const blocks = text.split("\n\n");
      text = blocks.pop() ?? "";
      for (const block of blocks) this.#take(block);
    }
    this.isEnded = true;
  }

  #take(block: string): void {
    const fields = new Map(
      block.split("\n").map((line) => {
        const colon = line.indexOf(":");
        return [line.slice(0, colon), line.slice(colon + 1).trim()] as const;
      }),
    );
    if (fields.has("")) this.comments += 1;
    this.lastId = fields.get("id") ?? this.lastId;
    const data = fields.get("data");
    if (data === undefined) return;
    this.messages.push({
      id: this.lastId,
      event: fields.get("event") ?? "",
      data: JSON.parse(data),
    });
  }
}

describe.skipIf(!available("nats-server", findNatsServer()))("live events", () => {
  let hub: Site;
  let nc: NatsConnection;
  let store: EventStore;
  let lastSeq = 0;
  let tail: RunningTail;
  let server: HttpServer;
  let live: Live;
  let stopping: AbortController;
  let clients: Client[];

  beforeAll(async () => {
    hub = await startHub();
    nc = await hub.connectCloud("cloud-all");
    const streams = declareTopology(
      topologyConfigSchema.parse({
        clockBytes: 2 ** 20,
        domainBytes: 2 ** 26,
        deadLetterBytes: 2 ** 20,
        bucketBytes: 2 ** 20,
      }),
    );
    await applyTopology({ nc, streams, log: silentLog() });
    store = await openJsEventStore({ nc });
  });
  afterAll(() => hub.stop());

  beforeEach(() => {
    clients = [];
    stopping = new AbortController();
    tail = startLiveTail(nc, silentLog());
  });
  afterEach(async () => {
    stopping.abort();
    for (const client of clients) client.close();
    await server.close();
    await tail.close();
  });

  async function start(options: Partial<LiveOptions> = {}): Promise<void> {
    live = createLive({ tail, signal: stopping.signal, ...options });
    const app = apiAppOf([live.routes], [entry]);
    server = await listen({ host: "127.0.0.1", port: 0, fetch: (request) => app.fetch(request) });
  }

  async function open(query = "", headers: Record<string, string> = {}): Promise<Client> {
    const url = `http://127.0.0.1:${server.port}/api/v1/events${query}`;
    const client = await Client.open(url, headers);
    clients.push(client);
    // Its first line carries its position: from then on nothing is missed.
    if (client.status === 200) await eventually(() => client.lastId !== "");
    return client;
  }

  async function append(...ats: number[]): Promise<void> {
    for (const at of ats) {
      const address = {
        domain: "attendance",
        tenant: TENANT,
        aggregateId: `e${at}-${lastSeq}`,
      } as const;
      const cause = {
        source: "test",
        atMs: at,
        correlationId: null,
        causationId: null,
        traceparent: undefined,
      };
      const seqs = await store.append(
        [
          {
            address,
            expectedSeq: 0,
            events: [checkIn(address.aggregateId, at, at % 2 ? "hq" : "plant")],
          },
        ],
        cause,
      );
      lastSeq = seqs.get(eventSubject(address)) ?? lastSeq;
    }
  }

  it("sends what is stored from then on, in order, each with its position", async () => {
    await start();
    await append(1);
    // "From then on" begins where the process itself has got to in the stream.
    await eventually(() => tail.lastSeq === lastSeq);
    const client = await open();
    await append(2, 3);
    await eventually(() => client.messages.length === 2);
    expect(client.ats()).toEqual([2, 3]);
    expect(client.messages.map(({ event }) => event)).toEqual(
      Array(2).fill("attendance.check-in.recorded"),
    );
    expect(client.lastId).toBe(`${STREAMS.attendance}:${lastSeq}`);
    expect(client.messages.at(-1)?.data.streamSeq).toBe(lastSeq);
  });

  it("goes on after Last-Event-ID with everything missed, once, from memory and from the stream", async () => {
    await start();
    const first = await open();
    await append(1);
    await eventually(() => first.messages.length === 1);
    first.close();
    await append(2, 3, 4);

    const second = await open("", { "last-event-id": first.lastId });
    await append(5);
    await eventually(() => second.messages.length === 4);
    expect(second.ats()).toEqual([2, 3, 4, 5]);

    // A tail started anew holds none of it: the same request is served by the stream itself.
    await tail.close();
    stopping.abort();
    await server.close();
    stopping = new AbortController();
    tail = startLiveTail(nc, silentLog());
    await start();
    const third = await open("", { "last-event-id": first.lastId });
    await append(6);
    await eventually(() => third.messages.length === 5);
    expect(third.ats()).toEqual([2, 3, 4, 5, 6]);
  });

  it("keeps to the types and the site that were asked for", async () => {
    await start();
    const hq = await open(
      "?site=hq&types=attendance.check-in.recorded,attendance.check-out.recorded",
    );
    const none = await open("?types=attendance.check-out.recorded");
    await append(2, 3, 4, 5);
    await eventually(() => hq.messages.length === 2);
    expect(hq.ats()).toEqual([3, 5]);
    expect(none.messages).toEqual([]);
  });

  it("survives a killed hub: clients see what was stored after it came back", async () => {
    await start();
    const client = await open();
    await append(1);
    await eventually(() => client.messages.length === 1);
    await hub.hub.kill();
    await hub.hub.start();
    await eventually(async () => {
      await append(2);
      return true;
    });
    await eventually(() => client.ats().includes(2), { timeoutMs: 20_000 });
    expect(client.ats()).toEqual([1, 2]);
  });

  it("passes over a message that is no event and goes on", async () => {
    await start();
    const client = await open();
    const subject = eventSubject({ domain: "attendance", tenant: TENANT, aggregateId: "junk" });
    await jetstream(nc).publish(subject, encode("not an event"));
    await append(7);
    await eventually(() => client.messages.length === 1);
    expect(client.ats()).toEqual([7]);
  });

  it("moves a quiet client's position on with its heartbeats", async () => {
    await start({ heartbeatMs: 20 });
    const client = await open("?types=attendance.check-out.recorded");
    await append(1);
    await eventually(
      () => client.comments > 1 && client.lastId === `${STREAMS.attendance}:${lastSeq}`,
    );
    expect(client.messages).toEqual([]);
  });

  it("tells a client with a position of another stream to start over", async () => {
    await start();
    const client = await open("", { "last-event-id": `${STREAMS.attendance}:999999` });
    await eventually(() => client.messages.length === 1);
    expect(client.messages[0]?.event).toBe("reset");
    await append(1);
    await eventually(() => client.messages.length === 2);
  });

  it("turns away one client too many, and whoever has no key or a position that is none", async () => {
    await start({ maxClients: 1 });
    await open();
    const second = await open();
    expect(second.status).toBe(503);
    const url = `http://127.0.0.1:${server.port}/api/v1/events`;
    expect((await fetch(url)).status).toBe(401);
    const bad = { authorization: `Bearer ${key}`, "last-event-id": "OTHER:1" };
    expect((await fetch(url, { headers: bad })).status).toBe(422);
    clients[0]?.close();
    await eventually(() => live.clients === 0);
    expect((await open()).status).toBe(200);
  });

  it("drops a client that takes nothing, and keeps serving the others", async () => {
    await start({ slowMs: 300 });
    const socket = await askAndIgnore(server.port);
    const fast = await open();
    expect(live.clients).toBe(2);
    // Far more than the buffers of both ends hold together: replayed by the stream, thousands of events at once.
    const address = {
      domain: "attendance",
      tenant: TENANT,
      aggregateId: `bulk-${lastSeq}`,
    } as const;
    let expectedSeq = 0;
    for (let batch = 0; batch < 20 && live.droppedTotal === 0; batch += 1) {
      const events = Array.from({ length: 900 }, (_, i) =>
        checkIn("x".repeat(60), batch * 1000 + i),
      );
      const cause = {
        source: "test",
        atMs: 1,
        correlationId: null,
        causationId: null,
        traceparent: undefined,
      };
      const seqs = await store.append([{ address, expectedSeq, events }], cause);
      expectedSeq = seqs.get(eventSubject(address)) ?? 0;
    }
    await eventually(() => live.droppedTotal === 1, { what: "the slow client is dropped" });
    await eventually(() => fast.lastId === `${STREAMS.attendance}:${expectedSeq}`);
    expect(live.clients).toBe(1);
    socket.destroy();
  });

  it("ends every stream when the process stops", async () => {
    await start();
    const client = await open();
    stopping.abort();
    await eventually(() => client.isEnded);
    expect(live.clients).toBe(0);
  });
});

/** Asks for the events and never reads an answer. */
async function askAndIgnore(port: number): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1" });
  socket.pause();
  socket.write(`GET /api/v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\n\r\n`);
  return await new Promise((resolve, reject) => {
    socket.once("connect", () => resolve(socket));
    socket.once("error", reject);
  });
}
