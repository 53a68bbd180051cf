import { setTimeout as sleep } from "node:timers/promises";
import { createRandom } from "@clockleaf/hardware-sim/random.ts";
import { kafkaConfigSchema } from "../../cloud/bridges/kafka/config.ts";
import type { Loaded } from "../support/bridge-load.ts";
import type { CloudHub } from "../support/cloud-hub.ts";
import { eventually } from "../support/eventually.ts";
import { startKafka } from "../support/kafka.ts";
import { BROKERS_CLOCK, type KafkaWatcher, watchKafka } from "../support/kafka-appends.ts";
import { readCommitted } from "../support/kafka-reader.ts";
import { startRegistry } from "../support/schema-registry.ts";
import { admitForeigner } from "../support/telegraf.ts";
import {
  bridgeCarrier,
  type Carrier,
  type TelegrafCarrier,
  telegrafCarrier,
} from "./kafka-carriers.ts";
import { median } from "./median.ts";
import type { BenchOptions, BenchResult } from "./result.ts";

export interface PeerOptions extends Pick<BenchOptions, "progress"> {
  readonly cloud: CloudHub;
  readonly tenant: string;
  /** All that ATTENDANCE holds. */
  readonly loaded: readonly Loaded[];
  /** Of telegraf. */
  readonly binary: string;
}

const ROUNDS = 3;
const PARTITIONS = 6;
const KILLS = 5;
/** About what a batch takes, so that a kill hits anywhere in one. */
const WITHIN_MS = 40;
/** What telegraf had under way at a kill comes again after half a minute. */
const DONE = { timeoutMs: 240_000, everyMs: 100 };

/**
 * The bridge to Kafka beside telegraf, the one other program to be had that carries JetStream to Kafka: the same stream to the
 * same broker, each in a process of its own, in turns; then what is lost and doubled by `kill -9` under way. What comes
 * out is not the same: the bridge's records are checked, turned into Avro and stored in transactions, telegraf's are the
 * stored bytes.
 */
export async function besidePeer(options: PeerOptions): Promise<Omit<BenchResult, "name">> {
  const { cloud, tenant, binary, progress } = options;
  await using kafka = await startKafka({ config: [BROKERS_CLOCK] });
  await using registry = await startRegistry();
  const { brokers } = kafka;
  const settings = { brokers: [...brokers], registry: { url: registry.url } };
  await using watcher = await watchKafka(kafkaConfigSchema.parse(settings));
  const seedFile = await admitForeigner(cloud.site);
  const part: Part = { ...options, watcher, config: kafkaConfigSchema.parse(settings) };
  const ours = (name: string): Carrier => bridgeCarrier({ cloud, watcher, tenant, name, settings });
  const theirs = async (name: string): Promise<TelegrafCarrier> => {
    const carrier = telegrafCarrier({ cloud, watcher, tenant, name, binary, brokers, seedFile });
    await watcher.makeTopic(carrier.topic, PARTITIONS);
    return carrier;
  };

  const rates = { bridge: [] as number[], telegraf: [] as number[] };
  for (let round = 1; round <= ROUNDS; round += 1) {
    progress(`round ${round} of ${ROUNDS}: telegraf, then the bridge`);
    rates.telegraf.push(await rateOf(part, await theirs(`telegraf-${round}`)));
    rates.bridge.push(await rateOf(part, ours(`bridge-${round}`)));
  }
  progress("kill -9 of the bridge under way");
  const bridge = await killed(part, ours("bridge-killed"));
  progress("kill -9 of telegraf under way");
  const telegraf = await killed(part, await theirs("telegraf-killed"));
  progress("telegraf stopped and started again");
  const again = await restarted(part, await theirs("telegraf-restarted"));

  const [bridgeRate, telegrafRate] = [median(rates.bridge), median(rates.telegraf)];
  return {
    claims: [
      none("lost by the bridge to Kafka", bridge.lost),
      none("doubled by the bridge to Kafka", bridge.doubled),
    ],
    figures: {
      kafkaBesideTelegrafPerSecond: Math.round(bridgeRate),
      telegrafPerSecond: Math.round(telegrafRate),
      kafkaToTelegraf: bridgeRate / telegrafRate,
      killsEach: KILLS,
      kafkaLostAfterKill: bridge.lost,
      kafkaDoubledAfterKill: bridge.doubled,
      telegrafLostAfterKill: telegraf.lost,
      telegrafDoubledAfterKill: telegraf.doubled,
      telegrafLostAfterRestart: again.lost,
      telegrafDoubledAfterRestart: again.doubled,
    },
  };
}

interface Part extends PeerOptions {
  readonly watcher: KafkaWatcher;
  readonly config: Parameters<typeof readCommitted>[0];
}

async function rateOf({ watcher }: Part, carrier: Carrier): Promise<number> {
  try {
    await filled(carrier);
  } finally {
    await carrier.kill();
  }
  return await watcher.rateOf(carrier.topic);
}

interface Damage {
  readonly lost: number;
  readonly doubled: number;
}

async function killed(part: Part, carrier: Carrier): Promise<Damage> {
  const { watcher, loaded } = part;
  const { topic } = carrier;
  const random = createRandom(11).fork("kills");
  try {
    for (let kill = 1; kill <= KILLS; kill += 1) {
      await carrier.start();
      const enough = (loaded.length * kill) / (KILLS + 1);
      await eventually(async () => (await watcher.sizeOf(topic)) >= enough, {
        ...DONE,
        everyMs: 2,
        what: `${topic} to hold ${enough} records`,
      });
      await sleep(random.next() * WITHIN_MS);
      await carrier.kill();
    }
    await filled(carrier);
  } finally {
    await carrier.kill();
  }
  return await damageIn(part, carrier);
}

/** Stopped in order and started again, as at every upgrade. */
async function restarted(part: Part, carrier: TelegrafCarrier): Promise<Damage> {
  try {
    await filled(carrier);
    await carrier.stop();
    await filled(carrier);
  } finally {
    await carrier.kill();
  }
  return await damageIn(part, carrier);
}

async function filled(carrier: Carrier): Promise<void> {
  await carrier.start();
  await eventually(() => carrier.isDone(), { ...DONE, what: `${carrier.topic} to be filled` });
}

/** What an independent reader of committed records finds; `doubled`: records beyond the first of their event. */
async function damageIn({ loaded, config }: Part, carrier: Carrier): Promise<Damage> {
  const records = await readCommitted(config, carrier.topic);
  const seen = records.map(({ value }) => carrier.eventIdOf(value));
  const known = new Set(seen);
  const lost = loaded.filter(({ eventId }) => !known.has(eventId)).length;
  return { lost, doubled: seen.length - known.size };
}

const none = (what: string, measured: number): BenchResult["claims"][number] => ({
  claim: `events ${what} under ${KILLS} kill -9`,
  measured,
  bound: 0,
  holds: measured === 0,
});
