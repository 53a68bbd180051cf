import { setTimeout as sleep } from "node:timers/promises";
import { createRandom } from "@clockleaf/hardware-sim/random.ts";
import { createKeyLocks } from "../../cloud/eventing/key-locks.ts";

/** Something that can be killed in the middle of its work and started again. */
export interface Target {
  readonly kind: "consumers" | "api" | "hub";
  readonly name: string;
  kill(): Promise<void>;
  /** Resolves when it runs again. */
  start(): Promise<void>;
  /** Resolves when the others can do without it once more. */
  settled?(): Promise<void>;
}

export type Kills = Record<Target["kind"], number>;

export interface DisturberOptions {
  readonly targets: readonly Target[];
  readonly seed: number;
  readonly say: (text: string) => void;
}

/** Kills with `kill -9`, one hand at a time, and starts again what it killed. */
export interface Disturber {
  /** One target after the other at seeded moments, every kind in turn, until `over` aborts. */
  run(over: AbortSignal): Promise<void>;
  /**
   * All consumers at once shortly after `ask` has given them something to do, with nothing else being killed: the moment at
   * which there is the most that could be lost.
   */
  strike(ask: () => Promise<unknown>): Promise<void>;
  /** So far. */
  readonly kills: Kills;
}

const PAUSE_MS = { least: 300, most: 2_000 };
const DOWN_MS = { least: 50, most: 1_200 };
/** Long enough for a consumer to have begun, too short for it to be done. */
const BEGUN_MS = 100;

export function createDisturber({ targets, seed, say }: DisturberOptions): Disturber {
  const random = createRandom(seed).fork("kills");
  const kills: Kills = { consumers: 0, api: 0, hub: 0 };
  const locks = createKeyLocks();
  const alone = <T>(work: () => Promise<T>): Promise<T> => locks.run(["hand"], work);
  const between = ({ least, most }: typeof PAUSE_MS): number =>
    least + random.next() * (most - least);
  const kinds = [...new Set(targets.map(({ kind }) => kind))];

  const killAll = async (those: readonly Target[]): Promise<void> => {
    say(`kill -9 of ${those.map(({ name }) => name).join(", ")}`);
    await Promise.all(those.map((target) => target.kill()));
    for (const { kind } of those) kills[kind] += 1;
  };

  async function killOne(target: Target): Promise<void> {
    await killAll([target]);
    await sleep(between(DOWN_MS));
    await target.start();
    await target.settled?.();
  }

  return {
    kills,
    async run(over) {
      for (let turn = 0; kinds.length > 0 && !over.aborted; turn += 1) {
        await sleep(between(PAUSE_MS), undefined, { signal: over }).catch(() => undefined);
        const candidates = targets.filter(({ kind }) => kind === kinds[turn % kinds.length]);
        const target = candidates[Math.floor(random.next() * candidates.length)];
        if (over.aborted || target === undefined) break;
        await alone(() => killOne(target));
      }
    },
    async strike(ask) {
      await alone(async () => {
        await ask();
        const consumers = targets.filter(({ kind }) => kind === "consumers");
        if (consumers.length === 0) return;
        await sleep(BEGUN_MS);
        await killAll(consumers);
        await Promise.all(consumers.map((target) => target.start()));
      });
    },
  };
}
