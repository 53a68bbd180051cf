import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { Probe, ProbeAnswer } from "../devices/probe.ts";
import type { OpenPort, Port } from "../ports/port.ts";

/** A protocol that can be asked for. */
export interface Candidate {
  readonly driver: string;
  readonly probe: Probe;
}

/** One question: this protocol at this speed, or on TCP at none. */
export interface Step extends Candidate {
  readonly baudRate: number | null;
}

export interface Heard {
  readonly driver: string;
  readonly baudRate: number | null;
  readonly answer: ProbeAnswer;
}

/**
 * Everything worth asking on a serial line: `likely` protocols first, each at its usual speed before any at another. Those
 * that need a person come last, when all that can be done without one is done.
 */
export function serialSteps(
  candidates: readonly Candidate[],
  likely: readonly string[],
): readonly Step[] {
  const rank = ({ driver }: Candidate): number =>
    likely.includes(driver) ? likely.indexOf(driver) : likely.length;
  const ordered = candidates.toSorted((a, b) => rank(a) - rank(b));
  const isAsked = ({ probe }: Candidate): boolean => probe.meanwhile === null;
  return [
    ...bySpeed(ordered.filter(isAsked)),
    ...bySpeed(ordered.filter((candidate) => !isAsked(candidate))),
  ];
}

function bySpeed(candidates: readonly Candidate[]): readonly Step[] {
  const most = Math.max(0, ...candidates.map(({ probe }) => probe.baudRates.length));
  return Array.from({ length: most }, (_, turn) =>
    candidates.flatMap((candidate) => {
      const baudRate = candidate.probe.baudRates[turn];
      return baudRate === undefined ? [] : [{ ...candidate, baudRate }];
    }),
  ).flat();
}

/** How long these steps take when nobody answers, milliseconds. */
export const longestMs = (steps: readonly Step[]): number =>
  steps.reduce((sum, { probe }) => sum + probe.longestMs, 0);

/** After somebody answered, the same protocol may ask for so long until it is cut off. */
const ANSWERING_MS = 15_000;

export interface Asking {
  /** Told before each step. */
  readonly onStep: (step: Step) => void;
  readonly signal: AbortSignal;
}

/**
 * Takes the steps on one port, and stops at the first that is answered; null when none is, or `signal` aborts. The port
 * is closed in any case. Rejects with `port.unavailable` when it does not open, `port.lost` when it goes meanwhile.
 */
export async function probePort(
  open: OpenPort,
  steps: readonly Step[],
  { onStep, signal }: Asking,
): Promise<Heard | null> {
  if (signal.aborted || steps.length === 0) return null;
  const port = await open();
  const lost = new AbortController();
  port.onClosed((reason) => lost.abort(reason));
  const ending = AbortSignal.any([signal, lost.signal]);
  try {
    for (const step of steps) {
      if (signal.aborted) return null;
      onStep(step);
      const answer = await take(port, step, ending);
      if (answer !== null) return { driver: step.driver, baudRate: step.baudRate, answer };
      if (lost.signal.aborted) throw lostError(port, lost.signal.reason);
    }
    return null;
  } finally {
    await port.close().catch(() => undefined);
  }
}

async function take(port: Port, step: Step, signal: AbortSignal): Promise<ProbeAnswer | null> {
  if (step.baudRate !== null) await port.setBaudRate?.(step.baudRate);
  const bound = AbortSignal.timeout(step.probe.longestMs + ANSWERING_MS);
  return step.probe.ask(port, AbortSignal.any([signal, bound]));
}

const lostError = (port: Port, cause: unknown): PlatformError =>
  new PlatformError("port.lost", `${port.name} went away while it was asked`, { cause });
