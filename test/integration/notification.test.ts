import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { jetstreamManager } from "@nats-io/jetstream";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { EventStore } from "../../cloud/eventing/event-store.ts";
import { openJsEventStore } from "../../cloud/eventing/js-event-store.ts";
import { heldHere } from "../../cloud/eventing/leases.ts";
import { createMemoryVault } from "../../cloud/eventing/vault.ts";
import { notificationConfigSchema } from "../../cloud/notification/config.ts";
import {
  type NotificationContext,
  startNotification,
} from "../../cloud/notification/notification.ts";
import { createNotificationRoutes } from "../../cloud/notification/routes.ts";
import type { MessageView } from "../../cloud/notification/views.ts";
import { rabbitServerSchema } from "../../cloud/rabbitmq/config.ts";
import { apiAs, type CallAs } from "../support/api-as.ts";
import { type CloudHub, startCloudHub } from "../support/cloud-hub.ts";
import { whenWorkedOff } from "../support/consumers.ts";
import { type Tell, teller } from "../support/domain-events.ts";
import { eventually } from "../support/eventually.ts";
import { type HttpSink, startHttpSink } from "../support/http-sink.ts";
import { findNatsServer } from "../support/nats.ts";
import { available } from "../support/parts.ts";
import { person } from "../support/people.ts";
import { findOwnRabbit, type RabbitServer, startRabbit } from "../support/rabbitmq.ts";
import { rabbitSettings } from "../support/rabbitmq-reader.ts";
import { type MailSink, startMailSink } from "../support/smtp.ts";
import { type TempDir, tempDir } from "../support/temp.ts";

const TENANT = "acme";
const SECRET = `whsec_${Buffer.alloc(32, 5).toString("base64")}`;
const HR = { name: "hr", roles: ["hr"] };
const SLOW = { timeoutMs: 30_000 };

