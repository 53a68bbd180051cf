import { constants } from "node:fs";
import { access, readdir, readFile, readlink, realpath } from "node:fs/promises";

export type Access = "ok" | "denied" | "missing";

/** Whether this user may read and write a device file. */
export async function accessOf(path: string): Promise<Access> {
  try {
    await access(path, constants.R_OK | constants.W_OK);
    return "ok";
  } catch (error) {
    const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
    return isMissing ? "missing" : "denied";
  }
}

/** A process that has a device file open. */
export interface Holder {
  readonly pid: number;
  /** Its name as the system tells it, at most 15 characters. */
  readonly command: string;
}

/**
 * Who has this file open, links followed. Empty when nobody does, when the file is not there, and for processes of other
 * users unless root asks: the kernel does not tell their files. Linux only; empty elsewhere.
 */
export async function holdersOf(path: string): Promise<readonly Holder[]> {
  const target = await realpath(path).catch(() => undefined);
  if (target === undefined) return [];
  const pids = (await list("/proc")).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => ((await holds(pid, target)) ? await holder(pid) : [])),
  );
  return found.flat();
}

async function holds(pid: string, target: string): Promise<boolean> {
  const folder = `/proc/${pid}/fd`;
  const open = await Promise.all(
    (await list(folder)).map((fd) => readlink(`${folder}/${fd}`).catch(() => undefined)),
  );
  return open.includes(target) && !(isPseudoTerminal(target) && open.some(isMaster));
}

/** Whoever made a pseudo-terminal keeps both of its ends open, and is what hangs on it, not a rival for it. */
const isPseudoTerminal = (target: string): boolean => target.startsWith("/dev/pts/");
const isMaster = (open: string | undefined): boolean =>
  open === "/dev/ptmx" || open === "/dev/pts/ptmx";

/** Empty for a process that has ended meanwhile. */
async function holder(pid: string): Promise<readonly Holder[]> {
  const command = await readFile(`/proc/${pid}/comm`, "utf8").catch(() => undefined);
  return command === undefined ? [] : [{ pid: Number(pid), command: command.trim() }];
}

const list = (folder: string): Promise<readonly string[]> => readdir(folder).catch(() => []);
