import { execFile } from "node:child_process";
import { join } from "node:path";
import { parseArgs, promisify } from "node:util";
import { CATALOGUE } from "@clockleaf/shared/events/catalogue.ts";
import type { EventDefinition } from "@clockleaf/shared/events/envelope.ts";
import { eventSubject, STREAMS } from "@clockleaf/shared/subjects.ts";
import fc from "fast-check";
import { readStatuses } from "../../cloud/bridges/status-board.ts";
import { publishBatch } from "../../cloud/eventing/atomic-batch.ts";
import { bodyOfEvent, headersOfEvent } from "../../cloud/eventing/event-message.ts";
import { createProgress } from "../demo/progress.ts";
import { bridgeProcess } from "../support/bridge-process.ts";
import { type CloudHub, startCloudHub } from "../support/cloud-hub.ts";
import { eventsOf } from "../support/event-arbitrary.ts";
import { eventually } from "../support/eventually.ts";
import { startKafka } from "../support/kafka.ts";
import { ensurePython } from "../support/python-venv.ts";
import { startRegistry } from "../support/schema-registry.ts";

const HELP = `make verify-bridges ARGS="[--seed N] [--each N] [--json]"

Stores events of every type in the catalogue, has the bridge carry them to a real Kafka with a real schema registry, and
lets a program in Python that shares no code with ours (librdkafka, fastavro) decode every topic with the registry's
schemas. What it counts must be what was stored.

  --seed N   other events; default 1
  --each N   of each type; default 40
  --json     one JSON object on stdout: {ok, events, types, topics: {topic: {records, types}}, differences: [...]}

Exit status: 0 only if every count is the same. Needs python3 with venv besides what the tests need.
`;

const TENANT = "acme";
const PEOPLE = 23;
const MOST_AT_ONCE = 200;
const PACKAGES = ["confluent-kafka==2.16.1", "fastavro==1.13.1"];
const TOPICS: Readonly<Record<string, string>> = {
  employee: "employee-events",
  leave: "employee-events",
  attendance: "attendance-events",
  payroll: "payroll-events",
};
const topicOf = ({ domain }: EventDefinition): string => TOPICS[domain] ?? "audit-events";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    each: { type: "string", default: "40" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
process.exitCode = values.help ? help() : await verify(Number(values.seed), Number(values.each));

function help(): number {
  process.stdout.write(HELP);
  return 0;
}

type Counts = Readonly<Record<string, Readonly<Record<string, number>>>>;

async function verify(seed: number, each: number): Promise<number> {
  if (!Number.isSafeInteger(seed) || !Number.isSafeInteger(each) || each < 1) {
    process.stderr.write(HELP);
    return 2;
  }
  const progress = createProgress(process.stderr, false);
  const python = await ensurePython("verify-bridges", PACKAGES);
  if (typeof python !== "string") throw new Error(python.missing);
  progress.say("starting hub, Kafka and registry");
  await using cloud = await startCloudHub("cloud-all");
  await using kafka = await startKafka();
  await using registry = await startRegistry();
  const stored = await storeEvents(cloud, seed, each);
  progress.say("carrying");
  const bridge = bridgeProcess(cloud.site.dir, "verify", {
    servers: [cloud.site.hub.url],
    seedFile: cloud.site.deployment.seedFile("cloud-all"),
    tenant: TENANT,
    streams: Object.values(STREAMS),
    bridges: {
      kafka: {
        brokers: [...kafka.brokers],
        registry: { url: registry.url },
        topics: { replicationFactor: 1 },
      },
    },
  });
  await bridge.start();
  try {
    const feeds = new Set(CATALOGUE.map(({ domain }) => domain)).size;
    await eventually(
      async () => {
        const statuses = await readStatuses(cloud.nc, TENANT);
        return (
          statuses.length === feeds &&
          statuses.every(({ state, lag }) => state === "running" && lag === 0)
        );
      },
      { what: "every feed to be at the end of its stream", timeoutMs: 180_000, everyMs: 500 },
    );
  } finally {
    await bridge.kill();
  }
  progress.say("Python reads");
  const topics = [...new Set(CATALOGUE.map(topicOf))];
  const script = join(import.meta.dirname, "read_topics.py");
  const [bootstrap = ""] = kafka.brokers;
  const { stdout } = await promisify(execFile)(python, [
    script,
    bootstrap,
    registry.url,
    ...topics,
  ]);
  return report(stored, JSON.parse(stdout) as Counts);
}

/** Resolves with what was stored, by topic and name. */
async function storeEvents({ nc }: CloudHub, seed: number, each: number): Promise<Counts> {
  const counts: Record<string, Record<string, number>> = {};
  for (const [index, definition] of CATALOGUE.entries()) {
    const events = fc.sample(eventsOf(definition), { seed: seed * 1_000 + index, numRuns: each });
    const messages = await Promise.all(
      events.map(async ({ metadata, data }, n) => {
        const aggregateId = `a-${(index + n) % PEOPLE}`;
        const subject = eventSubject({ domain: definition.domain, tenant: TENANT, aggregateId });
        const body = await bodyOfEvent({ metadata, data }, subject, undefined);
        return {
          subject,
          data: body,
          headers: headersOfEvent(metadata, { traceparent: undefined }),
        };
      }),
    );
    const stream = STREAMS[definition.domain];
    for (let from = 0; from < messages.length; from += MOST_AT_ONCE) {
      await publishBatch(nc, messages.slice(from, from + MOST_AT_ONCE), {
        stream,
        timeoutMs: 20_000,
      });
    }
    const topic = (counts[topicOf(definition)] ??= {});
    topic[definition.name] = (topic[definition.name] ?? 0) + messages.length;
  }
  return counts;
}

function sum(counts: Readonly<Record<string, number>> = {}): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

function report(stored: Counts, read: Counts): number {
  const topics = [...new Set([...Object.keys(stored), ...Object.keys(read)])];
  const differences = topics.flatMap((topic) => {
    const [there, here] = [stored[topic] ?? {}, read[topic] ?? {}];
    const names = [...new Set([...Object.keys(there), ...Object.keys(here)])];
    return names
      .filter((name) => there[name] !== here[name])
      .map((name) => `${topic} ${name}: ${there[name] ?? 0} stored, ${here[name] ?? 0} read`);
  });
  const result = {
    ok: differences.length === 0,
    events: topics.reduce((total, topic) => total + sum(stored[topic]), 0),
    types: CATALOGUE.length,
    topics: Object.fromEntries(
      topics.map((topic) => [
        topic,
        { records: sum(read[topic]), types: Object.keys(read[topic] ?? {}).length },
      ]),
    ),
    differences,
  };
  if (values.json) process.stdout.write(`${JSON.stringify(result)}\n`);
  else {
    for (const [topic, { records, types }] of Object.entries(result.topics)) {
      process.stdout.write(`${topic}\t${records} records of ${types} types decoded\n`);
    }
    for (const difference of differences) process.stdout.write(`${difference}\n`);
  }
  return result.ok ? 0 : 1;
}
