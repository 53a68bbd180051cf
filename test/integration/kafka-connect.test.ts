import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { closeClient, openProducer } from "../../cloud/bridges/kafka/clients.ts";
import { type KafkaConfig, kafkaConfigSchema } from "../../cloud/bridges/kafka/config.ts";
import { connectionOf } from "../../cloud/bridges/kafka/connection.ts";
import { beginTransactions } from "../../cloud/bridges/kafka/transaction.ts";
import { eventually } from "../support/eventually.ts";
import { connectCommand, findConnectPlugins } from "../support/java-builds.ts";
import { findOwnKafka, type KafkaServer, startKafka } from "../support/kafka.ts";
import { type FedEvent, type KafkaFeeder, openFeeder } from "../support/kafka-feeder.ts";
import { readCommitted } from "../support/kafka-reader.ts";
import { available } from "../support/parts.ts";
import { lastingPort } from "../support/ports.ts";
import { findOwnRegistry, type SchemaRegistry, startRegistry } from "../support/schema-registry.ts";
import { type ServerProcess, startProgram } from "../support/server-process.ts";
import { type TempDir, tempDir } from "../support/temp.ts";

const SAMPLES = join(import.meta.dirname, "../../deploy/kafka-connect");
const CONNECTOR = "clockleaf-attendance-file";
const TOPIC = "attendance-events";
const AT = 1_764_000_000_000;

const areThere =
  available("Kafka", findOwnKafka()) &&
  available("Apicurio Registry", findOwnRegistry()) &&
  available("the Kafka Connect plugins", findConnectPlugins());