/** All of it with the tasks in either queue. */
function tellingPeople(queue: "nats" | "rabbitmq"): void {
  let rabbit: RabbitServer | undefined;
  let rabbitmq: object | undefined;
  let cloud: CloudHub;
  let dir: TempDir;
  let mailbox: MailSink;
  let hooks: HttpSink;
  let store: EventStore;
  let tell: Tell;
  let contexts: NotificationContext[];
  let call: CallAs;
  let config: object;

  const startProcess = async (folder: string, changes: object = {}): Promise<NotificationContext> =>
    await startNotification({
      nc: cloud.nc,
      eventStore: store,
      tenant: TENANT,
      dataDir: join(dir.path, folder),
      nowMs: () => Date.now(),
      log: silentLog(),
      leases: heldHere(),
      vault: createMemoryVault(),
      isWorking: true,
      config: notificationConfigSchema.parse({ ...config, ...changes }),
      ...(rabbitmq === undefined ? {} : { rabbitmq: rabbitServerSchema.parse(rabbitmq) }),
      employeesOfRole: (role) => (role === "payroll" ? ["e-pay"] : []),
      rescueEveryMs: 50,
      ackWaitMs: 1_000,
    });
  beforeAll(async () => {
    cloud = await startCloudHub("cloud-consumers");
    dir = tempDir("notification");
    if (queue === "rabbitmq") {
      rabbit = await startRabbit();
      ({ rabbitmq } = rabbitSettings(dir.path, [rabbit.port]));
    }
    mailbox = await startMailSink();
    hooks = await startHttpSink();
    const secretFile = join(dir.path, "hook.secret");
    writeFileSync(secretFile, SECRET);
    config = {
      queue,
      smtp: {
        host: "127.0.0.1",
        port: mailbox.port,
        requireTls: false,
        from: "Clockleaf <clock@example.org>",
      },
      webhooks: [{ name: "erp", url: hooks.url, secretFile, types: ["leave.*", "employee.*"] }],
      contacts: [{ name: "ops", email: "ops@example.org", getsAlarms: true, roles: ["payroll"] }],
      sendTimeout: "1s",
      retry: { firstWait: "1s", maxWait: "1s" },
    };
    store = await openJsEventStore({ nc: cloud.nc });
    tell = teller(store, TENANT);
    contexts = [await startProcess("first"), await startProcess("second")];
    const [first] = contexts;
    if (first === undefined) throw new Error("started");
    call = apiAs(createNotificationRoutes(first.routes));
  }, 180_000);
  afterAll(async () => {
    await Promise.all(contexts.map((each) => each.close()));
    await rabbit?.[Symbol.asyncDispose]();
    await mailbox[Symbol.asyncDispose]();
    await hooks[Symbol.asyncDispose]();
    await cloud[Symbol.asyncDispose]();
    dir.remove();
  });
  beforeEach(() => {
    mailbox.onMail(() => undefined);
    mailbox.onRecipient(() => undefined);
  });

  const hire = async (more: object = {}): Promise<string> => {
    const employeeId = `e-${randomUUID()}`;
    const data = { ...person(employeeId), ...more };
    await tell("employee", employeeId, { type: "employee.employee.created", data });
    return employeeId;
  };
  const mailsTo = (employeeId: string) =>
    mailbox.mails().filter(({ to }) => to.includes(`${employeeId}@example.org`));
  const log = async (query: string): Promise<MessageView[]> => {
    const path = `/notifications?limit=500&${query}`;
    return (await call<{ items: MessageView[] }>(HR, { path })).body.items;
  };
  const mailOf = (employeeId: string): Promise<MessageView> =>
    eventually(async () => (await log(`employeeId=${employeeId}&channel=email`))[0]);
  const isAt = (employeeId: string, status: string): Promise<MessageView> =>
    eventually(async () => {
      const found = await mailOf(employeeId);
      return found.status === status ? found : undefined;
    }, SLOW);

  const statuses = async (employeeId: string) =>
    (await log(`employeeId=${employeeId}&channel=email`)).map((each) => [
      each.template,
      each.status,
    ]);
  const startChild = async (): Promise<ChildProcess> => {
    const script = join(import.meta.dirname, "../support/notification-child.ts");
    const args = [
      ["--server", cloud.site.hub.url],
      ["--seed", cloud.site.deployment.seedFile("cloud-consumers")],
      ["--dir", join(dir.path, "child")],
      ["--config", JSON.stringify({ ...config, webhooks: [] })],
      rabbitmq === undefined ? [] : ["--rabbitmq", JSON.stringify(rabbitmq)],
    ].flat();
    const child = spawn(process.execPath, [script, ...args], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(child.stdout, "data");
    return child;
  };

  test("a new person is welcomed once, in their language, by whichever process", async () => {
    const employeeId = await hire({ locale: "de-AT" });
    const english = await hire({ firstName: "<Bob>" });
    const sent = await isAt(employeeId, "sent");
    await isAt(english, "sent");
    expect(mailsTo(employeeId)).toMatchObject([
      {
        subject: "Willkommen, Ada",
        messageId: `<${sent.notificationId}@example.org>`,
        text: expect.stringContaining("1. Januar 2026"),
      },
    ]);
    expect(mailsTo(english)).toMatchObject([{ html: expect.stringContaining("&lt;Bob&gt;") }]);
    const { events } = await store.load(
      { domain: "notification", tenant: TENANT, aggregateId: sent.notificationId },
      0,
    );
    expect(events.map(({ event }) => event.metadata.eventType.split(".").at(-1))).toEqual([
      "requested",
      "claimed",
      "sent",
    ]);
    const stored = JSON.stringify(events);
    expect(stored).not.toContain("Ada");
    expect(stored).not.toContain("@example.org");
    // Set active later as well, they have been welcomed.
    const data = { employeeId, at: Date.now() };
    await tell("employee", employeeId, { type: "employee.employee.activated", data });
    await whenWorkedOff(cloud.nc, "EMPLOYEE", "notification-employee-news");
    expect(await log(`employeeId=${employeeId}&channel=email`)).toHaveLength(1);
  });

  test("with the mail server down for a while everything arrives in the end, once", async () => {
    await mailbox.down();
    const people: string[] = [];
    for (let n = 0; n < 20; n += 1) people.push(await hire());
    for (const id of people) await isAt(id, "will-retry");
    await mailbox.up();
    for (const id of people) await isAt(id, "sent");
    for (const id of people) expect(mailsTo(id)).toHaveLength(1);
  });

  test("a mailbox that never will be makes a dead letter, and operators hear of it", async () => {
    mailbox.onRecipient((to) =>
      to.startsWith("e-") ? { code: 550, text: `no mailbox ${to}` } : undefined,
    );
    const employeeId = await hire();
    const given = await isAt(employeeId, "gave-up");
    expect(JSON.stringify(given)).not.toContain("@example.org");
    const jsm = await jetstreamManager(cloud.nc, { checkAPI: false });
    const letter = await eventually(() =>
      jsm.direct.getMessage("DLQ", { last_by_subj: "dlq.v1.notification-email" }),
    );
    expect(letter?.header.get("Dead-Letter-Code")).toBe("notification.undeliverable");
    const alarms = () => mailbox.mails().filter(({ to }) => to.includes("ops@example.org"));
    await eventually(() => alarms().length === 1);
    expect(alarms()[0]?.subject).toContain("notification-email");
    // The address was mended: a person sends it again.
    mailbox.onRecipient(() => undefined);
    const resend = { method: "POST", path: `/notifications/${given.notificationId}/resend` };
    expect(await call(HR, resend)).toMatchObject({ status: 200, body: { resentBy: "hr" } });
    await isAt(employeeId, "sent");
    expect(await call(HR, resend)).toMatchObject({
      status: 409,
      body: { code: "notification.sent" },
    });
  });

  test("a server that says later is asked again later", async () => {
    let refusals = 2;
    mailbox.onMail(() => {
      refusals -= 1;
      return refusals >= 0 ? { code: 451, text: "later" } : undefined;
    });
    const employeeId = await hire();
    const sent = await isAt(employeeId, "sent");
    expect(sent.attempts.map(({ outcome }) => outcome)).toEqual([
      "will-retry",
      "will-retry",
      "sent",
    ]);
    expect(mailsTo(employeeId)).toHaveLength(1);
  });

  test("an answer that never came leaves it in doubt until a person says so", async () => {
    mailbox.onMail(({ to }) =>
      to.includes("ops@example.org") ? undefined : new Promise(() => undefined),
    );
    const employeeId = await hire();
    const doubtful = await isAt(employeeId, "uncertain");
    const alarm = await eventually(() =>
      mailbox.mails().find(({ text }) => text.includes(doubtful.notificationId)),
    );
    expect(alarm.to).toEqual(["ops@example.org"]);
    mailbox.onMail(() => undefined);
    expect(mailsTo(employeeId)).toEqual([]);
    await call(HR, { method: "POST", path: `/notifications/${doubtful.notificationId}/resend` });
    await isAt(employeeId, "sent");
    expect(mailsTo(employeeId)).toHaveLength(1);
  });

  test("webhooks carry the event, signed, without what is personal, again after a failure", async () => {
    let failures = 1;
    hooks.onRequest(() => {
      failures -= 1;
      return { status: failures >= 0 ? 503 : 200 };
    });
    const employeeId = await hire();
    const requests = await eventually(() => {
      const found = hooks.requests().filter(({ body }) => body.includes(employeeId));
      return found.length >= 2 ? found : undefined;
    }, SLOW);
    const ids = new Set(requests.map(({ headers }) => headers["webhook-id"]));
    expect(ids.size).toBe(1);
    const [, again] = requests;
    if (again === undefined) throw new Error("asked again");
    const payload = new Webhook(SECRET).verify(again.body, again.headers as Record<string, string>);
    expect(payload).toMatchObject({
      type: "employee.employee.created",
      data: { employeeId, departmentId: "assembly" },
    });
    expect(again.body).not.toContain("@example.org");
    expect(again.body).not.toContain("Ada");
    expect(await log("channel=webhook&target=erp")).not.toHaveLength(0);
  });

  test("approvals: who decides is told, then who asked; shown messages are read once", async () => {
    const [boss, ada] = [await hire(), await hire({ firstName: "Grace" })];
    await hire({ employeeId: "e-pay" }).catch(() => undefined);
    const requestId = randomUUID();
    const steps = [
      { approvers: [{ kind: "employee", employeeId: boss }], dueAt: null },
      { approvers: [{ kind: "role", role: "payroll" }], dueAt: null },
    ];
    const about = { kind: "leave", employeeId: ada, leaveId: "l-1" };
    const opened = {
      requestId,
      about,
      requestedBy: "ada",
      summary: "Leave vacation",
      steps,
      at: 1,
    };
    await tell("workflow", requestId, { type: "workflow.request.opened", data: opened });
    const mine = (who: string) =>
      call<{ items: Array<{ notificationId: string; subject: string; isRead: boolean }> }>(
        { name: "phone", employeeId: who },
        { path: "/me/notifications?unread=true" },
      );
    const [shown] = await eventually(async () => {
      const { items } = (await mine(boss)).body;
      return items.length > 0 ? items : undefined;
    });
    expect(shown).toMatchObject({ subject: "Leave of Grace Example waits for you", isRead: false });
    await eventually(() => mailsTo(boss).some(({ subject }) => subject.includes("Grace")));

    const decision = { requestId, step: 0, decision: "approved", by: "boss", onBehalfOf: null };
    await tell("workflow", requestId, {
      type: "workflow.step.decided",
      data: { ...decision, note: "", at: 2 },
    });
    await eventually(() =>
      mailbox
        .mails()
        .some(({ to, text }) => to.includes("ops@example.org") && text.includes(requestId)),
    );

    const read = { method: "POST", path: `/me/notifications/${shown?.notificationId}/read` };
    expect(await call({ employeeId: ada }, read)).toMatchObject({ status: 404 });
    expect(await call({ employeeId: boss }, read)).toMatchObject({ status: 204 });
    expect((await mine(boss)).body.items).toEqual([]);
  });

  test("preferences choose channels and language, but not silence about what matters", async () => {
    const employeeId = await hire();
    const path = `/notification-preferences/${employeeId}`;
    const own = { name: "phone", employeeId };
    expect(await call({ name: "other", employeeId: "e-x" }, { path })).toMatchObject({
      status: 404,
    });
    const put = (channels: object, etag = '"0"') =>
      call(own, {
        method: "PUT",
        path,
        body: { locale: "de", channels },
        headers: { "if-match": etag },
      });
    expect(await put({ "payslip-ready": [] })).toMatchObject({
      status: 422,
      body: {
        code: "api.invalid",
        errors: [
          {
            pointer: "#/channels/payslip-ready",
            detail: expect.stringContaining("nobody can do without it"),
          },
        ],
      },
    });
    expect(await put({ "leave-decided": ["in-app"] })).toMatchObject({ status: 200 });
    expect(await put({ "leave-decided": [] })).toMatchObject({ status: 412 });
    const leaveId = randomUUID();
    await tell("leave", leaveId, {
      type: "leave.leave.rejected",
      data: { employeeId, leaveId, by: "boss", reason: "zu viel los", at: 1 },
    });
    const items = await eventually(async () => {
      const { body } = await call<{ items: object[] }>(own, { path: "/me/notifications" });
      return body.items.length > 0 ? body.items : undefined;
    });
    expect(items).toMatchObject([{ subject: "Dein Urlaub wurde abgelehnt" }]);
    expect(await log(`employeeId=${employeeId}&template=leave-decided`)).toHaveLength(1);
  });

  test("nobody erased is written to, and nobody who left but about their pay", async () => {
    const [erased, left] = [await hire(), await hire()];
    await isAt(erased, "sent");
    await isAt(left, "sent");
    const at = Date.now();
    await tell("employee", erased, {
      type: "employee.person.erased",
      data: { employeeId: erased, requestedBy: "hr", at },
    });
    await tell("employee", left, {
      type: "employee.employee.terminated",
      data: { employeeId: left, reason: "", at, lastDayOn: "2026-11-30" },
    });
    for (const employeeId of [erased, left]) {
      const run = {
        employeeId,
        runId: `r-${employeeId}`.slice(0, 60),
        periodId: "monthly-2026-11",
      };
      await tell("payroll", employeeId, {
        type: "payroll.pay.estimated",
        data: { ...run, currency: "EUR", grossMinor: 1, overtimeSeconds: 0, because: "x" },
      });
      await tell("payroll", employeeId, {
        type: "payroll.payslip.generated",
        data: {
          ...run,
          documentId: "d-1",
          sha256: "0".repeat(64),
          bytes: 1,
          netMinor: 1,
          currency: "EUR",
        },
      });
    }
    await eventually(async () => {
      expect(await statuses(left)).toEqual([
        ["payslip-ready", "sent"],
        ["pay-estimated", "suppressed"],
        ["welcome", "sent"],
      ]);
      expect(await statuses(erased)).toEqual([
        ["payslip-ready", "suppressed"],
        ["pay-estimated", "suppressed"],
        ["welcome", "sent"],
      ]);
      return true;
    });
    expect(mailsTo(left).at(-1)?.text).not.toMatch(/EUR|0\.01/);
  });

  test("kill -9 around the moment of sending: no mail is taken twice under one Message-ID", async () => {
    await Promise.all(contexts.map((each) => each.close()));
    contexts = [];
    const people: string[] = [];
    for (const moment of ["recipient", "mail", "mail-late"] as const) {
      let child: ChildProcess | undefined;
      const killed = Promise.withResolvers<void>();
      const kill = async (): Promise<void> => {
        if (child === undefined || child.killed) return;
        const ended = once(child, "exit");
        child.kill("SIGKILL");
        await ended;
        killed.resolve();
      };
      mailbox.onRecipient(async () => {
        if (moment === "recipient") await kill();
        return undefined;
      });
      mailbox.onMail(async () => {
        if (moment === "mail") await kill();
        // Taken first, so that the answer goes to somebody who is dead already.
        if (moment === "mail-late") setImmediate(() => void kill());
        return undefined;
      });
      for (let n = 0; n < 5; n += 1) people.push(await hire());
      child = await startChild();
      await killed.promise;
    }
    mailbox.onRecipient(() => undefined);
    mailbox.onMail(() => undefined);
    contexts = [await startProcess("first"), await startProcess("second")];
    const [first] = contexts;
    if (first === undefined) throw new Error("started");
    // Whom nobody was sending to when they died: however many of the others are in doubt, this one is told.
    people.push(await hire());
    call = apiAs(createNotificationRoutes(first.routes));
    const ended: MessageView[] = [];
    for (const id of people) {
      ended.push(
        await eventually(async () => {
          const [found] = await log(`employeeId=${id}&channel=email`);
          return found?.status === "sent" || found?.status === "uncertain" ? found : undefined;
        }, SLOW),
      );
    }
    const copies = Map.groupBy(mailbox.mails(), ({ messageId }) => messageId);
    for (const { status, notificationId } of ended) {
      const taken = copies.get(`<${notificationId}@example.org>`)?.length ?? 0;
      expect(taken).toBeLessThanOrEqual(1);
      if (status === "sent") expect(taken).toBe(1);
    }
    expect(ended.some(({ status }) => status === "uncertain")).toBe(true);
    expect(ended.at(-1)?.status).toBe("sent");
  });

  test("without a mail server nothing goes out, and the delivery log says so", async () => {
    await Promise.all(contexts.map((each) => each.close()));
    contexts = [await startProcess("first", { smtp: undefined, webhooks: [] })];
    const [only] = contexts;
    if (only === undefined) throw new Error("started");
    call = apiAs(createNotificationRoutes(only.routes));
    const { attempts } = await isAt(await hire(), "suppressed");
    expect(attempts).toMatchObject([{ reason: "email is not configured" }]);
  });
}

const isHere = available("nats-server", findNatsServer());
describe.skipIf(!isHere)("telling people", () => {
  tellingPeople("nats");
});
describe.skipIf(!isHere || !available("RabbitMQ", findOwnRabbit()))(
  "telling people, with tasks at RabbitMQ",
  () => {
    tellingPeople("rabbitmq");
  },
);
