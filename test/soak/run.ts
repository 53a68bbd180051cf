import { loadavg } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createRandom, type Random } from "@clockleaf/hardware-sim/random.ts";
import { askStatus } from "../../edge-agent/health/control-client.ts";
import type { Child } from "../demo/child.ts";
import type { Progress } from "../demo/progress.ts";
import { eventually } from "../support/eventually.ts";
import { freePort, type Site, startSite, TEST_GATEWAY } from "../support/nats.ts";
import { applyTestTopology } from "../support/uplink-rig.ts";
import {
  type GatewayFiles,
  gatewayFiles,
  journaledRows,
  openAgent,
  storedRows,
} from "./gateway.ts";
import { withHearing } from "./hearing.ts";
import { type Judgement, judge } from "./judge.ts";
import { type Measurement, type Measures, measure } from "./measure.ts";
import { type SiteProcess, type SiteReport, startSiteProcess } from "./site-process.ts";
import { PUSH_READERS } from "./stations/push.ts";

export interface SoakOptions {
  readonly forMs: number;
  /** Punches per second, all readers together. */
  readonly rate: number;
  readonly seed: number;
  readonly withFaults: boolean;
  /** Mean time between two mishaps of terminals and lines; null: none. */
  readonly mishapEveryMs: number | null;
  /** How often the agent is killed, at even distances. */
  readonly kills: number;
  /** With cuts of leaf server, hub and the link between them. */
  readonly withNetworkCuts: boolean;
  /** Planted fault: the agent promises before the disk has it. The judge must find it. */
  readonly isFaulty?: boolean;
  /** False: with plain Node instead of the launcher and environment that gateways are shipped with. */
  readonly isShipped?: boolean;
  readonly progress: Progress;
}

export interface Disturbances {
  readonly agentKills: number;
  readonly leafKills: number;
  readonly hubKills: number;
  readonly linkCuts: number;
  /** What happened to terminals and lines, by name. */
  readonly mishaps: Readonly<Record<string, number>>;
  /** What wires did to bytes, by name. */
  readonly faults: Readonly<Record<string, number>>;
}

/** What `make soak --json` prints. */
export interface SoakResult extends Judgement {
  readonly ok: boolean;
  readonly seed: number;
  readonly rate: number;
  readonly seconds: number;
  readonly disturbances: Disturbances;
  readonly measures: Measures;
  /** Mean load of the machine over the last minute, when the run began and when it ended. */
  readonly load: { readonly began: number; readonly ended: number };
}

const DRAIN_MS = 120_000;
/** What one reader must have stored, so that its 0 lost is not that of a reader nobody came to. */
const LEAST_OF_SHARE = 0.3;
const STEADY_MS = 8_000;

export async function soak(options: SoakOptions): Promise<SoakResult> {
  const { progress } = options;
  const began = loadavg()[0] ?? 0;
  progress.say("starting hub, leaf, terminals and the agent");
  const nats = await startSite({ terminals: { ids: PUSH_READERS, mqtt: true }, servers: 1 });
  const steps: Array<() => Promise<unknown> | void> = [() => nats.stop()];
  try {
    await applyTestTopology(nats);
    const files = gatewayFiles(nats);
    const site = await startSiteProcess(await planOf(options, { nats, files }));
    steps.push(() => site.kill());
    const agent = openAgent(nats, files, {
      lines: site.lines,
      isFaulty: options.isFaulty === true,
      isShipped: options.isShipped !== false,
    });
    steps.push(() => agent.stop());
    const rig: Rig = { nats, files, site, agent, measurement: measure(files.runtimeDir) };
    steps.push(() => rig.measurement.stop());
    await settleIn(rig);
    await startAgent(rig, progress);
    const kills = await live(rig, options);
    progress.say("nobody comes any more; waiting for what terminals and journal still hold");
    await drained(rig, progress);
    const measures = await rig.measurement.stop();
    const report = await site.report();
    await agent.stop();
    const judgement = judge({
      readers: site.readers,
      taps: withHearing(report.taps, rig.measurement.samples, report.troubles),
      journal: journaledRows(files),
      stored: await storedRows(nats),
    });
    const disturbances = { ...kills, ...countOf(report) };
    const hollow = hollowParts(options, { judgement, disturbances });
    const faults = [...judgement.faults, ...hollow];
    return {
      ok: faults.length === 0,
      seed: options.seed,
      rate: options.rate,
      seconds: options.forMs / 1000,
      ...judgement,
      faults,
      disturbances,
      measures,
      load: { began, ended: loadavg()[0] ?? 0 },
    };
  } finally {
    for (const step of steps.toReversed()) await step();
  }
}

