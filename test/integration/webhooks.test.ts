import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { BUCKETS, STREAMS } from "@clockleaf/shared/subjects.ts";
import { jetstreamManager } from "@nats-io/jetstream";
import { Kvm } from "@nats-io/kv";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { z } from "zod";
import type { EventStore } from "../../cloud/eventing/event-store.ts";
import { openJsEventStore } from "../../cloud/eventing/js-event-store.ts";
import { heldHere } from "../../cloud/eventing/leases.ts";
import { createMemoryVault, type PersonalVault } from "../../cloud/eventing/vault.ts";
import { webhooksConfigSchema } from "../../cloud/webhooks/config.ts";
import { deliveryIdOf } from "../../cloud/webhooks/message.ts";
import { createWebhookRoutes } from "../../cloud/webhooks/routes.ts";
import type {
  deliverySchemaView,
  secretSchema,
  webhookSchema,
} from "../../cloud/webhooks/views.ts";
import { startWebhooks, type WebhooksContext } from "../../cloud/webhooks/webhooks.ts";
import { type Answer, apiAs, type CallAs } from "../support/api-as.ts";
import { type CloudHub, startCloudHub } from "../support/cloud-hub.ts";
import { type Tell, teller } from "../support/domain-events.ts";
import { eventually } from "../support/eventually.ts";
import type { SunkRequest } from "../support/http-sink.ts";
import { findNatsServer } from "../support/nats.ts";
import { available } from "../support/parts.ts";
import { person } from "../support/people.ts";
import { type TempDir, tempDir } from "../support/temp.ts";
import {
  startWebhookReceiver,
  verified,
  type WebhookReceiver,
} from "../support/webhook-receiver.ts";

const TENANT = "acme";
const ADMIN = { name: "ada", scopes: ["admin"] as const, roles: [] };
const DAY_MS = 86_400_000;
type View = z.output<typeof webhookSchema>;
type WithSecret = z.output<typeof secretSchema>;
type DeliveryView = z.output<typeof deliverySchemaView>;

