import { probes } from "../devices/catalogue.ts";
import { type Heard, longestMs, probePort, type Step, serialSteps } from "../discovery/probe.ts";
import { type FoundSerial, lastingPath } from "../discovery/serial-ports.ts";
import type { OpenPort } from "../ports/port.ts";
import { openSerial, serialConfigSchema } from "../ports/serial.ts";
import { openTcp, tcpConfigSchema } from "../ports/tcp.ts";

/** What became of probing one port, or one port of a host. */
export type Probed = { readonly port: string } & (
  | ({ readonly outcome: "found" } & Heard)
  | { readonly outcome: "nothing" }
  | { readonly outcome: "skipped"; readonly reason: string }
);

/** A port, and all that is worth asking there. */
export interface Target {
  readonly port: string;
  readonly steps: readonly Step[];
  readonly open: OpenPort;
  /** Why it is left alone; null when it may be asked. */
  readonly whyNot: string | null;
}

/** Readers of the agent that runs here, by the port it reads them on: real path, or `host:port`. */
export type AgentPorts = ReadonlyMap<string, string>;

export function serialTarget(found: FoundSerial, agent: AgentPorts): Target {
  const path = lastingPath(found);
  const candidates = probes.filter(({ probe }) => probe.baudRates.length > 0);
  return {
    port: path,
    steps: serialSteps(candidates, found.guess.drivers),
    open: () => openSerial(serialConfigSchema.parse({ path })),
    whyNot: whyNotSerial(found, agent),
  };
}

function whyNotSerial({ path, access, heldBy }: FoundSerial, agent: AgentPorts): string | null {
  const readers = agent.get(path);
  if (readers !== undefined) return heldByAgent(readers);
  if (access === "missing") return "it is not there: check the cable";
  if (access === "denied") return "this user may not open it";
  if (heldBy.length === 0) return null;
  const holders = heldBy.map(({ pid, command }) => `${command} (process ${pid})`).join(", ");
  return `${holders} has it open: stop that first`;
}

const heldByAgent = (readers: string): string =>
  `the agent that runs here reads ${readers} on it: stop it first (sudo systemctl stop clockleaf-edge)`;

/** The TCP ports of terminals at this address; `only` is the one to ask where it is not the usual one. */
export function hostTargets(
  host: string,
  only: number | undefined,
  agent: AgentPorts,
): readonly Target[] {
  const onTcp = probes.filter(({ probe }) => probe.tcpPort !== null);
  return onTcp.map(({ driver, probe }): Target => {
    const port = only ?? probe.tcpPort ?? 0;
    const name = `${host}:${port}`;
    const readers = agent.get(name);
    return {
      port: name,
      steps: [{ driver, probe, baudRate: null }],
      open: () => openTcp(tcpConfigSchema.parse({ host, port, connectTimeoutMs: CONNECT_MS })),
      whyNot: readers === undefined ? null : heldByAgent(readers),
    };
  });
}

const CONNECT_MS = 3_000;

/** How long probing takes while nobody answers, milliseconds. */
export const durationMs = (targets: readonly Target[]): number =>
  targets
    .filter(({ whyNot }) => whyNot === null)
    .reduce((sum, { steps }) => sum + longestMs(steps), 0);

export interface Probing {
  readonly signal: AbortSignal;
  /** Told before each question: what has been asked so far is worth so many milliseconds. */
  readonly onStep: (doneMs: number, target: Target, step: Step) => void;
}

/** One port after the other; ends early, with what it has, when `signal` aborts. */
export async function probeAll(
  targets: readonly Target[],
  { signal, onStep }: Probing,
): Promise<readonly Probed[]> {
  const all: Probed[] = [];
  let doneMs = 0;
  for (const target of targets) {
    if (signal.aborted) break;
    let stepsMs = doneMs;
    const onEach = (step: Step): void => {
      onStep(stepsMs, target, step);
      stepsMs += step.probe.longestMs;
    };
    const probed = await probeOne(target, signal, onEach);
    if (probed.outcome === "nothing" && signal.aborted) break;
    all.push(probed);
    if (target.whyNot === null) doneMs += longestMs(target.steps);
  }
  return all;
}

async function probeOne(
  { port, steps, open, whyNot }: Target,
  signal: AbortSignal,
  onStep: (step: Step) => void,
): Promise<Probed> {
  if (whyNot !== null) return { port, outcome: "skipped", reason: whyNot };
  try {
    const heard = await probePort(open, steps, { signal, onStep });
    return heard === null ? { port, outcome: "nothing" } : { port, outcome: "found", ...heard };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { port, outcome: "skipped", reason };
  }
}