interface Rig {
  readonly nats: Site;
  readonly files: GatewayFiles;
  readonly site: SiteProcess;
  readonly agent: Child;
  readonly measurement: Measurement;
}

async function planOf(
  { seed, rate, withFaults, mishapEveryMs }: SoakOptions,
  { nats, files }: Pick<Rig, "nats" | "files">,
): Promise<Parameters<typeof startSiteProcess>[0]> {
  const { terminals } = nats.deployment.gateway(TEST_GATEWAY);
  const { server, mqttPort } = nats.leaf();
  return {
    dir: files.dir,
    reportFile: join(files.dir, "site-report.json"),
    runtimeDir: files.runtimeDir,
    seed,
    rate,
    withFaults,
    mishapEveryMs,
    admsPort: await freePort(),
    push: {
      server: server.url,
      mqttPort,
      seedFile: terminals.terminal("push-nats").seedFile,
      passwordFile: terminals.terminal("push-mqtt").passwordFile,
      readerSeedFile: terminals.readerSeedFile,
    },
  };
}

/** The first start of a release, which compiles it, is not what a gateway's memory looks like ever after. */
async function settleIn({ agent, files }: Rig): Promise<void> {
  agent.start();
  await untilItRuns({ agent, files });
  await agent.stop();
}

async function startAgent({ agent, files, measurement }: Rig, progress: Progress): Promise<void> {
  agent.start();
  measurement.started(agent.pid());
  await untilItRuns({ agent, files });
  progress.say("the agent runs");
}

async function untilItRuns({ agent, files }: Pick<Rig, "agent" | "files">): Promise<void> {
  await eventually(() => askStatus(files.runtimeDir), {
    what: "the agent to run",
    timeoutMs: 60_000,
    everyMs: 50,
  }).catch((error: unknown) => {
    throw new Error(`the agent did not start:\n${agent.tail()}`, { cause: error });
  });
}

type Kills = Pick<Disturbances, "agentKills" | "leafKills" | "hubKills" | "linkCuts">;

/** People come for `forMs`; what happens to agent and network meanwhile is drawn by lot. */
async function live(rig: Rig, options: SoakOptions): Promise<Kills> {
  const { forMs, kills, withNetworkCuts, progress } = options;
  const random = createRandom(options.seed).fork("kills");
  const startedAt = performance.now();
  const until = (share: number): Promise<void> =>
    sleep(Math.max(0, startedAt + forMs * share - performance.now()));
  rig.site.begin();
  const counting = setInterval(() => void showCount(rig, progress), 1_000);
  const done = { agentKills: 0, leafKills: 0, hubKills: 0, linkCuts: 0 };
  const killAgent = async (): Promise<void> => {
    for (let kill = 1; kill <= kills; kill += 1) {
      await until((kill - 0.2 + 0.4 * random.next()) / (kills + 1));
      progress.say("kill -9 of the agent");
      await rig.agent.kill();
      done.agentKills += 1;
      await sleep(random.int(100, 3_000));
      await startAgent(rig, progress);
    }
  };
  const cutNetwork = async (): Promise<void> => {
    if (!withNetworkCuts) return;
    const own = random.fork("network");
    await until(0.1 + 0.1 * own.next());
    await cutLink(rig.nats, { random: own, forMs, progress });
    done.linkCuts += 1;
    await until(0.4 + 0.1 * own.next());
    progress.say("kill -9 of the leaf server");
    await rig.nats.leaf().server.kill();
    await sleep(own.int(500, 5_000));
    await rig.nats.leaf().server.start();
    done.leafKills += 1;
    await until(0.7 + 0.1 * own.next());
    progress.say("kill -9 of the hub");
    await rig.nats.hub.kill();
    await sleep(own.int(500, 5_000));
    await rig.nats.hub.start();
    done.hubKills += 1;
  };
  await Promise.all([killAgent(), cutNetwork(), until(1)]).finally(() => clearInterval(counting));
  rig.site.end();
  return done;
}

