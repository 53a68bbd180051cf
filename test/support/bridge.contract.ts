import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { createRandom } from "@clockleaf/hardware-sim/random.ts";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { eventSubject, STREAMS } from "@clockleaf/shared/subjects.ts";
import { DiscardPolicy, jetstream, jetstreamManager } from "@nats-io/jetstream";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Destination, DestinationName } from "../../cloud/bridges/bridge.ts";
import { bridgesConfigSchema } from "../../cloud/bridges/config.ts";
import { openDestinations } from "../../cloud/bridges/destinations.ts";
import { createFeedRunner, type FeedRunner } from "../../cloud/bridges/feed-runner.ts";
import { bridgeConsumer } from "../../cloud/bridges/names.ts";
import { readDeadLetters } from "../../cloud/eventing/dead-letter.ts";
import { type Loaded, storeLoad } from "./bridge-load.ts";
import { type BridgeProcess, bridgeProcess } from "./bridge-process.ts";
import { type CloudHub, startCloudHub } from "./cloud-hub.ts";
import { eventually } from "./eventually.ts";
import { findNatsServer } from "./nats.ts";
import { available } from "./parts.ts";

/** What somebody who reads the destination as its README says gets to see of one event. */
export interface Seen {
  readonly eventId: string;
  /** What order is kept within: partition key, or whatever the destination offers. */
  readonly key: string;
}

/** A real destination, as the contract suite needs it. */
export interface DestinationUnderTest {
  readonly name: DestinationName;
  /** Its part of the configuration `bridges`, such as `{redis: {…}}`. */
  readonly settings: object;
  /** Feed that ATTENDANCE's check-ins go out by. */
  readonly feedId: string;
  /**
   * `bounded-repeats`: a kill may double what was under way, at most one batch of it; `read` is then what comes before the
   * consumer's recipe, in the order in which it came.
   */
  readonly guarantee: "exactly-once" | "bounded-repeats";
  /** What a consumer does to see nothing twice; undefined where it need do nothing. */
  readonly recipe?: (seen: readonly Seen[]) => readonly Seen[];
  /** Everything there is of the feed, in the order of each key. */
  read(): Promise<readonly Seen[]>;
  /** `kill -9`, and again with the same files and address. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Stops it in its tracks; connections stay open. */
  freeze(): void;
  thaw(): void;
  /** Everything in it is gone, the bridge's own notes too. */
  wipe(): Promise<void>;
  stop(): Promise<void>;
}

/** A real server of a test's own, and how somebody reads it who reads as the bridge's README says. */
export interface DestinationKind {
  /** For people. */
  readonly title: string;
  /** What it runs on; undefined if that is not installed. */
  readonly found: () => string | undefined;
  readonly open: () => Promise<DestinationUnderTest>;
}

const TENANT = "acme";
const PEOPLE = 17;
const BATCH = { records: 40, bytes: 262_144, lingerMs: 2 };
const SOON = { timeoutMs: 90_000, everyMs: 250 };

/**
 * What every bridge promises, against the real server: everything arrives, once (or within the stated bound), in the order
 * of its key, whatever is killed. The tests build on each other: each adds events, and all of them must be there after it.
 */