describe.skipIf(!areThere)(
  "attendance events in a file, by Kafka Connect",
  { timeout: 180_000 },
  () => {
    let temp: TempDir;
    let kafka: KafkaServer;
    let registry: SchemaRegistry;
    let config: KafkaConfig;
    let feeder: KafkaFeeder;
    let worker: ServerProcess;
    let restUrl: string;
    /** By their ids, in the order in which they were told. */
    const told: string[] = [];

    beforeAll(async () => {
      temp = tempDir("connect");
      [kafka, registry] = await Promise.all([startKafka(), startRegistry()]);
      config = kafkaConfigSchema.parse({
        brokers: kafka.brokers,
        registry: { url: registry.url },
        topics: { replicationFactor: 1 },
      });
      feeder = await openFeeder(config);
      told.push(...(await feeder.feed("attendance", checkIns(0, 20))));
      await abortOne();
      worker = await startWorker();
    }, 180_000);

    afterAll(async () => {
      await worker?.kill();
      await feeder?.[Symbol.asyncDispose]();
      await Promise.all([kafka?.[Symbol.asyncDispose](), registry?.[Symbol.asyncDispose]()]);
      temp?.remove();
    });

    /** A copy of the topic's first record in a transaction that is taken back. */
    async function abortOne(): Promise<void> {
      const [record] = await readCommitted(config, TOPIC);
      if (record === undefined) throw new Error("nothing was fed");
      const transactionalId = "aborted";
      const settings = { clientId: "test", transactionalId, compression: "none" } as const;
      const open = async () =>
        openProducer(await connectionOf(config), { ...settings, transactionTimeoutMs: 10_000 });
      const { topic, partition, value } = record;
      const key = Buffer.from("aborted");
      const left = await open();
      const transaction = await beginTransactions(left);
      await transaction.send([{ topic, partition, key, value, headers: new Map() }]);
      await closeClient(left);
      // Whoever has the id next ends what was left open.
      const next = await open();
      await beginTransactions(next);
      await closeClient(next);
    }

    /** The samples as they are shipped, with the addresses and places of this test after them. */
    function settingsFile(sample: string, changes: Readonly<Record<string, string>>): string {
      const lines = Object.entries(changes).map(([name, value]) => `${name}=${value}`);
      const file = join(temp.path, sample);
      writeFileSync(file, `${readFileSync(join(SAMPLES, sample), "utf8")}\n${lines.join("\n")}\n`);
      return file;
    }

    async function startWorker(): Promise<ServerProcess> {
      restUrl = `http://127.0.0.1:${await lastingPort()}`;
      const workerFile = settingsFile("worker.properties", {
        "bootstrap.servers": kafka.brokers.join(","),
        "plugin.path": findConnectPlugins() ?? "",
        listeners: restUrl,
        "offset.storage.file.filename": join(temp.path, "offsets"),
        "offset.flush.interval.ms": "1000",
      });
      const connector = settingsFile("attendance-file-sink.properties", {
        file: join(temp.path, "attendance.txt"),
        "value.converter.apicurio.registry.url": registry.url.replace(
          "/ccompat/v7",
          "/registry/v2",
        ),
      });
      return await startProgram({
        name: "connect",
        command: connectCommand(workerFile, connector),
        dir: temp.path,
        isUp: async () => (await states()).join() === "RUNNING,RUNNING",
        readyMs: 90_000,
      });
    }

    const statusSchema = z.object({
      connector: z.object({ state: z.string() }),
      tasks: z.array(z.object({ state: z.string() })),
    });

    /** Of the connector and its tasks. */
    async function states(): Promise<string[]> {
      const response = await fetch(`${restUrl}/connectors/${CONNECTOR}/status`);
      const { connector, tasks } = statusSchema.parse(await response.json());
      return [connector.state, ...tasks.map(({ state }) => state)];
    }

    const lines = (): string[] => {
      const file = join(temp.path, "attendance.txt");
      return existsSync(file) ? readFileSync(file, "utf8").trimEnd().split("\n") : [];
    };
    const idsInFile = (): string[] => lines().map((line) => field(line, "eventId") ?? line);

    it("has every committed event once, each with its fields, and no aborted one", async () => {
      await eventually(() => lines().length >= told.length, { timeoutMs: 60_000, everyMs: 100 });
      expect(idsInFile().toSorted()).toEqual(told.toSorted());
      const line = lines().find((each) => field(each, "eventId") === told[3]) ?? "";
      expect(line).toMatch(/^Struct\{eventMetadata=Struct\{.*\},checkInData=Struct\{.*\}\}$/);
      expect(field(line, "employeeId")).toBe("p3");
      expect(field(line, "eventType")).toBe("attendance.check-in.recorded");
      expect(field(line, "at")).toBe(String(AT + 3));
    });

    it("keeps each person's events in order, and goes on after a restart", async () => {
      await worker.stop();
      told.push(...(await feeder.feed("attendance", checkIns(20, 60))));
      await worker.start();
      await eventually(() => lines().length >= told.length, { timeoutMs: 60_000, everyMs: 100 });
      // An orderly end stores how far it was, so nothing is repeated.
      expect(idsInFile().toSorted()).toEqual(told.toSorted());
      const times = new Map<string, number[]>();
      for (const line of lines()) {
        const person = field(line, "employeeId") ?? "";
        times.set(person, [...(times.get(person) ?? []), Number(field(line, "at"))]);
      }
      expect(times.size).toBe(7);
      for (const each of times.values()) expect(each).toEqual(each.toSorted((a, b) => a - b));
    });

    it("stops at a record that it cannot read, instead of passing it over", async () => {
      const connection = await connectionOf(config);
      const settings = {
        clientId: "test",
        compression: "none",
        transactionTimeoutMs: 10_000,
      } as const;
      const producer = openProducer(connection, { ...settings, transactionalId: "stranger" });
      const transaction = await beginTransactions(producer);
      const value = Buffer.from("not Avro");
      const key = Buffer.from("p1");
      await transaction.send([{ topic: TOPIC, partition: 0, key, value, headers: new Map() }]);
      await transaction.commit();
      await closeClient(producer);
      await eventually(async () => (await states()).join() === "RUNNING,FAILED", { everyMs: 250 });
      expect(idsInFile().toSorted()).toEqual(told.toSorted());
    });
  },
);

/** In turn by seven people. */
function checkIns(from: number, to: number): FedEvent[] {
  return Array.from({ length: to - from }, (_, i) => {
    const n = from + i;
    return {
      type: "attendance.check-in.recorded",
      at: AT + n,
      data: {
        employeeId: `p${n % 7}`,
        punchId: `gw-epoch00001-${n + 1}`,
        at: AT + n,
        site: "hq",
        reader: "front-door",
        workdayOn: "2025-11-24",
        reason: "in",
        meaning: "in",
      },
    };
  });
}

const field = (line: string, name: string): string | undefined =>
  new RegExp(`[{,]${name}=([^,}]*)`).exec(line)?.[1];
