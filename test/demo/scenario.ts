import { setTimeout as sleep } from "node:timers/promises";
import { createRandom, type Random } from "@clockleaf/hardware-sim/random.ts";
import { badgeKey } from "@clockleaf/shared/wire/punch.ts";
import type { Accepted } from "../../edge-agent/accept.ts";
import { followTaps } from "../../edge-agent/health/control-client.ts";
import type { Plant } from "./plant.ts";
import type { Progress } from "./progress.ts";

export interface Disturbances {
  readonly linkCuts: number;
  readonly agentKills: number;
  readonly hubKills: number;
}

export interface ScenarioOptions {
  readonly plant: Plant;
  readonly seed: number;
  readonly dayMs: number;
  readonly progress: Progress;
  /** Is told of every punch the agent has stored. */
  readonly onShown?: (accepted: Accepted) => void;
}

/**
 * The working day, with what goes wrong in it: a cut link, a killed agent, a killed hub, each at a seeded moment. The
 * kills wait for somebody to tap, so that they hit a punch on its way.
 */
export async function playDay(options: ScenarioOptions): Promise<Disturbances> {
  const { plant, seed, dayMs, progress } = options;
  const random = createRandom(seed).fork("disturbances");
  const over = new AbortController();
  const showing = showDisplays(plant, over.signal, options.onShown);
  await plant.begin();
  const startedAt = performance.now();
  const until = (share: number): Promise<void> =>
    sleep(Math.max(0, startedAt + dayMs * share - performance.now()));

  const disturb = async (): Promise<Disturbances> => {
    await until(between(random, [0.2, 0.3]));
    progress.say("the link to the hub is cut");
    plant.nats.leaf(plant.gateway).link.cut();
    await until(between(random, [0.36, 0.42]));
    plant.nats.leaf(plant.gateway).link.resume();
    progress.say("the link is back");

    await until(between(random, [0.48, 0.56]));
    await afterNextTap(plant, random);
    progress.say("kill -9 of the edge agent");
    await plant.agent.kill();
    await sleep(between(random, [100, 600]));
    plant.agent.start();
    progress.say("the agent is started again");

    await until(between(random, [0.66, 0.74]));
    await afterNextTap(plant, random);
    progress.say("kill -9 of the hub");
    await plant.nats.hub.kill();
    await sleep(between(random, [500, 2_000]));
    await plant.nats.hub.start();
    progress.say("the hub is started again");
    return { linkCuts: 1, agentKills: 1, hubKills: 1 };
  };
  const [disturbances] = await Promise.all([disturb(), plant.site.done]);
  over.abort();
  await showing;
  return disturbances;
}

const TAP_MS = 8_000;
const IN_FLIGHT_MS = 120;

/** A random moment in the tenth of a second after the next tap, when its punch is on the wire, in the commit or just lit. */
async function afterNextTap(plant: Plant, random: Random): Promise<void> {
  const tapped = Promise.withResolvers<void>();
  plant.site.onTap(() => tapped.resolve());
  await Promise.race([tapped.promise, sleep(TAP_MS)]);
  await sleep(between(random, [0, IN_FLIGHT_MS]));
}

function between(random: Random, [from, to]: readonly [number, number]): number {
  return from + random.next() * (to - from);
}

/** USB readers have no light: beside them stands a display that shows what the agent has stored. */
export async function showDisplays(
  plant: Plant,
  over: AbortSignal,
  onShown?: (accepted: Accepted) => void,
): Promise<void> {
  while (!over.aborted) {
    try {
      for await (const accepted of followTaps(plant.runtimeDir, over)) {
        const { punch, feedback } = accepted;
        onShown?.(accepted);
        plant.site.confirm({
          reader: punch.reader,
          badge: badgeKey(punch.credential),
          light: feedback.light,
        });
      }
    } catch {
      // No agent runs just now; the display stays dark until one does.
    }
    await sleep(100);
  }
}