describe.skipIf(!available("nats-server", findNatsServer()))("a webhook", () => {
  let cloud: CloudHub;
  let dir: TempDir;
  let vault: PersonalVault;
  let store: EventStore;
  let tell: Tell;
  let context: WebhooksContext;
  let call: CallAs;
  let receiver: WebhookReceiver;
  /** Ahead of the real time, for what takes days. */
  let aheadMs = 0;

  const start = async (changes: object = {}, folder = "rows"): Promise<WebhooksContext> =>
    await startWebhooks({
      nc: cloud.nc,
      eventStore: store,
      tenant: TENANT,
      dataDir: join(dir.path, folder),
      nowMs: () => Date.now() + aheadMs,
      log: silentLog(),
      leases: heldHere(),
      vault,
      isWorking: true,
      config: webhooksConfigSchema.parse({
        allowHttp: true,
        allowPrivateAddresses: true,
        retrySeconds: [0.01, 0.05, 0.1, 0.2, 0.5, 1, 1, 1, 1],
        probeSeconds: 0.2,
        timeoutSeconds: 1,
        ...changes,
      }),
      lookEveryMs: 20,
    });
  const restart = async (changes: object = {}): Promise<void> => {
    await context.close();
    context = await start(changes);
    const as = apiAs(createWebhookRoutes(context.routes));
    call = as;
  };
  beforeAll(async () => {
    cloud = await startCloudHub("cloud-consumers");
    dir = tempDir("webhooks");
    vault = createMemoryVault();
    store = await openJsEventStore({ nc: cloud.nc, vault });
    tell = teller(store, TENANT);
    context = await start();
    call = apiAs(createWebhookRoutes(context.routes));
  }, 60_000);
  afterAll(async () => {
    await context.close();
    await cloud[Symbol.asyncDispose]();
    dir.remove();
  });
  beforeEach(async () => {
    receiver = await startWebhookReceiver();
  });
  afterEach(async () => {
    aheadMs = 0;
    const { items } = (await ask<{ items: View[] }>("GET", "/webhooks")).body;
    for (const { webhookId, version } of items) {
      const headers = { "if-match": `"${version}"` };
      await call(ADMIN, { method: "DELETE", path: `/webhooks/${webhookId}`, headers });
    }
    await receiver[Symbol.asyncDispose]();
  });

  const ask = <B>(method: string, path: string, body?: object): Promise<Answer<B>> =>
    call<B>(ADMIN, { method, path, ...(body === undefined ? {} : { body }) });
  const register = async (more: object = {}): Promise<WithSecret> => {
    const body = { url: receiver.url, types: ["employee.*"], ...more };
    const answer = await ask<WithSecret>("POST", "/webhooks", body);
    expect(answer.status).toBe(201);
    return answer.body;
  };
  /** Enters somebody; resolves with the event's id. */
  const hire = async (more: object = {}): Promise<string> => {
    const employeeId = `e-${randomUUID()}`;
    const eventId = randomUUID();
    const data = { ...person(employeeId), ...more };
    await tell("employee", employeeId, { type: "employee.employee.created", data, eventId });
    return eventId;
  };
  const hireMany = async (count: number): Promise<string[]> => {
    const ids: string[] = [];
    for (let n = 0; n < count; n += 1) ids.push(await hire());
    return ids;
  };
  const deliveriesOf = async (webhookId: string, query = ""): Promise<DeliveryView[]> =>
    (await ask<{ items: DeliveryView[] }>("GET", `/webhooks/${webhookId}/deliveries?${query}`)).body
      .items;
  const deliveryOf = async (webhookId: string, eventId: string) =>
    (await deliveriesOf(webhookId)).find((each) => each.eventId === eventId);
  const show = async (webhookId: string): Promise<View> =>
    (await ask<View>("GET", `/webhooks/${webhookId}`)).body;
  const allTaken = (webhookId: string, eventIds: readonly string[], at = receiver) =>
    eventually(() => at.missing(webhookId, eventIds).length === 0, { what: "all to be taken" });
  const requestOf = (webhookId: string, eventId: string): SunkRequest => {
    const id = deliveryIdOf(webhookId, eventId);
    const found = receiver.sink.requests().find(({ headers }) => headers["webhook-id"] === id);
    if (found === undefined) throw new Error("no such request");
    return found;
  };

  test("carries what it was asked for, signed, from then on and without what is personal", async () => {
    await hire();
    const { webhookId, secret } = await register({ types: ["employee.employee.*"] });
    const employeeId = `e-${randomUUID()}`;
    await tell("leave", employeeId, {
      type: "leave.account.created",
      data: { employeeId, openedOn: "2026-01-01", zone: "UTC", policies: [] },
    });
    const eventId = await hire({ firstName: "Grüße" });
    await allTaken(webhookId, [eventId]);
    expect(receiver.taken()).toEqual([deliveryIdOf(webhookId, eventId)]);
    const request = requestOf(webhookId, eventId);
    const body = verified(request, secret);
    expect(body).toMatchObject({
      type: "employee.employee.created",
      data: { jobTitle: expect.any(String) },
    });
    expect(request.body).not.toContain("Grüße");
    expect(request.headers).toMatchObject({ "ce-id": eventId, "nats-stream": STREAMS.employee });
    const found = await eventually(() => deliveryOf(webhookId, eventId));
    expect(found).toMatchObject({
      status: "delivered",
      nextAttemptAt: null,
      attempts: [{ status: 204, error: null }],
    });
  });

  test("carries what is personal where the operator says so, but never a badge's PIN", async () => {
    await restart({ personal: "clear" });
    const { webhookId, secret } = await register({ types: ["*"] });
    const employeeId = `e-${randomUUID()}`;
    const badge = { employeeId, number: "4711", validFrom: 0, pinHash: null, at: 1 };
    await tell("employee", `badge-${employeeId}`, {
      type: "employee.badge.assigned",
      data: badge,
    }).catch(() => undefined);
    const eventId = await hire({ firstName: "Grüße" });
    await allTaken(webhookId, [eventId]);
    expect(verified(requestOf(webhookId, eventId), secret).data).toMatchObject({
      firstName: "Grüße",
    });
    expect(
      receiver.sink
        .requests()
        .map(({ body }) => body)
        .join(""),
    ).not.toContain("badge.assigned");
    await restart();
  });

  test("passes over what belongs to other sites", async () => {
    const { webhookId } = await register({ sites: ["harbour"] });
    await hire({ siteIds: ["hq"] });
    const eventId = await hire({ siteIds: ["hq", "harbour"] });
    await allTaken(webhookId, [eventId]);
    expect(receiver.taken()).toHaveLength(1);
  });

  test("tries again after whatever failed, with the same id and a fresh time", async () => {
    const { webhookId, secret } = await register();
    const answers = ["break", { status: 500 }, "silence", { status: 302 }] as const;
    receiver.answer(() => answers[receiver.sink.requests().length - 1] ?? { status: 200 });
    const eventId = await hire();
    await allTaken(webhookId, [eventId]);
    const requests = receiver.sink.requests();
    expect(new Set(requests.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
    for (const request of requests) verified(request, secret);
    const found = await eventually(async () => {
      const delivery = await deliveryOf(webhookId, eventId);
      return delivery?.status === "delivered" ? delivery : undefined;
    });
    expect(found.attempts.map(({ status, error }) => [status, error])).toEqual([
      [null, "connection"],
      [500, "http-status"],
      [null, "timeout"],
      [302, "http-status"],
      [200, null],
    ]);
  });

  test("waits as long as the receiver asks, and gives up behind the last wait", async () => {
    await restart({ retrySeconds: [0, 0] });
    const { webhookId } = await register();
    receiver.answer(() => ({ status: 503, headers: { "retry-after": "7200" } }));
    const eventId = await hire();
    const waiting = await eventually(() => deliveryOf(webhookId, eventId));
    const asked = Date.parse(waiting.nextAttemptAt ?? "") - Date.parse(waiting.createdAt);
    expect(asked).toBeGreaterThanOrEqual(7_200_000);
    // It takes others: so it is this one that it does not want.
    const refused = deliveryIdOf(webhookId, eventId);
    receiver.answer(({ headers }) => ({ status: headers["webhook-id"] === refused ? 500 : 200 }));
    await allTaken(webhookId, [await hire()]);
    aheadMs = 7_300_000;
    const failed = await eventually(async () => {
      const delivery = await deliveryOf(webhookId, eventId);
      return delivery?.status === "failed" ? delivery : undefined;
    });
    expect(failed).toMatchObject({ nextAttemptAt: null });
    expect(failed.attempts).toHaveLength(3);
    expect(context.stats().totals.failed).toBeGreaterThan(0);

    receiver.answer(() => ({ status: 200 }));
    const path = `/webhooks/${webhookId}/deliveries/${failed.deliveryId}/redeliver`;
    expect((await ask("POST", path)).status).toBe(200);
    await allTaken(webhookId, [eventId]);
    await eventually(async () => (await deliveryOf(webhookId, eventId))?.status === "delivered");
    await restart();
  });

  test("is signed with both secrets for a day after a rotation", async () => {
    const { webhookId, secret: old } = await register();
    const path = `/webhooks/${webhookId}/rotate-secret`;
    const { body } = await ask<WithSecret>("POST", path);
    expect(body.secret).not.toBe(old);
    expect(Date.parse(body.previousSecretUntil ?? "") - Date.now()).toBeGreaterThan(DAY_MS / 2);
    const both = await hire();
    await allTaken(webhookId, [both]);
    // Whoever works for the endpoint may not have heard yet: what counts is that either key verifies in the end.
    const last = await eventually(async () => {
      const next = await hire();
      await allTaken(webhookId, [next]);
      const request = requestOf(webhookId, next);
      verified(request, body.secret);
      return request;
    });
    verified(last, old);
    aheadMs = DAY_MS + 1_000;
    const { body: tested } = await ask<DeliveryView>("POST", `/webhooks/${webhookId}/test`);
    const ping = receiver.sink
      .requests()
      .find((each) => each.headers["webhook-id"] === tested.deliveryId);
    expect(ping?.headers["webhook-signature"]).toMatch(/^v1,[^ ]+$/);
  });

  test("that answers 410 is switched off, loses nothing, and goes on where it stopped", async () => {
    const { webhookId } = await register();
    receiver.answer(() => ({ status: 410 }));
    const first = await hire();
    const off = await eventually(async () => {
      const view = await show(webhookId);
      return view.status === "disabled" ? view : undefined;
    });
    expect(off).toMatchObject({ disabledBecause: "gone" });
    const meanwhile = await hire();
    receiver.answer(() => ({ status: 200 }));
    const tested = await ask<DeliveryView>("POST", `/webhooks/${webhookId}/test`);
    expect(tested.body).toMatchObject({ status: "delivered", type: "webhook.test" });
    const again = await deliveryOf(webhookId, first);
    const redeliver = `/webhooks/${webhookId}/deliveries/${again?.deliveryId}/redeliver`;
    expect((await ask("POST", redeliver)).status).toBe(409);
    expect((await ask<View>("POST", `/webhooks/${webhookId}/enable`, {})).body.status).toBe(
      "enabled",
    );
    await allTaken(webhookId, [first, meanwhile]);
  });

  test("that takes nothing for days is switched off, and events wait in their stream", async () => {
    await restart({
      retrySeconds: [0.01, 3_600],
      probeSeconds: 3_600,
      disableAfterSeconds: 5 * 86_400,
    });
    const { webhookId } = await register();
    receiver.answer(() => "break");
    const ids = await hireMany(40);
    await eventually(async () => (await show(webhookId)).failingSince);
    await eventually(() => context.stats().endpoints[0]?.isDown);
    // A dead endpoint does not turn every event into a retry of its own.
    expect(context.stats().endpoints[0]?.waiting).toBeLessThan(20);
    aheadMs = 5 * DAY_MS + 60_000;
    const off = await eventually(async () => {
      const view = await show(webhookId);
      return view.status === "disabled" ? view : undefined;
    });
    expect(off).toMatchObject({ disabledBecause: "failing" });
    receiver.answer(() => ({ status: 200 }));
    await ask("POST", `/webhooks/${webhookId}/enable`, {});
    await allTaken(webhookId, ids);
    await eventually(async () => (await show(webhookId)).failingSince === null);
    await restart();
  });

  test("that is dead or slow holds nobody else up", async () => {
    await using dead = await startWebhookReceiver();
    dead.answer(() => "silence");
    await register({ url: dead.url });
    const { webhookId } = await register();
    const ids = await hireMany(30);
    await allTaken(webhookId, ids);
    // The other one has not even had its time-out for what it was sent first.
    expect(dead.taken()).toEqual([]);
  });

  test("that was skipped ahead or sent back gets just that, under the same ids", async () => {
    const { webhookId } = await register();
    const before = new Date().toISOString();
    const first = await hire();
    await allTaken(webhookId, [first]);
    await ask("POST", `/webhooks/${webhookId}/disable`);
    await eventually(() => context.stats().endpoints.length === 0);
    const skipped = await hire();
    await ask("POST", `/webhooks/${webhookId}/enable`, { from: "now" });
    const second = await hire();
    await allTaken(webhookId, [second]);
    expect(receiver.missing(webhookId, [skipped])).toEqual([skipped]);
    expect((await ask("POST", `/webhooks/${webhookId}/replay`, { from: before })).status).toBe(200);
    await allTaken(webhookId, [skipped]);
    const repeated = receiver.taken().filter((id) => id === deliveryIdOf(webhookId, first));
    expect(repeated).toHaveLength(2);
  });

  test("is changed by whoever has read it, and only to what is allowed", async () => {
    const { webhookId, version } = await register();
    const path = `/webhooks/${webhookId}`;
    const patch = (body: object, ifMatch?: string) =>
      call<View & { code: string }>(ADMIN, {
        method: "PATCH",
        path,
        body,
        headers: ifMatch === undefined ? {} : { "if-match": ifMatch },
      });
    expect((await patch({ description: "x" })).status).toBe(428);
    expect((await patch({ description: "x" }, '"1"')).status).toBe(412);
    expect((await patch({ types: ["attendence.*"] }, `"${version}"`)).body.code).toBe(
      "webhook.unknown-type",
    );
    expect((await patch({ url: "ftp://example.org" }, `"${version}"`)).body.code).toBe(
      "webhook.bad-url",
    );
    const changed = await patch({ types: ["leave.*"], sites: ["hq"] }, `"${version}"`);
    expect(changed.body).toMatchObject({ types: ["leave.*"], sites: ["hq"], url: receiver.url });
    expect((await patch({ sites: null }, `"${changed.body.version}"`)).body.sites).toBeNull();
    expect(await show(webhookId)).not.toHaveProperty("secret");
    expect((await ask("GET", "/webhooks/nobody")).status).toBe(404);
  });

  test("is for administrators only", async () => {
    for (const scopes of [["read"], ["read", "write"]] as const) {
      const who = { name: "eve", scopes, roles: [] };
      expect((await call(who, { path: "/webhooks" })).status).toBe(403);
      const body = { url: receiver.url, types: ["*"] };
      expect((await call(who, { path: "/webhooks", body })).status).toBe(403);
    }
  });

  test("cannot reach this network, whether it says so or only resolves to it", async () => {
    await restart({ allowPrivateAddresses: false });
    const port = new URL(receiver.url).port;
    for (const host of [
      "127.0.0.1",
      "localhost",
      "[::1]",
      "169.254.169.254",
      "10.1.2.3",
      "0x7f000001",
    ]) {
      const body = { url: `http://${host}:${port}/hook`, types: ["*"] };
      const answer = await ask<{ code: string }>("POST", "/webhooks", body);
      expect([host, answer.status, answer.body.code]).toEqual([
        host,
        409,
        "webhook.address-refused",
      ]);
    }
    await restart();
    // Registered while it was allowed, or while its name still pointed elsewhere.
    const byName = receiver.url.replace("127.0.0.1", "localhost");
    const named = await register({ url: byName });
    const literal = await register();
    await restart({ allowPrivateAddresses: false });
    for (const { webhookId } of [named, literal]) {
      const { body } = await ask<DeliveryView>("POST", `/webhooks/${webhookId}/test`);
      expect(body).toMatchObject({ status: "failed", attempts: [{ error: "address-refused" }] });
    }
    expect(receiver.sink.requests()).toEqual([]);
    await restart();
  });

  test("has its log page by page, the newest first, and loses it with the endpoint", async () => {
    const { webhookId, version } = await register();
    const ids = await hireMany(12);
    await allTaken(webhookId, ids);
    await eventually(async () => (await deliveriesOf(webhookId)).length === 12);
    const seen: string[] = [];
    let next: string | null = "";
    while (next !== null) {
      const cursor: string = next === "" ? "" : `&cursor=${next}`;
      const path = `/webhooks/${webhookId}/deliveries?limit=5${cursor}`;
      const { body } = await ask<{ items: DeliveryView[]; next: string | null }>("GET", path);
      seen.push(...body.items.map(({ deliveryId }) => deliveryId));
      next = body.next;
    }
    expect(seen.toSorted()).toEqual(ids.map((id) => deliveryIdOf(webhookId, id)).toSorted());
    expect(await deliveriesOf(webhookId, "status=failed")).toEqual([]);
    const headers = { "if-match": `"${version}"` };
    const gone = await call(ADMIN, { method: "DELETE", path: `/webhooks/${webhookId}`, headers });
    expect(gone.status).toBe(204);
    expect((await ask("GET", `/webhooks/${webhookId}/deliveries`)).status).toBe(404);
    const kv = await new Kvm(cloud.nc).open(BUCKETS.webhooks);
    await eventually(async () => {
      const left: string[] = [];
      for await (const key of await kv.keys(`${TENANT}.${webhookId}.>`)) left.push(key);
      return left.length === 0;
    });
  });

  test("there are fifty at most", async () => {
    const url = receiver.url;
    for (let n = 0; n < 50; n += 1) await register({ url, types: ["payroll.period.locked"] });
    const answer = await ask<{ code: string }>("POST", "/webhooks", { url, types: ["*"] });
    expect([answer.status, answer.body.code]).toEqual([409, "webhook.too-many"]);
  });

  test("leaves its secret nowhere but sealed", async () => {
    const { secret, webhookId } = await register();
    await hire();
    const { body } = await ask<WithSecret>("POST", `/webhooks/${webhookId}/rotate-secret`);
    const jsm = await jetstreamManager(cloud.nc);
    const streams = [STREAMS.webhook, `KV_${BUCKETS.webhooks}`, `KV_${BUCKETS.webhookDeliveries}`];
    for (const stream of streams) {
      const { first_seq: first, last_seq: last } = (await jsm.streams.info(stream)).state;
      for (let seq = first; seq <= last; seq += 1) {
        const message = await jsm.streams.getMessage(stream, { seq }).catch(() => null);
        const text = Buffer.from(message?.data ?? []).toString("latin1");
        for (const each of [secret, body.secret]) {
          expect(text).not.toContain(each.slice("whsec_".length));
          expect(text).not.toContain(Buffer.from(each.slice(6), "base64").toString("latin1"));
        }
      }
    }
  });
});
