import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { NatsConnection } from "nats";
import { problem, refused } from "../api/problem.ts";
import {
  type ApiEnv,
  type ApiRouter,
  causeOf,
  decodeCursor,
  encodeCursor,
  ifMatch,
  newIdFor,
  newRouter,
  page,
  setEtag,
} from "../api/router.ts";
import { isRefusal, type Refusal, refuse } from "../eventing/decider.ts";
import { SOURCE, startsAt, startsNow, type WebhookCommands } from "./commands.ts";
import { LIMITS, type WebhooksConfig } from "./config.ts";
import type { Endpoint, Settings, WebhookCommand } from "./decider.ts";
import { afterAttempt, askedAgain, type Delivery } from "./delivery.ts";
import type { DeliveryLog } from "./delivery-log.ts";
import { faultOfUrl } from "./endpoint-url.ts";
import type { Entries } from "./entries.ts";
import { unknownPatterns } from "./event-types.ts";
import { TEST_TYPE } from "./message.ts";
import { type Db, endpointOf, endpoints } from "./reads.ts";
import {
  createWebhookRoute,
  deleteRoute,
  deliveriesRoute,
  disableRoute,
  enableRoute,
  listRoute,
  patchRoute,
  redeliverRoute,
  replayRoute,
  rotateRoute,
  showRoute,
  testRoute,
} from "./route-definitions.ts";
import type { Secrets } from "./secrets.ts";
import type { Sender } from "./sender.ts";
import { deliveryView, webhookView } from "./views.ts";

export interface WebhookRoutesDeps {
  readonly nc: NatsConnection;
  readonly commands: WebhookCommands;
  readonly db: Db;
  readonly entries: Entries;
  readonly secrets: Secrets;
  readonly deliveries: DeliveryLog;
  readonly config: WebhooksConfig;
  readonly senderOf: (endpoint: Endpoint) => Sender;
  /** Resolves once the read model has all that is stored now. */
  readonly readToTheEnd: () => Promise<void>;
  readonly waitFor: (seq: number, timeoutMs: number) => Promise<boolean>;
  readonly nowMs: () => number;
}

const READ_YOUR_WRITES_MS = 2_000;
const cursorSchema = z.int().min(1);

/** Endpoints of integrators and what was sent to them, for `/api/v1`. */
export function createWebhookRoutes(deps: WebhookRoutesDeps): ApiRouter {
  const router = newRouter();
  addReads(router, deps);
  addCreation(router, deps);
  addChanges(router, deps);
  addSwitches(router, deps);
  addDeliveries(router, deps);
  return router;
}

type View = ReturnType<typeof webhookView>;

async function viewOf(
  { entries, nowMs }: WebhookRoutesDeps,
  endpoint: Endpoint,
  version: number,
): Promise<View> {
  const health = await entries.health(endpoint.webhookId);
  return webhookView(endpoint, { version, health, nowMs: nowMs() });
}

function addReads(router: ApiRouter, deps: WebhookRoutesDeps): void {
  router.openapi(listRoute, async (c) => {
    const rows = await endpoints(deps.db);
    const views = rows.map(({ endpoint, version }) => viewOf(deps, endpoint, version));
    return c.json({ items: await Promise.all(views) }, 200);
  });

  router.openapi(showRoute, async (c) => {
    const row = await endpointOf(deps.db, c.req.valid("param").webhookId);
    if (row === undefined) return problem(c, { code: "command.not-found" });
    setEtag(c, row.version);
    return c.json(await viewOf(deps, row.endpoint, row.version), 200);
  });
}

/** What no endpoint may have. */
async function faultOf(
  { config }: WebhookRoutesDeps,
  {
    url,
    types,
  }: { readonly url?: string | undefined; readonly types?: readonly string[] | undefined },
): Promise<Refusal | undefined> {
  const unknown = unknownPatterns(types ?? []);
  if (unknown.length > 0) {
    return refuse("webhook.unknown-type", `no event is named by ${unknown.join(", ")}`);
  }
  const fault = url === undefined ? undefined : await faultOfUrl(url, config);
  return fault === undefined ? undefined : refuse(fault, "nothing is sent to this URL");
}

