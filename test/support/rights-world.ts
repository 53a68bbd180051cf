import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { newTraceparent } from "@clockleaf/shared/wire/trace-context.ts";
import { insideCalls } from "../../cloud/api/inside.ts";
import { createLive } from "../../cloud/api/live.ts";
import { problemOfError } from "../../cloud/api/problem.ts";
import { type ApiRouter, newRouter, type Principal } from "../../cloud/api/router.ts";
import { configSchema } from "../../cloud/config.ts";
import type { EventStore } from "../../cloud/eventing/event-store.ts";
import { openJsEventStore } from "../../cloud/eventing/js-event-store.ts";
import type { Access } from "../../cloud/identity/access.ts";
import { openParts } from "../../cloud/parts.ts";
import type { DocumentStore } from "../../cloud/storage/document-store.ts";
import { openJsDocumentStore } from "../../cloud/storage/js-document-store.ts";
import { openKvVault } from "../../cloud/vault/kv-vault.ts";
import { startCloudHub, TEST_TOPOLOGY } from "./cloud-hub.ts";
import { type Tell, teller } from "./domain-events.ts";
import { PAYROLL_TEST_CONFIG } from "./payroll.ts";
import { tempDir } from "./temp.ts";

const TENANT = "acme";
const MOST_TRIES = 10;

/** Whom and what the matrix asks about, from the caller's side: the caller is `mgr` wherever they are a person. */
export const OBJECTS = ["own", "scope", "foreign", "unknown"] as const;
export type ObjectName = (typeof OBJECTS)[number];

export interface Place {
  readonly person: string;
  readonly manager: string | null;
  readonly department: string;
  readonly site: string;
}
/** Two sites, three departments. Nobody is called `nobody-9`, and nothing lies in the west. */
export const PLACES: Readonly<Record<ObjectName, Place>> = {
  own: { person: "mgr", manager: null, department: "office", site: "north" },
  scope: { person: "ann", manager: "mgr", department: "press", site: "north" },
  foreign: { person: "cid", manager: "boss", department: "paint", site: "south" },
  unknown: { person: "nobody-9", manager: null, department: "nowhere", site: "west" },
};
const MORE_PEOPLE: readonly Place[] = [
  { person: "boss", manager: null, department: "paint", site: "south" },
  { person: "dot", manager: "boss", department: "paint", site: "south" },
];
export const EVERYBODY: readonly Place[] = [
  PLACES.own,
  PLACES.scope,
  PLACES.foreign,
  ...MORE_PEOPLE,
];

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body?: object | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** A whole cloud in this process, its API called as whoever a test makes up. */
export interface RightsWorld extends AsyncDisposable {
  readonly routers: readonly ApiRouter[];
  readonly tell: Tell;
  readonly store: EventStore;
  readonly documents: DocumentStore;
  /** By the cloud's own rights unless others are planted. */
  call(principal: Principal, asked: Asked, access?: Access): Promise<Response>;
  readonly access: Access;
}

export async function openRightsWorld(): Promise<RightsWorld> {
  const hub = await startCloudHub("cloud-all");
  const dir = tempDir("rights");
  const stopping = new AbortController();
  const shared = { nc: hub.nc, nowMs: () => Date.now(), log: silentLog() };
  const vaultConfig = { masterKeyFile: join(dir.path, "master.key") };
  const config = configSchema.parse({
    configVersion: 1,
    tenant: TENANT,
    dataDir: join(dir.path, "data"),
    nats: { servers: ["nats://127.0.0.1:4222"] },
    streams: TEST_TOPOLOGY,
    vault: vaultConfig,
    payroll: PAYROLL_TEST_CONFIG,
    leave: {
      policies: {
        annual: {
          code: "VAC",
          overdraftMinutes: 1_000_000,
          futureAccrual: "count",
          noticeDays: -366,
        },
        sick: { code: "SICK", hasAccount: false, needsApproval: false, noticeDays: -366 },
      },
      assignments: [{ policies: ["annual", "sick"] }],
    },
  });
  const parts = await openParts({
    ...shared,
    config,
    role: "all",
    instance: "rights",
    onHeartbeatDiscarded: () => undefined,
    signal: stopping.signal,
  });
  if (parts.tail === undefined) throw new Error("a process of all roles follows events");
  const vault = await openKvVault({ ...shared, ...vaultConfig });
  const store = await openJsEventStore({ nc: hub.nc, vault });
  const documents = await openJsDocumentStore({ ...shared, vault, tenant: TENANT });
  // The same as the cloud's, but it says soon when it has nothing more to say.
  const live = createLive({ tail: parts.tail, signal: stopping.signal, heartbeatMs: 25 });
  const routers = [...parts.routers.filter((router) => !isLive(router)), live.routes];
  const callers = new Map<string, { readonly principal: Principal; readonly access: Access }>();
  const api = newRouter();
  api.onError((error, c) => problemOfError(c, error));
  api.use(async (c, next) => {
    const caller = callers.get(c.req.header("x-test-caller") ?? "");
    if (caller === undefined) throw new Error("who asks?");
    c.set("principal", caller.principal);
    c.set("access", caller.access);
    c.set("traceparent", newTraceparent());
    c.set("requestId", randomUUID());
    await next();
  });
  // What stands for other requests calls them where the API has them.
  api.use(insideCalls(api));
  for (const router of routers) api.route("/", router).route("/api/v1", router);
  return {
    routers,
    store,
    documents,
    tell: teller(store, TENANT),
    access: parts.access,
    async call(principal, { method, path, body, headers }, access = parts.access) {
      const key = randomUUID();
      callers.set(key, { principal, access });
      const init = {
        method,
        headers: {
          "x-test-caller": key,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      };
      try {
        // As clients do: a busy machine answers "later", and that says nothing about rights.
        for (let tries = 1; ; tries += 1) {
          const response = await api.request(path, init);
          if (response.status !== 503 || tries === MOST_TRIES) return response;
        }
      } finally {
        callers.delete(key);
      }
    },
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await parts.close();
      await vault.close();
      await hub[Symbol.asyncDispose]();
      dir.remove();
    },
  };
}

const isLive = (router: ApiRouter): boolean =>
  router.openAPIRegistry.definitions.some(
    (each) => each.type === "route" && each.route.operationId === "followEvents",
  );