export function bridgeContract({ title: what, found, open }: DestinationKind): void {
  const isHere = available("nats-server", findNatsServer()) && available(what, found());
  describe.skipIf(!isHere)(`the bridge to ${what}`, { timeout: 180_000 }, () => {
    let cloud: CloudHub;
    let there: DestinationUnderTest;
    let child: BridgeProcess;
    let rival: BridgeProcess;
    const loaded: Loaded[] = [];
    const random = createRandom(11).fork("kills");
    /** Batches that a kill may have doubled. */
    let kills = 0;
    const runners: FeedRunner[] = [];

    beforeAll(async () => {
      cloud = await startCloudHub("cloud-all");
      there = await open();
      const settings = {
        servers: [cloud.site.hub.url],
        seedFile: cloud.site.deployment.seedFile("cloud-all"),
        tenant: TENANT,
        streams: [STREAMS.attendance],
        bridges: { batch: BATCH, ...there.settings },
      };
      child = bridgeProcess(cloud.site.dir, "one", settings);
      rival = bridgeProcess(cloud.site.dir, "two", settings);
    }, 180_000);
    afterEach(async () => {
      await Promise.all(runners.splice(0).map((runner) => runner.close()));
      await Promise.all([child.kill(), rival.kill()]);
    });
    afterAll(async () => {
      await there.stop();
      await cloud[Symbol.asyncDispose]();
    });

    const load = async (count: number, padding?: number): Promise<void> => {
      const how = padding === undefined ? {} : { padding };
      const asked = {
        nc: cloud.nc,
        tenant: TENANT,
        stream: STREAMS.attendance,
        count,
        people: PEOPLE,
      };
      loaded.push(...(await storeLoad({ ...asked, ...how })));
    };
    const arrived = async (): Promise<readonly Seen[]> =>
      await eventually(
        async () => {
          const seen = await there.read();
          const missing = lostOf(loaded, seen).length;
          if (missing > 0) throw new Error(`${missing} of ${loaded.length} are not there yet`);
          return seen;
        },
        { what: `everything to be in ${what}`, ...SOON },
      );
    /** Once everything is there: whatever there is that should not be. */
    const faults = async (): Promise<string[]> => {
      const seen = await arrived();
      const most = there.guarantee === "exactly-once" ? 0 : kills * BATCH.records;
      const behind = there.recipe?.(seen) ?? seen;
      const [repeats, remaining] = [repeatsIn(seen), repeatsIn(behind)];
      return [
        ...misorderedOf(loaded, seen),
        ...lostOf(loaded, behind).map((eventId) => `${eventId} is lost behind the recipe`),
        ...(repeats > most ? [`${repeats} repeats, ${most} are allowed`] : []),
        ...(there.recipe !== undefined && remaining > 0 ? [`${remaining} repeats behind it`] : []),
      ];
    };
    const here = async (
      change: (destination: Destination) => Partial<Destination> = () => ({}),
    ): Promise<FeedRunner> => {
      const log = silentLog();
      const config = bridgesConfigSchema.parse({ batch: BATCH, ...there.settings });
      const [destination] = await openDestinations({ nc: cloud.nc, tenant: TENANT, config, log });
      const feed = destination?.feeds.find(({ id }) => id === there.feedId);
      if (destination === undefined || feed === undefined)
        throw new Error(`no feed ${there.feedId}`);
      const changed: Destination = { ...destination, ...change(destination) };
      const runner = createFeedRunner({
        nc: cloud.nc,
        tenant: TENANT,
        destination: changed,
        feed,
        limits: BATCH,
        log,
      });
      runners.push(runner);
      runner.start();
      return runner;
    };

    test("carries what is stored already and what comes after, each key in order", async () => {
      await load(300);
      await child.start();
      expect(await faults()).toEqual([]);
      await load(200);
      expect(await faults()).toEqual([]);
    });

    test("killed wherever it is, it loses nothing and goes on where the destination is", async () => {
      await load(1_500);
      for (let kill = 0; kill < 6; kill += 1) {
        await child.start();
        // Not a wait for something: the moment of the kill is drawn by lot.
        await sleep(random.next() * 250);
        await child.kill();
        kills += 1;
        await load(100);
      }
      await child.start();
      expect(await faults()).toEqual([]);
    });

    test("two that write at once do each other no harm, nor does one that was frozen in mid-batch", async () => {
      await load(1_000);
      await Promise.all([child.start(), rival.start()]);
      await load(500);
      child.freeze();
      kills += 1;
      await load(500);
      expect(await faults()).toEqual([]);
      child.thaw();
      await load(200);
      kills += 1;
      expect(await faults()).toEqual([]);
      await Promise.all([child.kill(), rival.kill()]);
      kills += 2;
      await rival.start();
      await load(100);
      expect(await faults()).toEqual([]);
    });

    test("the destination killed and started again in between", async () => {
      await child.start();
      for (let kill = 0; kill < 2; kill += 1) {
        await load(400);
        await there.kill();
        kills += 1;
        await load(200);
        await there.start();
      }
      expect(await faults()).toEqual([]);
    });

    test("a destination that takes nothing holds the bridge up, and gets everything when it does again", async () => {
      const runner = await here();
      await eventually(() => runner.status().state === "running", SOON);
      there.freeze();
      kills += 1;
      await load(800);
      await eventually(async () => (await lastSeq(cloud)) - runner.status().position >= 700, SOON);
      there.thaw();
      expect(await faults()).toEqual([]);
      await eventually(() => runner.status().lag === 0, SOON);
    });

    test("what is no event, and what is too large for it, becomes a dead letter; the rest flows on in order", async () => {
      const sizes: number[] = [];
      const measuring = await here((destination) => noting(destination, sizes));
      await load(50);
      expect(await faults()).toEqual([]);
      await measuring.close();
      // An event's text is short by its schema, and every destination has its own idea of bytes.
      const runner = await here(() => ({ maxRecordBytes: Math.max(...sizes) + 100 }));
      const bad = await publishNonsense(cloud);
      await load(50);
      const fitting = loaded.length;
      await load(1, 300);
      const [large] = loaded.splice(fitting);
      await load(50);
      expect(await faults()).toEqual([]);
      await eventually(() => runner.status().lag === 0, SOON);
      const letters = await lettersOf(cloud, there);
      expect(letters).toEqual([bad, large?.seq]);
      expect(runner.status().deadLettersTotal).toBe(2);
      expect((await there.read()).some(({ eventId }) => eventId === large?.eventId)).toBe(false);
    });

    test("a destination that was wiped is filled again from the beginning", async () => {
      await child.start();
      expect(await faults()).toEqual([]);
      await child.kill();
      await there.wipe();
      expect(await there.read()).toEqual([]);
      kills = 0;
      await child.start();
      expect(await faults()).toEqual([]);
    });

    // The last one: it takes from the stream what the destination never got.
    test("a stream that has aged past the destination stops it with an alarm; nothing is skipped", async () => {
      await child.start();
      expect(await faults()).toEqual([]);
      await child.kill();
      await load(300);
      await age(cloud);
      const before = (await there.read()).length;
      const runner = await here();
      await eventually(() => runner.status().state === "halted", SOON);
      expect(runner.status().error).toMatchObject({ code: "bridge.source-aged" });
      expect(await there.read()).toHaveLength(before);
    });
  });
}

