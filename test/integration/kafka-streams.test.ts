import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual, promisify } from "node:util";
import { createRandom } from "@clockleaf/hardware-sim/random.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type KafkaConfig, kafkaConfigSchema } from "../../cloud/bridges/kafka/config.ts";
import { eventually } from "../support/eventually.ts";
import { findPayrollTotals, payrollTotalsCommand } from "../support/java-builds.ts";
import { findOwnKafka, type KafkaServer, startKafka } from "../support/kafka.ts";
import { type FedEvent, type KafkaFeeder, openFeeder } from "../support/kafka-feeder.ts";
import { readCommitted } from "../support/kafka-reader.ts";
import { onPath } from "../support/on-path.ts";
import { available } from "../support/parts.ts";
import { employee } from "../support/payroll-events.ts";
import { findOwnRegistry, type SchemaRegistry, startRegistry } from "../support/schema-registry.ts";
import { type ServerProcess, startProgram } from "../support/server-process.ts";
import { type TempDir, tempDir } from "../support/temp.ts";

const PROJECT = join(import.meta.dirname, "../../deploy/kafka-streams");
const TOTALS = "payroll-totals";
const KILLS = 3;
const HIRED_AT = Date.UTC(2026, 0, 1);
const PAID_AT = Date.UTC(2026, 10, 30);

describe.skipIf(!available("Maven", onPath("mvn")))(
  "the Kafka Streams topology's own tests",
  () => {
    // Against the golden schemas as they are now: a schema that the topology cannot read fails here.
    it("pass", { timeout: 400_000 }, async () => {
      const options = { cwd: PROJECT, timeout: 390_000 };
      const run = promisify(execFile)("mvn", ["-B", "-q", "verify"], options);
      await expect(run).resolves.toBeDefined();
    });
  },
);

interface Total {
  readonly month: string;
  readonly departmentId: string | null;
  readonly currency: string;
  readonly grossMinor: number;
  readonly netMinor: number;
  readonly people: number;
}

const areThere =
  available("Kafka", findOwnKafka()) &&
  available("Apicurio Registry", findOwnRegistry()) &&
  available("the Kafka Streams topology", findPayrollTotals());

describe.skipIf(!areThere)("payroll totals over a real broker", { timeout: 240_000 }, () => {
  let temp: TempDir;
  let kafka: KafkaServer;
  let registry: SchemaRegistry;
  let config: KafkaConfig;
  let feeder: KafkaFeeder;
  let topology: ServerProcess;

  beforeAll(async () => {
    temp = tempDir("streams");
    [kafka, registry] = await Promise.all([startKafka(), startRegistry()]);
    config = kafkaConfigSchema.parse({
      brokers: kafka.brokers,
      registry: { url: registry.url },
      topics: { replicationFactor: 1 },
    });
    feeder = await openFeeder(config);
    // Makes the source topics: the topology does not start without them.
    await feeder.feed("employee", [hired("mara", "ops"), hired("ben", "ops"), hired("cleo", "it")]);
    await feeder.feed("payroll", [salary("mara", { grossMinor: 400_000 })]);
    topology = await startTopology();
  }, 240_000);

  afterAll(async () => {
    await topology?.kill();
    await feeder?.[Symbol.asyncDispose]();
    await Promise.all([kafka?.[Symbol.asyncDispose](), registry?.[Symbol.asyncDispose]()]);
    temp?.remove();
  });

  async function startTopology(): Promise<ServerProcess> {
    const settings = join(temp.path, "payroll-totals.properties");
    const lines = [
      `bootstrap.servers=${kafka.brokers.join(",")}`,
      `clockleaf.registry.url=${registry.url}`,
      `state.dir=${join(temp.path, "state")}`,
      // The broker gives the partitions of a killed instance away once its session is over, and ends its transaction then.
      "consumer.session.timeout.ms=6000",
      "consumer.heartbeat.interval.ms=1500",
      "producer.transaction.timeout.ms=5000",
      // Every change goes its whole way at once, so that a kill finds most of it under way.
      "statestore.cache.max.bytes=0",
      "max.task.idle.ms=200",
    ];
    writeFileSync(settings, `${lines.join("\n")}\n`);
    return await startProgram({
      name: "payroll-totals",
      command: payrollTotalsCommand(settings),
      dir: temp.path,
      isUp: (log) => log.includes("now RUNNING"),
      readyMs: 90_000,
    });
  }

  /** The newest total of each key, as a reader of committed records sees them. */
  async function totals(): Promise<Total[]> {
    const newest = new Map<string, string>();
    for (const { key, value } of await readCommitted(config, TOTALS)) {
      if (value.length === 0) newest.delete(key);
      else newest.set(key, value.toString());
    }
    return [...newest.keys()].toSorted().map((key) => JSON.parse(newest.get(key) ?? "") as Total);
  }

  const decemberTotals = async (): Promise<Total[]> =>
    (await totals()).filter(({ month }) => month === "2026-12");

  it("adds up what the bridge writes, and replaces what was calculated again", async () => {
    await feeder.feed("payroll", [
      salary("ben", { grossMinor: 300_000 }),
      salary("cleo", { grossMinor: 500_000, currency: "USD" }),
      { type: "payroll.payslip.generated", at: PAID_AT, data: payslip("ben") },
      salary("mara", { grossMinor: 410_000, revision: 2 }),
    ]);
    await soon(async () =>
      expect(await totals()).toEqual([
        november("it", { grossMinor: 500_000, netMinor: 250_000, people: 1 }, "USD"),
        november("ops", { grossMinor: 710_000, netMinor: 355_000, people: 2 }),
      ]),
    );
  });

  it("has somebody who moved where they were when they were paid", async () => {
    await feeder.feed("employee", [moved("mara", ["ops", "it"], PAID_AT + 1000)]);
    await feeder.feed("payroll", [
      salary("ben", { grossMinor: 300_001, revision: 2 }),
      { ...salary("mara", { grossMinor: 420_000, revision: 3 }), at: PAID_AT + 2000 },
    ]);
    await soon(async () =>
      expect(await totals()).toEqual([
        november("it", { grossMinor: 420_000, netMinor: 210_000, people: 1 }),
        november("it", { grossMinor: 500_000, netMinor: 250_000, people: 1 }, "USD"),
        november("ops", { grossMinor: 300_001, netMinor: 150_000, people: 1 }),
      ]),
    );
  });

  it("counts everything exactly once while it is killed again and again", async () => {
    const random = createRandom(5).fork("streams");
    const people = Array.from({ length: 200 }, (_, i) => `p${i}`);
    await feeder.feed(
      "employee",
      people.map((person) => hired(person, departmentOf(person))),
    );
    const newest = new Map<string, number>();
    let revision = 0;
    for (let round = 1; round <= KILLS; round += 1) {
      // Down while it is fed, so that there is much to do when it is up, and the next kill comes amid it.
      await topology.kill();
      for (let calculation = 1; calculation <= 10; calculation += 1) {
        revision += 1;
        const salaries = people.map((person) => {
          newest.set(person, random.int(0, 1_000_000));
          return december(person, newest.get(person) ?? 0, revision);
        });
        await feeder.feed("payroll", salaries);
      }
      const before = await decemberTotals();
      await topology.start();
      await eventually(async () => !isDeepStrictEqual(await decemberTotals(), before), {
        what: "it to begin with the new calculations",
        timeoutMs: 60_000,
      });
    }
    await topology.kill();
    await topology.start();

    const expected = ["d0", "d1", "d2"].map((departmentId): Total => {
      const amounts = people
        .filter((person) => departmentOf(person) === departmentId)
        .map((person) => newest.get(person) ?? 0);
      const grossMinor = amounts.reduce((sum, amount) => sum + amount, 0);
      const netMinor = amounts.reduce((sum, amount) => sum + Math.trunc(amount / 2), 0);
      return {
        month: "2026-12",
        departmentId,
        currency: "EUR",
        grossMinor,
        netMinor,
        people: amounts.length,
      };
    });
    await soon(async () => expect(await decemberTotals()).toEqual(expected));
  });

  it("stops when it is told to", async () => {
    await topology.stop();
    expect(topology.log().split("\n").slice(-4).join("\n")).toContain("Main - stopped");
  });
});

