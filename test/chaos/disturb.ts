import { setTimeout as sleep } from "node:timers/promises";
import { createRandom } from "@clockleaf/hardware-sim/random.ts";

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

export interface DisturbOptions {
  readonly targets: readonly Target[];
  readonly seed: number;
  /** No kill begins after it aborts; what was killed is started again all the same. */
  readonly over: AbortSignal;
  readonly say: (text: string) => void;
}

const PAUSE_MS = { least: 300, most: 2_000 };
const DOWN_MS = { least: 50, most: 1_200 };

/** Kills one target after the other at seeded moments, `kill -9` each, every kind in turn, until told to stop. */
export async function disturb({ targets, seed, over, say }: DisturbOptions): Promise<Kills> {
  const random = createRandom(seed).fork("kills");
  const kills: Kills = { consumers: 0, api: 0, hub: 0 };
  const between = ({ least, most }: typeof PAUSE_MS): number =>
    least + random.next() * (most - least);
  const kinds = [...new Set(targets.map(({ kind }) => kind))];
  for (let turn = 0; !over.aborted; turn += 1) {
    await sleep(between(PAUSE_MS), undefined, { signal: over }).catch(() => undefined);
    if (over.aborted) break;
    const kind = kinds[turn % kinds.length];
    const candidates = targets.filter((each) => each.kind === kind);
    const target = candidates[Math.floor(random.next() * candidates.length)];
    if (target === undefined) continue;
    say(`kill -9 of ${target.name}`);
    await target.kill();
    kills[target.kind] += 1;
    await sleep(between(DOWN_MS));
    await target.start();
    await target.settled?.();
  }
  return kills;
}

/**
 * Kills all of these at once as soon as `begun` resolves, and starts them again once `done` has: the moment at which there
 * is the most that could be lost.
 */
export async function strike(
  targets: readonly Target[],
  { begun, done }: { readonly begun: Promise<unknown>; readonly done: Promise<unknown> },
): Promise<number> {
  await begun;
  await Promise.all(targets.map((target) => target.kill()));
  await done;
  await Promise.all(targets.map((target) => target.start()));
  return targets.length;
}