/** Notes how much room each record takes up. */
const noting = (destination: Destination, sizes: number[]): Partial<Destination> => ({
  async open(opening) {
    const sink = await destination.open(opening);
    return {
      position: sink.position,
      async encode(record) {
        const encoded = await sink.encode(record);
        if (encoded !== undefined) sizes.push(encoded.bytes);
        return encoded;
      },
      apply: (batch, position) => sink.apply(batch, position),
      close: () => sink.close(),
    };
  },
});

export const repeatsIn = (seen: readonly Seen[]): number =>
  seen.length - new Set(seen.map(({ eventId }) => eventId)).size;

export const lostOf = (loaded: readonly Loaded[], seen: readonly Seen[]): string[] => {
  const there = new Set(seen.map(({ eventId }) => eventId));
  return loaded.map(({ eventId }) => eventId).filter((eventId) => !there.has(eventId));
};

/** Events whose first appearance comes before that of an earlier event of the same key. */
export function misorderedOf(loaded: readonly Loaded[], seen: readonly Seen[]): string[] {
  const seqOf = new Map(loaded.map(({ eventId, seq }) => [eventId, seq]));
  const keyOf = new Map(loaded.map(({ eventId, employeeId }) => [eventId, employeeId]));
  const lastOf = new Map<string, number>();
  const known = new Set<string>();
  const wrong: string[] = [];
  for (const { eventId, key } of seen) {
    const seq = seqOf.get(eventId);
    if (seq === undefined || known.has(eventId)) continue;
    known.add(eventId);
    if (keyOf.get(eventId) !== key) wrong.push(`${eventId} has the key ${key}`);
    if (seq < (lastOf.get(key) ?? 0)) wrong.push(`${eventId} of ${key}`);
    lastOf.set(key, seq);
  }
  return wrong;
}

const lastSeq = async ({ nc }: CloudHub): Promise<number> => {
  const jsm = await jetstreamManager(nc, { checkAPI: false });
  return (await jsm.streams.info(STREAMS.attendance)).state.last_seq;
};

async function publishNonsense({ nc }: CloudHub): Promise<number> {
  const address = {
    domain: "attendance",
    tenant: TENANT,
    aggregateId: `x-${randomUUID()}`,
  } as const;
  const { seq } = await jetstream(nc).publish(eventSubject(address), new Uint8Array([1, 2, 3]));
  return seq;
}

async function lettersOf(
  { nc }: CloudHub,
  { name, feedId }: DestinationUnderTest,
): Promise<number[]> {
  const jsm = await jetstreamManager(nc, { checkAPI: false });
  const consumer = bridgeConsumer(name, feedId);
  const seqs: number[] = [];
  for await (const letter of readDeadLetters(nc, jsm)) {
    if (letter.consumer === consumer) seqs.push(letter.seq);
  }
  return seqs;
}

/** Has the server forget the oldest messages, as a limit would that somebody set too low. */
async function age({ site }: CloudHub): Promise<void> {
  const nc = await site.connectCloud("cloud-admin");
  const jsm = await jetstreamManager(nc, { checkAPI: false });
  const { config } = await jsm.streams.info(STREAMS.attendance);
  await jsm.streams.update(STREAMS.attendance, {
    ...config,
    max_msgs: 10,
    discard: DiscardPolicy.Old,
  });
  await nc.close();
}
