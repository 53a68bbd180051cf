import { existsSync, statSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { dirname } from "node:path";
import type { JournalConfig } from "../journal/config.ts";
import { type Finding, fail, ok, quoted, RESTART, warn } from "./finding.ts";
import type { Setup } from "./setup.ts";

const MIB = 1024 * 1024;
/** Below this a log that somebody else writes may fill the disk before anybody looks. */
const LEAST_FREE = 32 * MIB;
const LEAST_INODES = 100;

export interface DiskFacts {
  readonly folder: string;
  readonly freeBytes: number;
  /** Null where the file system has no fixed number of them. */
  readonly freeInodes: number | null;
  /** What journal and reserve take already. */
  readonly usedBytes: number;
}

export async function checkDisk({ config }: Setup): Promise<readonly Finding[]> {
  const { path, reserveBytes } = config.journal;
  const folder = nearest(dirname(path));
  const { bavail, bsize, ffree, files } = await statfs(folder);
  const facts: DiskFacts = {
    folder,
    freeBytes: bavail * bsize,
    freeInodes: files === 0 ? null : ffree,
    usedBytes: sizeOf(path) + Math.min(reserveBytes, sizeOf(`${path}.reserve`)),
  };
  return [judgeSpace(facts), judgeInodes(facts), judgeCap(facts, config.journal)];
}

export function judgeSpace({ folder, freeBytes }: DiskFacts): Finding {
  const about = `disk of ${folder}`;
  if (freeBytes >= LEAST_FREE) return ok(about, `${mib(freeBytes)} free`);
  return fail(about, {
    says: `nearly full, ${mib(freeBytes)} free: readers show no green light once nothing fits`,
    cure: `df -h ${quoted(folder)}, and what fills it: sudo du -xh ${quoted(folder)} | sort -h | tail; sudo journalctl --vacuum-size=100M`,
  });
}

export function judgeInodes({ folder, freeInodes }: DiskFacts): Finding {
  const about = `inodes of ${folder}`;
  if (freeInodes === null) return ok(about, "not limited");
  if (freeInodes >= LEAST_INODES) return ok(about, `${freeInodes} free`);
  return fail(about, {
    says: `${freeInodes} left: no file can be made soon, however much space is free`,
    cure: `df -i ${quoted(folder)}, and where they are: sudo du --inodes -x ${quoted(folder)} | sort -n | tail`,
  });
}

/** Whether the journal can grow to what it may take. */
export function judgeCap(
  { folder, freeBytes, usedBytes }: DiskFacts,
  { maxBytes, reserveBytes }: Pick<JournalConfig, "maxBytes" | "reserveBytes">,
): Finding {
  const about = "journal.maxBytes";
  const room = freeBytes + usedBytes;
  if (room >= maxBytes + reserveBytes) return ok(about, `${mib(maxBytes)}, which the disk has`);
  // Whole MiB, with a fifth left to others.
  const fitting = Math.max(1, Math.floor(((room - reserveBytes) * 0.8) / MIB)) * MIB;
  return warn(about, {
    says: `allows ${mib(maxBytes)}, and ${folder} has room for ${mib(room)}: the disk is full before the journal is`,
    cure: `in the configuration, journal: { maxBytes: ${fitting} }, then: ${RESTART}`,
  });
}

const mib = (bytes: number): string => `${(bytes / MIB).toFixed(0)} MiB`;

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

/** The folder, or the nearest above it that is there: the agent makes the rest. */
function nearest(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? folder : nearest(dirname(folder));
}
