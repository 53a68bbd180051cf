import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { stringify } from "yaml";
import { createNkey } from "../../shared/wire/nkey.ts";

export const EDGE_MAIN: string = join(import.meta.dirname, "../../edge-agent/main.ts");

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** How the command is run: by another user, in other surroundings, through another program. */
export interface How {
  readonly env?: Readonly<Record<string, string>>;
  readonly uid?: number;
  /** Program and arguments before Node's own: `unshare -m sh -c …`. */
  readonly through?: readonly string[];
}

/** `clockleaf-edge` as a process of its own; the caller ends it. Dies with this process at the latest. */
export const startEdge = (...args: readonly string[]): ChildProcess => startEdgeAs({}, args);

export function startEdgeAs(how: How, args: readonly string[]): ChildProcess {
  const [program, ...before] = [...(how.through ?? []), process.execPath];
  const child = spawn(program, [...before, EDGE_MAIN, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...how.env },
    ...(how.uid === undefined ? {} : { uid: how.uid, gid: how.uid }),
  });
  const killLast = (): void => void child.kill("SIGKILL");
  process.once("exit", killLast);
  child.once("close", () => process.off("exit", killLast));
  return child;
}

export async function ended(child: ChildProcess): Promise<Ended> {
  const [out, err, [code]] = await Promise.all([
    text(child.stdout!),
    text(child.stderr!),
    once(child, "close"),
  ]);
  return { code, out, err };
}

/** `clockleaf-edge` with these arguments, to its end. */
export const edge = (...args: readonly string[]): Promise<Ended> => ended(startEdge(...args));

/** The configuration of a gateway without a network; everything lies beside the file. `more` replaces keys. */
export function edgeSettings(lines: unknown, more: object = {}): object {
  return {
    configVersion: 1,
    tenant: "acme",
    site: "hq",
    gateway: "gw1",
    runtimeDir: "run",
    page: "off",
    directoryFile: "directory.db",
    journal: { path: "journal.db" },
    nats: { servers: ["nats://127.0.0.1:9"], seedFile: "gateway.nk" },
    lines,
    ...more,
  };
}

/** Writes such a configuration into `dir`, with a key; the file's path. */
export function writeEdgeConfig(dir: string, lines: readonly object[], more: object = {}): string {
  const file = join(dir, "gateway.yaml");
  writeFileSync(join(dir, "gateway.nk"), createNkey().seed, { mode: 0o600 });
  writeFileSync(file, stringify(edgeSettings(lines, more)));
  return file;
}
