import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { salaryReplySubject, salaryRequestSubject } from "@clockleaf/shared/subjects.ts";
import { salarySchema } from "@clockleaf/shared/wire/salary.ts";
import type { NatsConnection } from "nats";
import type { Connection } from "rabbitmq-client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { QUEUES } from "../../cloud/rabbitmq/topology.ts";
import { type KvVault, openKvVault } from "../../cloud/vault/kv-vault.ts";
import { eventually } from "../support/eventually.ts";
import { findNatsServer } from "../support/nats.ts";
import { available } from "../support/parts.ts";
import { openPayrollWorld, type PayrollWorld } from "../support/payroll-world.ts";
import { findOwnRabbit, type RabbitServer, startRabbit } from "../support/rabbitmq.ts";
import { rabbitClient } from "../support/rabbitmq-client.ts";
import { rabbitSettings } from "../support/rabbitmq-reader.ts";
import { type TempDir, tempDir } from "../support/temp.ts";

const TENANT = "acme";
const PERIOD = "2026-11";
const isHere = available("nats-server", findNatsServer()) && available("RabbitMQ", findOwnRabbit());

describe.skipIf(!isHere)("asking payroll what somebody earns", { timeout: 120_000 }, () => {
  let world: PayrollWorld;
  let vault: KvVault | undefined;
  let rabbit: RabbitServer;
  let client: Connection;
  let asking: NatsConnection;
  let temp: TempDir;
  let people: string[];
  /** By the pay run, which comes to it by another way: `gross net`. */
  const expected = new Map<string, string>();
  const children: ChildProcess[] = [];

  beforeAll(async () => {
    temp = tempDir("salary-rpc");
    const masterKeyFile = join(temp.path, "master.key");
    const log = silentLog();
    world = await openPayrollWorld(async ({ nc }) => {
      vault = await openKvVault({ nc, masterKeyFile, nowMs: Date.now, log });
      return vault;
    });
    rabbit = await startRabbit();
    client = rabbitClient([rabbit.port]);
    asking = await world.cloud.site.connectCloud("cloud-api");
    const clerk = await world.startWorker();
    people = [];
    for (let n = 0; n < 4; n += 1) {
      const salary = { salaryMinor: 320_000 + n * 10_000, currency: "EUR" };
      const employeeId = await world.hire(salary);
      await world.work(employeeId, "2026-11-03", { revision: 1, overtimeSeconds: n * 3_600 });
      people.push(employeeId);
    }
    const runId = await world.openRun({ payGroup: "monthly", period: PERIOD });
    const { items } = (await world.call("GET", `/payroll/runs/${runId}/results`)).body;
    for (const { employeeId, gross, net } of items) expected.set(employeeId, `${gross} ${net}`);
    await clerk.close();
    for (const name of ["one", "two", "three"])
      children.push(await startChild(name, masterKeyFile));
  }, 240_000);
  afterAll(async () => {
    await Promise.all(children.map(kill));
    client?.unsafeDestroy();
    await rabbit?.[Symbol.asyncDispose]();
    await vault?.close();
    await world?.[Symbol.asyncDispose]();
    temp?.remove();
  });

  const startChild = async (name: string, masterKeyFile: string): Promise<ChildProcess> => {
    const { site } = world.cloud;
    const script = join(import.meta.dirname, "../support/payroll-child.ts");
    const { rabbitmq } = rabbitSettings(temp.path, [rabbit.port]);
    const args = [
      ["--server", site.hub.url],
      ["--seed", site.deployment.seedFile("cloud-consumers")],
      ["--dir", join(temp.path, name)],
      ["--master", masterKeyFile],
      ["--rabbitmq", JSON.stringify(rabbitmq)],
    ].flat();
    const stdio = ["ignore", "pipe", "inherit"] as const;
    const child = spawn(process.execPath, [script, ...args], { stdio: [...stdio] });
    await once(child.stdout ?? child, "data");
    return child;
  };
  const personAt = (index: number): string => people[index % people.length] ?? "";
  const expectRight = (index: number, body: unknown): void => {
    const { employeeId, period, grossMinor, netMinor, currency } = salarySchema.parse(body);
    expect(employeeId).toBe(personAt(index));
    expect(period.periodId).toBe(`monthly-${PERIOD}`);
    expect(currency).toBe("EUR");
    const amounts = [grossMinor, netMinor].map((minor) => (minor / 100).toFixed(2));
    expect(amounts.join(" ")).toBe(expected.get(employeeId));
  };

  test("500 calls at once are answered, each with its own answer, though a worker is killed among them", async () => {
    expect(new Set(expected.values()).size).toBe(people.length);
    const rpc = client.createRPCClient({ confirm: true, timeout: 100_000 });
    let answers = 0;
    const calls = Array.from({ length: 500 }, async (_, index) => {
      const request = { employeeId: personAt(index), period: PERIOD };
      const answer = await rpc.send({ routingKey: QUEUES.salaryRequest }, request);
      answers += 1;
      return answer;
    });
    await eventually(() => answers >= 20, { everyMs: 1, timeoutMs: 60_000 });
    const before = answers;
    const [victim] = children.splice(0, 1);
    if (victim !== undefined) await kill(victim);
    const found = await Promise.all(calls);
    expect(before).toBeLessThan(500);
    for (const [index, { type, body }] of found.entries()) {
      expect(type).toBe("salary");
      expectRight(index, body);
    }
    await rpc.close();
  });

  test("the named reply queue serves as well, told apart by correlation_id", async () => {
    const channel = await client.acquire();
    await channel.confirmSelect();
    const bodies = [
      { employeeId: personAt(0), period: `monthly-${PERIOD}`, payGroup: "monthly" },
      "?",
    ];
    for (const [index, body] of bodies.entries()) {
      const replyTo = QUEUES.salaryReply;
      const correlationId = `call-${index}`;
      await channel.basicPublish(
        { routingKey: QUEUES.salaryRequest, replyTo, correlationId },
        body,
      );
    }
    const replies = new Map<string | undefined, { type: string | undefined; body: unknown }>();
    await eventually(async () => {
      const reply = await channel.basicGet({ queue: QUEUES.salaryReply, noAck: true });
      if (reply !== undefined)
        replies.set(reply.correlationId, { type: reply.type, body: reply.body });
      return replies.size === 2;
    });
    expectRight(0, replies.get("call-0")?.body);
    expect(replies.get("call-1")?.type).toBe("problem");
    await channel.close();
  });

  test.each([
    ["somebody unknown", { employeeId: "nobody", period: PERIOD }, 404, "command.not-found"],
    [
      "a group that is not there",
      { employeeId: "ME", period: PERIOD, payGroup: "x" },
      404,
      "command.not-found",
    ],
    ["a month that is none", { employeeId: "ME", period: "2026-13" }, 404, "command.not-found"],
    [
      "a time before the account",
      { employeeId: "ME", period: "1999-01" },
      404,
      "command.not-found",
    ],
    ["no request at all", { hello: "world" }, 422, "api.invalid"],
  ] as const)("%s is answered with a problem", async (...[, request, status, code]) => {
    const rpc = client.createRPCClient({ confirm: true, timeout: 60_000 });
    const mine = "employeeId" in request && request.employeeId === "ME";
    const body = mine ? { ...request, employeeId: personAt(0) } : request;
    const {
      type,
      contentType,
      body: answer,
    } = await rpc.send({ routingKey: QUEUES.salaryRequest }, body);
    expect([type, contentType]).toEqual(["problem", "application/problem+json"]);
    const problem: unknown = JSON.parse(String(answer));
    expect(problem).toMatchObject({ status, code, type: `/problems/${code}` });
    await rpc.close();
  });

  test("the same as a NATS request", async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        ask(asking, { employeeId: personAt(index), period: PERIOD }),
      ),
    );
    for (const [index, answer] of answers.entries()) expectRight(index, answer);
    expect(await ask(asking, { employeeId: "nobody", period: PERIOD })).toMatchObject({
      status: 404,
    });
  });
});

async function ask(nc: NatsConnection, request: object): Promise<unknown> {
  const reply = await nc.request(salaryRequestSubject(TENANT), JSON.stringify(request), {
    timeout: 60_000,
    noMux: true,
    reply: salaryReplySubject(randomUUID()),
  });
  return reply.json();
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}
