import { join } from "node:path";
import { parseRuleBook, rulesFor } from "@clockleaf/shared/worktime/rule-book.ts";
import { clockDecider } from "../../cloud/attendance/decider.ts";
import { attendanceProjection } from "../../cloud/attendance/projection.ts";
import { createAggregateRunner } from "../../cloud/eventing/aggregate-runner.ts";
import { isRefusal } from "../../cloud/eventing/decider.ts";
import type { EventStore, NewEvent } from "../../cloud/eventing/event-store.ts";
import { followStream } from "../../cloud/eventing/follow-stream.ts";
import { openJsEventStore } from "../../cloud/eventing/js-event-store.ts";
import { openReadModel } from "../../cloud/eventing/read-model.ts";
import { clockPunch } from "../support/clock-punch.ts";
import { type CloudHub, startCloudHub } from "../support/cloud-hub.ts";
import { eventually } from "../support/eventually.ts";
import { findPostgres } from "../support/postgres.ts";
import { type Places, type StoreName, startPlaces } from "../support/read-model-place.ts";
import { tempDir } from "../support/temp.ts";
import { measureIntake } from "./intake-rate.ts";
import { median } from "./median.ts";
import type { BenchOptions, BenchResult } from "./result.ts";

const TENANT = "acme";
const DOMAIN = "attendance";
const PERSON = "ada";
const EVENTS = 10_000;
const BATCH = 100;
const PUNCHES = 10_000;
const ROUNDS = 3;
const LEAST_GAIN = 2;
const LEAST_BATCH_GAIN = 2;
const CAUSE = {
  source: "bench",
  atMs: 0,
  correlationId: null,
  causationId: null,
  traceparent: undefined,
};
const book = parseRuleBook({});
const rules = rulesFor(book, { personId: PERSON, sites: ["hq"], groups: [] });

/**
 * What the event store and the read models cost, on a hub that syncs every message: appends one by one against batches,
 * the load of one long aggregate with a snapshot against without, a read model built again from the stream, and punches all
 * the way from a gateway's segment to the rows that the API reads.
 */
export async function run({ scale, progress }: BenchOptions): Promise<BenchResult> {
  await using cloud = await startCloudHub("cloud-all");
  const store = await openJsEventStore({ nc: cloud.nc });
  progress("appending");
  const appended = await fill(store, Math.max(600, Math.round(EVENTS * scale)));
  progress("loading");
  const loads = await measureLoads(store);
  const rebuilds: Record<string, number> = {};
  const stores: readonly StoreName[] =
    findPostgres() === undefined ? ["SQLite"] : ["SQLite", "PostgreSQL"];
  for (const name of stores) {
    progress(`rebuilding in ${name}`);
    await using places = await startPlaces(name);
    rebuilds[`rebuild${name}EventsPerSecond`] = await measureRebuild(cloud, places);
  }
  progress("punches through intake and working-time engine to the read model");
  const punchesPerSecond = await measureIntake(Math.max(1_000, Math.round(PUNCHES * scale)));
  const gain = loads.plainMs / loads.snapshotMs;
  const batchGain = appended.batchPerSecond / appended.singlePerSecond;
  return {
    name: "services",
    claims: [
      {
        claim: `a long aggregate loads at least ${LEAST_GAIN}x as fast with a snapshot`,
        measured: gain,
        bound: LEAST_GAIN,
        holds: gain >= LEAST_GAIN,
      },
      {
        claim: `events in batches are stored at least ${LEAST_BATCH_GAIN}x as fast as alone`,
        measured: batchGain,
        bound: LEAST_BATCH_GAIN,
        holds: batchGain >= LEAST_BATCH_GAIN,
      },
    ],
    figures: {
      events: appended.events,
      appendSinglePerSecond: appended.singlePerSecond,
      appendBatchPerSecond: appended.batchPerSecond,
      punchesPerSecond,
      punchesToSingleAppends: punchesPerSecond / appended.singlePerSecond,
      loadPlainMs: loads.plainMs,
      loadSnapshotMs: loads.snapshotMs,
      ...rebuilds,
    },
  };
}