async function cutLink(
  nats: Site,
  {
    random,
    forMs,
    progress,
  }: { readonly random: Random; readonly forMs: number; readonly progress: Progress },
): Promise<void> {
  const { link } = nats.leaf();
  progress.say("the link to the hub is cut");
  link.cut();
  await sleep(forMs * (0.05 + 0.05 * random.next()));
  link.resume();
  progress.say("the link is back");
}

async function showCount({ site }: Rig, progress: Progress): Promise<void> {
  const { taps, pending } = await site.count();
  progress.show(`${taps} taps; at terminals ${JSON.stringify(pending)}`);
}

/** Until terminals hold nothing, the journal has not grown for a while, and the hub has all of it; or for as long as is fair. */
async function drained({ site, files }: Rig, progress: Progress): Promise<void> {
  let last = { row: -1, atMs: 0 };
  let holds = "";
  const isOver = async (): Promise<boolean> => {
    const [{ pending }, { journal }] = [await site.count(), await askStatus(files.runtimeDir)];
    if (journal.lastRow !== last.row) last = { row: journal.lastRow, atMs: performance.now() };
    const isSteady = performance.now() - last.atMs > STEADY_MS;
    holds = `at terminals ${JSON.stringify(pending)}, in the journal ${journal.waiting}`;
    return Object.keys(pending).length === 0 && journal.waiting === 0 && isSteady;
  };
  // What is missing then is for the judge to say.
  await eventually(isOver, { what: "the rest", timeoutMs: DRAIN_MS, everyMs: 500 }).catch(() =>
    progress.say(`not through after ${DRAIN_MS / 1000} s: ${holds}`),
  );
}

function countOf({ troubles, faults }: SiteReport): Pick<Disturbances, "mishaps" | "faults"> {
  const mishaps: Record<string, number> = {};
  for (const { name } of troubles) mishaps[name] = (mishaps[name] ?? 0) + 1;
  return { mishaps, faults };
}

const WIRE_FAULTS = ["drop", "flip", "noise", "split", "late", "twice"];

/** What would make "nothing lost" an empty word: readers nobody came to, faults that never struck. */
function hollowParts(
  options: SoakOptions,
  {
    judgement,
    disturbances,
  }: { readonly judgement: Judgement; readonly disturbances: Disturbances },
): string[] {
  const { readers } = judgement;
  const hollow = Object.entries(readers).flatMap(([reader, { taps, stored }]) =>
    taps > 0 && stored >= taps * LEAST_OF_SHARE
      ? []
      : [`hollow: ${reader} has ${stored} of ${taps} taps stored`],
  );
  const missing = WIRE_FAULTS.filter((name) => (disturbances.faults[name] ?? 0) === 0);
  if (options.withFaults) hollow.push(...missing.map((name) => `hollow: no ${name} on any line`));
  if (options.mishapEveryMs !== null && Object.keys(disturbances.mishaps).length === 0) {
    hollow.push("hollow: nothing happened to any terminal");
  }
  if (disturbances.agentKills < options.kills) hollow.push("hollow: the agent was not killed");
  return hollow;
}