function addCreation(router: ApiRouter, deps: WebhookRoutesDeps): void {
  const { nc, db, commands, secrets, nowMs } = deps;
  router.openapi(createWebhookRoute, async (c) => {
    const settings: Settings = c.req.valid("json");
    const fault = await faultOf(deps, settings);
    if (fault !== undefined) return refused(c, fault);
    await deps.readToTheEnd();
    if ((await endpoints(db)).length >= LIMITS.endpoints) {
      return refused(c, refuse("webhook.too-many", `there are ${LIMITS.endpoints} already`));
    }
    const webhookId = newIdFor(c, "webhook");
    const secretId = newIdFor(c, "secret");
    // The secret first: one that no event names harms nobody.
    const secret = await secrets.make(webhookId, secretId);
    const starts = await startsNow(nc, settings.types);
    const at = nowMs();
    const by = c.get("principal").name;
    const command: WebhookCommand = {
      type: "create",
      webhookId,
      ...settings,
      secretId,
      starts,
      by,
      at,
    };
    const outcome = await commands.handle(webhookId, command, causeOf(c, SOURCE, at));
    if (isRefusal(outcome)) return refused(c, outcome);
    const view = await afterwards(c, deps, { webhookId, seq: outcome.seq });
    c.header("Location", `/api/v1/webhooks/${webhookId}`);
    c.header("Cache-Control", "no-store");
    return c.json({ ...view, secret }, 201);
  });
}

/** The endpoint as it is after a command, from the stream, and its ETag. */
async function afterwards(
  c: Context<ApiEnv>,
  deps: WebhookRoutesDeps,
  { webhookId, seq }: { readonly webhookId: string; readonly seq: number },
): Promise<View> {
  await deps.waitFor(seq, READ_YOUR_WRITES_MS);
  const { state, seq: version } = await deps.commands.state(webhookId);
  if (state.status !== "there") throw new Error("what was changed is there");
  setEtag(c, version);
  return await viewOf(deps, state.endpoint, version);
}

/** Carries a command out if the webhook is still as `If-Match` says. */
async function guarded(
  c: Context<ApiEnv>,
  { commands }: WebhookRoutesDeps,
  { webhookId, command }: { readonly webhookId: string; readonly command: WebhookCommand },
): Promise<{ readonly seq: number } | Refusal> {
  const ifSeq = ifMatch(c);
  const ask = { aggregateId: webhookId, command, ifSeq };
  const [outcome] = await commands.handleMany([ask], causeOf(c, SOURCE, command.at));
  if (outcome === undefined) throw new Error("one command has one outcome");
  return outcome;
}

function addChanges(router: ApiRouter, deps: WebhookRoutesDeps): void {
  const { nc, secrets, commands, nowMs } = deps;
  const isThere = async (webhookId: string): Promise<boolean> =>
    (await commands.state(webhookId)).state.status === "there";

  router.openapi(patchRoute, async (c) => {
    const { webhookId } = c.req.valid("param");
    const changes = c.req.valid("json");
    const fault = await faultOf(deps, changes);
    if (fault !== undefined) return refused(c, fault);
    const starts = changes.types === undefined ? [] : await startsNow(nc, changes.types);
    const by = c.get("principal").name;
    const command = { type: "change", changes, starts, by, at: nowMs() } as const;
    const outcome = await guarded(c, deps, { webhookId, command });
    if (isRefusal(outcome)) {
      if (outcome.code !== "aggregate.changed") return refused(c, outcome);
      const code = (await isThere(webhookId)) ? "api.precondition" : "command.not-found";
      return problem(c, { code });
    }
    return c.json(await afterwards(c, deps, { webhookId, seq: outcome.seq }), 200);
  });

  router.openapi(deleteRoute, async (c) => {
    const { webhookId } = c.req.valid("param");
    const by = c.get("principal").name;
    const command = { type: "delete", by, at: nowMs() } as const;
    const outcome = await guarded(c, deps, { webhookId, command });
    if (isRefusal(outcome)) {
      if (outcome.code !== "aggregate.changed") return refused(c, outcome);
      const code = (await isThere(webhookId)) ? "api.precondition" : "command.not-found";
      return problem(c, { code });
    }
    await secrets.forget(webhookId);
    await deps.waitFor(outcome.seq, READ_YOUR_WRITES_MS);
    return c.body(null, 204);
  });

  router.openapi(rotateRoute, async (c) => {
    const { webhookId } = c.req.valid("param");
    if (!(await isThere(webhookId))) return problem(c, { code: "command.not-found" });
    const secretId = newIdFor(c, "secret");
    const secret = await secrets.make(webhookId, secretId);
    const at = nowMs();
    const by = c.get("principal").name;
    const previousUntil = at + LIMITS.oldSecretMs;
    const command = { type: "rotate-secret", secretId, previousUntil, by, at } as const;
    const outcome = await commands.handle(webhookId, command, causeOf(c, SOURCE, at));
    if (isRefusal(outcome)) return refused(c, outcome);
    c.header("Cache-Control", "no-store");
    const view = await afterwards(c, deps, { webhookId, seq: outcome.seq });
    return c.json({ ...view, secret }, 200);
  });
}