interface Appended {
  readonly events: number;
  readonly singlePerSecond: number;
  readonly batchPerSecond: number;
}

/** Days of one person, four punches each, decided one by one and stored a hundred events at a time; then single events. */
async function fill(store: EventStore, wanted: number): Promise<Appended> {
  const days: NewEvent[] = [];
  for (let day = 0; days.length < wanted; day += 1) days.push(...eventsOfDay(day));
  const batches = Array.from({ length: Math.ceil(days.length / BATCH) }, (_, index) =>
    days.slice(index * BATCH, (index + 1) * BATCH),
  );
  const singles = days.slice(0, Math.round(wanted / 20)).map((event) => [event]);
  return {
    events: days.length,
    batchPerSecond: await appendAll(store, PERSON, batches),
    singlePerSecond: await appendAll(store, "one-by-one", singles),
  };
}

function eventsOfDay(day: number): readonly NewEvent[] {
  const on = new Date(Date.UTC(2000, 0, 1 + day)).toISOString().slice(0, 10);
  const punches = ["08:00", "12:00", "12:45", "17:00"].map((time) => clockPunch(`${on}T${time}`));
  const command = { type: "record-clock", employeeId: PERSON, rules, punches } as const;
  const decided = clockDecider.decide(clockDecider.initial, command);
  if (isRefusal(decided)) throw new Error(decided.code);
  return decided;
}

async function appendAll(
  store: EventStore,
  aggregateId: string,
  batches: ReadonlyArray<readonly NewEvent[]>,
): Promise<number> {
  const address = { domain: DOMAIN, tenant: TENANT, aggregateId } as const;
  let expectedSeq = 0;
  const ms = await timeOf(async () => {
    for (const events of batches) {
      const seqs = await store.append([{ address, expectedSeq, events }], CAUSE);
      [expectedSeq = 0] = seqs.values();
    }
  });
  return perSecond(batches.flat().length, ms);
}

const runnerOn = (store: EventStore) =>
  createAggregateRunner({ store, decider: clockDecider, domain: DOMAIN, tenant: TENANT });

/** Each in a process that does not know the aggregate yet; the two take turns. */
async function measureLoads(
  store: EventStore,
): Promise<{ readonly plainMs: number; readonly snapshotMs: number }> {
  const { snapshots: _snapshots, ...plain } = store;
  // Reading it whole once is what makes the snapshot.
  await runnerOn(store).state(PERSON);
  await eventually(() => (store.snapshots?.stats().savedTotal ?? 0) > 0);
  const times = { plain: [] as number[], snapshot: [] as number[] };
  for (let round = 0; round < ROUNDS; round += 1) {
    times.plain.push(await timeOf(() => runnerOn(plain).state(PERSON)));
    times.snapshot.push(await timeOf(() => runnerOn(store).state(PERSON)));
  }
  return { plainMs: median(times.plain), snapshotMs: median(times.snapshot) };
}

async function measureRebuild({ nc }: CloudHub, places: Places): Promise<number> {
  using dir = tempDir("bench");
  const words = places.fresh();
  const place = words.kind === "sqlite" ? join(dir.path, "rows") : places.open(words);
  const projection = attendanceProjection(TENANT);
  const model = await openReadModel(place, projection);
  let applied = 0;
  const ms = await timeOf(() =>
    followStream({
      nc,
      projection,
      vault: undefined,
      generation: model.live,
      onBegun: () => undefined,
      onBatch(batch) {
        applied += batch.applied;
        return batch.pending === 0;
      },
    }),
  );
  await model.close();
  return perSecond(applied, ms);
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

const perSecond = (count: number, ms: number): number => (count * 1000) / ms;
