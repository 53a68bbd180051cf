import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { afterAll, beforeAll, beforeEach, describe } from "vitest";
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
import { apiAs, type CallAs } from "./api-as.ts";
import { type CloudHub, startCloudHub } from "./cloud-hub.ts";
import { type Tell, teller } from "./domain-events.ts";
import { eventually } from "./eventually.ts";
import { type HttpSink, startHttpSink } from "./http-sink.ts";
import { findNatsServer } from "./nats.ts";
import { available } from "./parts.ts";
import { person } from "./people.ts";
import { findOwnRabbit, type RabbitServer, startRabbit } from "./rabbitmq.ts";
import { rabbitSettings } from "./rabbitmq-reader.ts";
import { type MailSink, startMailSink } from "./smtp.ts";
import { type TempDir, tempDir } from "./temp.ts";

export const TENANT = "acme";
export const SECRET = `whsec_${Buffer.alloc(32, 5).toString("base64")}`;
export const HR = { name: "hr", roles: ["hr"] };
export const SLOW = { timeoutMs: 30_000 };

/** What the tests use; good from the first test on. */
export interface NotificationRig {
  readonly cloud: CloudHub;
  readonly store: EventStore;
  readonly mailbox: MailSink;
  readonly hooks: HttpSink;
  readonly tell: Tell;
  readonly call: CallAs;
  /** Starts a process for each folder of data; the API is the first one's. */
  start(folders: readonly string[], changes?: object): Promise<void>;
  stop(): Promise<void>;
  /** One that can be killed. */
  startChild(): Promise<ChildProcess>;
  /** Somebody new; their id. */
  hire(more?: object): Promise<string>;
  mailsTo(employeeId: string): Mails;
  /** The delivery log. */
  log(query: string): Promise<MessageView[]>;
  /** Waits for somebody's mail to be at this. */
  isAt(employeeId: string, status: string): Promise<MessageView>;
  /** Template and status of each mail to somebody, the newest first. */
  statuses(employeeId: string): Promise<string[][]>;
}
type Mails = ReturnType<MailSink["mails"]>;

const isHere = available("nats-server", findNatsServer());

/** Declares these tests for both work queues. */
export function tellingPeople(tests: (rig: NotificationRig) => void): void {
  describe.skipIf(!isHere)("telling people", () => {
    tests(setUp("nats"));
  });
  describe.skipIf(!isHere || !available("RabbitMQ", findOwnRabbit()))(
    "telling people, with tasks at RabbitMQ",
    () => {
      tests(setUp("rabbitmq"));
    },
  );
}

/** Two processes of the context with their mail server, for the tests of the `describe` that this is called in. */
function setUp(queue: "nats" | "rabbitmq"): NotificationRig {
  let rabbit: RabbitServer | undefined;
  let rabbitmq: object | undefined;
  let cloud: CloudHub;
  let dir: TempDir;
  let mailbox: MailSink;
  let hooks: HttpSink;
  let store: EventStore;
  let tell: Tell;
  const contexts: NotificationContext[] = [];
  let call: CallAs;
  let config: object;

  const startProcess = async (folder: string, changes: object): Promise<NotificationContext> =>
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
  const start = async (folders: readonly string[], changes: object = {}): Promise<void> => {
    for (const folder of folders) contexts.push(await startProcess(folder, changes));
    const [first] = contexts;
    if (first === undefined) throw new Error("started");
    call = apiAs(createNotificationRoutes(first.routes));
  };
  const stop = async (): Promise<void> =>
    void (await Promise.all(contexts.splice(0).map((each) => each.close())));
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
    await start(["first", "second"]);
  }, 180_000);
  afterAll(async () => {
    await stop();
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
  const mailsTo = (employeeId: string): Mails =>
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

  const statuses = async (employeeId: string): Promise<string[][]> =>
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

  return {
    get cloud() {
      return cloud;
    },
    get store() {
      return store;
    },
    get mailbox() {
      return mailbox;
    },
    get hooks() {
      return hooks;
    },
    get tell() {
      return tell;
    },
    get call() {
      return call;
    },
    start,
    stop,
    startChild,
    hire,
    mailsTo,
    log,
    isAt,
    statuses,
  };
}