function addSwitches(router: ApiRouter, deps: WebhookRoutesDeps): void {
  const { nc, db, commands, entries, nowMs } = deps;

  router.openapi(enableRoute, async (c) => {
    const { webhookId } = c.req.valid("param");
    const { from } = c.req.valid("json");
    const row = await endpointOf(db, webhookId);
    const types = row?.endpoint.settings.types ?? [];
    const starts = from === "now" ? await startsNow(nc, types) : [];
    const at = nowMs();
    const command = { type: "enable", starts, by: c.get("principal").name, at } as const;
    // It is given the benefit of the doubt, before anybody works for it.
    if (row?.endpoint.disabled) await entries.setHealth(webhookId, { failingSince: null });
    const outcome = await commands.handle(webhookId, command, causeOf(c, SOURCE, at));
    if (isRefusal(outcome)) return refused(c, outcome);
    return c.json(await afterwards(c, deps, { webhookId, seq: outcome.seq }), 200);
  });

  router.openapi(disableRoute, async (c) => {
    const { webhookId } = c.req.valid("param");
    const at = nowMs();
    const by = c.get("principal").name;
    const command = {
      type: "disable",
      because: "asked",
      failingSince: null,
      ofEnabledAtMs: null,
      by,
      at,
    } as const;
    const outcome = await commands.handle(webhookId, command, causeOf(c, SOURCE, at));
    if (isRefusal(outcome)) return refused(c, outcome);
    return c.json(await afterwards(c, deps, { webhookId, seq: outcome.seq }), 200);
  });

  router.openapi(replayRoute, async (c) => {
    const { webhookId } = c.req.valid("param");
    const row = await endpointOf(db, webhookId);
    if (row === undefined) return problem(c, { code: "command.not-found" });
    const fromMs = Date.parse(c.req.valid("json").from);
    const starts = await startsAt(nc, row.endpoint.settings.types, fromMs);
    const at = nowMs();
    const command = { type: "replay", starts, by: c.get("principal").name, at } as const;
    const outcome = await commands.handle(webhookId, command, causeOf(c, SOURCE, at));
    if (isRefusal(outcome)) return refused(c, outcome);
    return c.json(await afterwards(c, deps, { webhookId, seq: outcome.seq }), 200);
  });
}

function addDeliveries(router: ApiRouter, deps: WebhookRoutesDeps): void {
  const { db, deliveries, entries, nowMs } = deps;

  router.openapi(testRoute, async (c) => {
    const { webhookId } = c.req.valid("param");
    const row = await endpointOf(db, webhookId);
    if (row === undefined) return problem(c, { code: "command.not-found" });
    const delivery = await sendTest(deps, {
      endpoint: row.endpoint,
      deliveryId: newIdFor(c, "delivery"),
      signal: c.req.raw.signal,
    });
    return c.json(deliveryView(delivery), 200);
  });

  router.openapi(deliveriesRoute, async (c) => {
    const { webhookId } = c.req.valid("param");
    const { cursor, limit, status } = c.req.valid("query");
    if ((await endpointOf(db, webhookId)) === undefined) {
      return problem(c, { code: "command.not-found" });
    }
    const before = decodeCursor(cursor, cursorSchema);
    const found = await deliveries.list({ webhookId, status, before, limit: limit + 1 });
    const shown = found.slice(0, limit);
    const last = found.length > limit ? shown.at(-1) : undefined;
    const next = last === undefined ? null : encodeCursor(last.seq);
    const views = shown.map(({ delivery }) => deliveryView(delivery));
    return c.json(page(c, views, next), 200);
  });

  router.openapi(redeliverRoute, async (c) => {
    const { webhookId, deliveryId } = c.req.valid("param");
    const row = await endpointOf(db, webhookId);
    const found = row && (await deliveries.show(webhookId, deliveryId));
    if (row === undefined || found === undefined) {
      return problem(c, { code: "command.not-found" });
    }
    if (row.endpoint.disabled !== null) {
      return refused(c, refuse("webhook.disabled", "nothing is sent to it"));
    }
    const again = askedAgain(found.delivery, nowMs());
    await entries.wait(again);
    await entries.log(again);
    return c.json(deliveryView(again), 200);
  });
}

/** Tried here and once, whoever works for the endpoint otherwise. */
async function sendTest(
  { senderOf, entries, nowMs }: WebhookRoutesDeps,
  {
    endpoint,
    deliveryId,
    signal,
  }: { readonly endpoint: Endpoint; readonly deliveryId: string; readonly signal: AbortSignal },
): Promise<Delivery> {
  const delivery: Delivery = {
    deliveryId,
    webhookId: endpoint.webhookId,
    type: TEST_TYPE,
    event: null,
    createdAt: nowMs(),
    status: "pending",
    attempts: [],
    round: 0,
    nextAttemptAt: null,
  };
  const sender = senderOf(endpoint);
  try {
    const result = await sender.send(delivery, { signal });
    const after = afterAttempt(delivery, result, {
      retrySeconds: [],
      random: 0,
      failingSince: null,
    });
    await entries.log(after);
    return after;
  } finally {
    sender.close();
  }
}