/** Checks again and again until it holds; nobody tells that the topology has caught up. */
async function soon(check: () => Promise<void>): Promise<void> {
  const holds = async (): Promise<boolean> => {
    await check();
    return true;
  };
  await eventually(holds, { what: "the totals to be the sums", timeoutMs: 90_000, everyMs: 250 });
}

interface Sums {
  readonly grossMinor: number;
  readonly netMinor: number;
  readonly people: number;
}

const november = (departmentId: string, sums: Sums, currency = "EUR"): Total => ({
  month: "2026-11",
  departmentId,
  currency,
  ...sums,
});

const departmentOf = (person: string): string => `d${Number(person.slice(1)) % 3}`;

const hired = (employeeId: string, departmentId: string): FedEvent => {
  const { type, data } = employee.created({ employeeId });
  return { type, data: { ...(data as object), employeeId, departmentId }, at: HIRED_AT };
};

const moved = (employeeId: string, between: readonly [string, string], at: number): FedEvent => ({
  type: "employee.department.changed",
  at,
  data: { employeeId, fromDepartmentId: between[0], toDepartmentId: between[1], at },
});

interface Pay {
  readonly grossMinor: number;
  readonly currency?: string;
  readonly revision?: number;
}

const salary = (
  employeeId: string,
  { grossMinor, currency = "EUR", revision = 1 }: Pay,
): FedEvent => ({
  type: "payroll.salary.calculated",
  at: PAID_AT,
  data: {
    employeeId,
    runId: "monthly-2026-11-run-1",
    periodId: "monthly-2026-11",
    currency,
    grossMinor,
    netMinor: Math.trunc(grossMinor / 2),
    employerCostMinor: 0,
    lines: [],
    revision,
  },
});

function december(employeeId: string, grossMinor: number, revision: number): FedEvent {
  const event = salary(employeeId, { grossMinor, revision });
  const periodId = "monthly-2026-12";
  return { ...event, data: { ...event.data, periodId, runId: `${periodId}-run-1` } };
}

const payslip = (employeeId: string): FedEvent["data"] => ({
  employeeId,
  runId: "monthly-2026-11-run-1",
  periodId: "monthly-2026-11",
  documentId: "payslip-1",
  sha256: "0".repeat(64),
  bytes: 1,
  netMinor: 1,
  currency: "EUR",
});
