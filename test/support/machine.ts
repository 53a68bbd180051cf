import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { Ended } from "./edge-cli.ts";
import { eventually } from "./eventually.ts";
import { canMakeViews } from "./private-view.ts";

const SYSTEMD = "/lib/systemd/systemd";
const BOOT = join(import.meta.dirname, "machine-boot.sh");

/** A machine of its own as far as systemd can tell: other processes, network, host name, and changes to files that nobody else sees. */
export interface Machine extends AsyncDisposable {
  /** Runs a shell's command there as root, to its end. */
  run(command: string): Promise<Ended>;
  /** The same; throws when it fails, and gives what it printed. */
  sh(command: string): Promise<string>;
}

export interface MachineParts {
  /** An empty folder for what changes there. */
  readonly dir: string;
  /** Seen there as `/opt/clockleaf-test`, read only. */
  readonly release: string;
  /** Seen there as `/mnt/test`, read only. */
  readonly files: string;
}

/** Where systemd is, on a machine where it can be booted so: root, with a cgroup hierarchy of version 2. */
export const findBootableSystemd = (): string | undefined =>
  existsSync(SYSTEMD) && cgroups() !== undefined && canMakeViews() !== undefined
    ? SYSTEMD
    : undefined;

/** Boots this machine's systemd as process 1 of a process namespace, up to `basic.target`; throws with its words when it does not come up. */
export async function bootMachine({ dir, release, files }: MachineParts): Promise<Machine> {
  const group = join(cgroups() ?? "", `clockleaf-test-${process.pid}-${Date.now()}`);
  mkdirSync(group);
  // In a control group of its own before it gets a namespace for them: what is systemd's there is below that group here.
  const enter =
    'echo $$ > "$0/cgroup.procs" && exec unshare -m -p -f --kill-child -n -i -u -C "$@"';
  const child = spawn("sh", ["-c", enter, group, "sh", BOOT, dir, release, files], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const killLast = (): void => void child.kill("SIGKILL");
  process.once("exit", killLast);
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => void (said += chunk));
  }
  const closed = once(child, "close");
  const run = (command: string): Promise<Ended> => inside(initOf(child.pid), command);
  const machine: Machine = {
    run,
    async sh(command) {
      const { code, out, err } = await run(command);
      if (code !== 0) throw new Error(`${command}\nended with ${code}:\n${out}\n${err}`);
      return out;
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL"); // and with it, its process 1, and with that all others
      await closed;
      process.off("exit", killLast);
      await eventually(() => removed(group), { what: `${group} is empty` });
    },
  };
  try {
    const up = async (): Promise<boolean> =>
      /^(running|degraded)\n$/.test((await run("systemctl is-system-running")).out);
    await eventually(up, { what: "systemd is up", timeoutMs: 60_000, everyMs: 200 });
  } catch (cause) {
    await machine[Symbol.asyncDispose]();
    throw new Error(`systemd did not boot:\n${said}`, { cause });
  }
  return machine;
}

/** The process that `unshare --fork` made; throws while there is none. */
function initOf(unshare: number | undefined): number {
  const [init] = readFileSync(`/proc/${unshare}/task/${unshare}/children`, "utf8").split(" ");
  if (init === undefined || init === "") throw new Error("no process 1 yet");
  return Number(init);
}

async function inside(init: number, command: string): Promise<Ended> {
  const args = ["-t", String(init), "-m", "-p", "-n", "-i", "-u", "-C", "-r", "-w"];
  const env = {
    PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    NO_COLOR: "1",
  };
  const child = spawn("nsenter", [...args, "sh", "-c", command], {
    stdio: ["ignore", "pipe", "pipe"],
    env,
  });
  const [out, err, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  return { code, out, err };
}

/** Where control groups of version 2 are mounted and can be made. */
function cgroups(): string | undefined {
  for (const line of readFileSync("/proc/self/mounts", "utf8").split("\n")) {
    const [, place, type, options = ""] = line.split(" ");
    if (place !== undefined && type === "cgroup2" && /^rw\b/.test(options)) return place;
  }
  return undefined;
}

/** Only folders can be taken out of a control group, from the innermost; its files go with them. */
function removed(group: string): boolean {
  for (const { name } of readdirSync(group, { withFileTypes: true }).filter((e) =>
    e.isDirectory(),
  )) {
    removed(join(group, name));
  }
  rmdirSync(group);
  return true;
}
