import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { eventually } from "./eventually.ts";
import type { Site } from "./nats.ts";

/** Where a worker stops in the middle of a job; see `jobs-child.ts`. */
export type StopAt = "before-put" | "after-put" | "before-get";

/** A process that works on jobs at RabbitMQ. */
export interface JobsProcess {
  /** Ids of the documents it came to this place with. */
  seen(place: StopAt): readonly string[];
  /** Resolves with the document it is at, once it has stopped at this place. */
  reaches(place: StopAt): Promise<string>;
  /** From where it has stopped. */
  goOn(): void;
  /** `kill -9`. */
  kill(): Promise<void>;
}

export interface JobsProcessOptions {
  readonly site: Site;
  /** Its read models are in a folder of its own in there. */
  readonly dir: string;
  readonly rabbitmq: object;
  readonly name: string;
  readonly stop?: StopAt;
}

const CHILD = join(import.meta.dirname, "jobs-child.ts");

/** Resolves once it has started. */
export async function startJobsProcess(options: JobsProcessOptions): Promise<JobsProcess> {
  const { site, name, rabbitmq, stop } = options;
  const dir = join(options.dir, name);
  mkdirSync(dir, { recursive: true });
  const args = [
    ["--server", site.hub.url],
    ["--seed", site.deployment.seedFile("cloud-consumers")],
    ["--dir", dir],
    ["--name", name],
    ["--rabbitmq", JSON.stringify(rabbitmq)],
    stop === undefined ? [] : ["--stop", stop],
  ].flat();
  const child = spawn(process.execPath, [CHILD, ...args], { stdio: ["pipe", "pipe", "inherit"] });
  const said: string[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => said.push(line));
  const seen = (place: StopAt): string[] =>
    said.flatMap((line) => (line.startsWith(`${place} `) ? [line.slice(place.length + 1)] : []));
  await eventually(() => said.includes("started") || isOver(child), {
    timeoutMs: 60_000,
    what: `${name} to start`,
  });
  if (isOver(child)) throw new Error(`${name} did not start`);
  return {
    seen,
    reaches: (place) =>
      eventually(() => seen(place)[0], { timeoutMs: 60_000, what: `${name} to be at ${place}` }),
    goOn: () => void child.stdin.write("go on\n"),
    async kill() {
      if (isOver(child)) return;
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}

const isOver = ({ exitCode, signalCode }: ChildProcess): boolean =>
  exitCode !== null || signalCode !== null;
