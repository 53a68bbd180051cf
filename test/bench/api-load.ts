import { Agent, request } from "node:http";
import { setImmediate as nextLoop } from "node:timers/promises";
import { median } from "./median.ts";

/** One of many equal turns of work; the number tells which of several questions to ask. */
export type Turn = (turn: number) => Promise<unknown>;

export interface Segment {
  /** Of each turn, milliseconds. */
  readonly tookMs: readonly number[];
  readonly perSecond: number;
}

export interface LoadOptions {
  /** Turns under way at any moment: as soon as one ends the next begins. */
  readonly atOnce: number;
  readonly forMs: number;
}

/** Does turn after turn for a while. Rejects with what a turn rejects with. */
export async function load(turn: Turn, { atOnce, forMs }: LoadOptions): Promise<Segment> {
  const tookMs: number[] = [];
  let next = 0;
  const startedAt = performance.now();
  const work = async (): Promise<void> => {
    do {
      const before = performance.now();
      await turn(next++);
      tookMs.push(performance.now() - before);
      // Turns that wait for nothing would keep this process from noticing that idle connections were closed.
      await nextLoop();
    } while (performance.now() - startedAt < forMs);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return { tookMs, perSecond: (tookMs.length * 1000) / (performance.now() - startedAt) };
}

/** Of all turns; NaN of none. */
export function percentileMs(segments: readonly Segment[], share: number): number {
  const sorted = segments.flatMap((segment) => segment.tookMs).toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export const perSecond = (segments: readonly Segment[]): number =>
  median(segments.map((segment) => segment.perSecond));

/** What `of` says of each round of the one against the same round of the other; the median of that. */
export const ratio = (
  one: readonly Segment[],
  other: readonly Segment[],
  of: (segments: readonly Segment[]) => number,
): number => median(one.map((segment, round) => of([segment]) / of(other.slice(round, round + 1))));

export interface Client {
  /** The body; throws for whatever is not 200. */
  get(path: string): Promise<string>;
  post(path: string, body: object): Promise<string>;
  close(): void;
}

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body?: string;
}

/** Keeps its connections, as a program that asks a lot does. */
export function createClient(
  port: number,
  { key, connections }: { readonly key: string; readonly connections: number },
): Client {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const call = async (asked: Asked): Promise<string> => {
    for (;;) {
      const answer = await once({ port, agent, key }, asked);
      if (answer !== "stale") return textOf(answer, asked);
    }
  };
  return {
    get: (path) => call({ method: "GET", path }),
    post: (path, body) => call({ method: "POST", path, body: JSON.stringify(body) }),
    close: () => agent.destroy(),
  };
}

interface Answer {
  readonly status: number | undefined;
  readonly text: string;
}

/** `stale`: the connection was closed for being idle just when it was taken again, so nothing was asked. */
function once(
  { port, agent, key }: { readonly port: number; readonly agent: Agent; readonly key: string },
  { method, path, body }: Asked,
): Promise<Answer | "stale"> {
  const headers = {
    authorization: `Bearer ${key}`,
    ...(body === undefined ? {} : { "content-type": "application/json" }),
  };
  return new Promise((resolve, reject) => {
    const asked = request({ agent, port, method, path, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("error", reject);
      answer.on("end", () =>
        resolve({ status: answer.statusCode, text: Buffer.concat(chunks).toString() }),
      );
    });
    asked.on("error", (error) => {
      if (asked.reusedSocket && "code" in error && error.code === "ECONNRESET") resolve("stale");
      else reject(error);
    });
    asked.end(body);
  });
}

function textOf({ status, text }: Answer, { method, path }: Asked): string {
  if (status === 200) return text;
  throw new Error(`${method} ${path}: ${status} ${text.slice(0, 500)}`);
}
