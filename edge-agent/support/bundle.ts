import { execFile } from "node:child_process";
import { existsSync, statfsSync } from "node:fs";
import { arch, cpus, freemem, loadavg, release, totalmem, uptime } from "node:os";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { codeOf } from "@clockleaf/shared/lib/errors.ts";
import { redacted } from "../cli/config-text.ts";
import type { EdgeConfig } from "../config.ts";
import { scan } from "../discovery/scan.ts";
import { type DoctorOptions, examine } from "../doctor/doctor.ts";
import { AGENT_UNIT } from "../doctor/finding.ts";
import { plainFinding } from "../doctor/report.ts";
import { readBacklog } from "../health/backlog.ts";
import { askStatus } from "../health/control-client.ts";
import { AGENT_VERSION } from "../health/status.ts";
import { verifyJournal } from "../journal/verify.ts";

/** What somebody who helps from afar needs; one section each, or why it could not be had. */
export type Bundle = Readonly<Record<string, unknown>>;

const MAX_LOG_LINES = 500;
const MAX_LOG_BYTES = 4 * 1024 * 1024;

export type BundleOptions = Pick<DoctorOptions, "configFile" | "load">;

/**
 * Looks at everything and changes nothing; never rejects. No punch, badge, name, key or password is in it: the
 * configuration's secrets are hidden, of the journal there are only numbers, and the log has none of them anyway.
 */
export async function gatherBundle(
  { configFile, load }: BundleOptions,
  nowMs: number = Date.now(),
): Promise<Bundle> {
  const bundle: Record<string, unknown> = {
    madeAt: new Date(nowMs).toISOString(),
    agentVersion: AGENT_VERSION,
    machine: machine(),
  };
  const add = async (name: string, look: () => unknown): Promise<void> => {
    bundle[name] = await orWhyNot(look);
  };
  let config: EdgeConfig | undefined;
  await add("configuration", async () => {
    config = await load(configFile);
    return redacted(config);
  });
  await add("terminalsFound", () => scan());
  await add("log", () => journalctl());
  if (config === undefined) return bundle;
  const { runtimeDir, journal } = config;
  await add("disk", () => disk(dirname(journal.path)));
  await add("status", () => askStatus(runtimeDir));
  await add("backlog", () => readBacklog({ runtimeDir, journal }));
  await add("journal", () => verifyJournal(journal.path));
  await add("doctor", async () =>
    (await examine({ configFile, load, listenMs: 0 })).map(plainFinding),
  );
  return bundle;
}

async function orWhyNot(look: () => unknown): Promise<unknown> {
  try {
    return await look();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // The lines after the first of each paragraph repeat the file, where a password may stand.
    return { missing: codeOf(error), why: message.split("\n").filter(isNoQuote).join("\n") };
  }
}

const isNoQuote = (line: string): boolean => /^\S/.test(line);

function machine(): unknown {
  return {
    platform: process.platform,
    release: release(),
    arch: arch(),
    node: process.versions.node,
    cpus: cpus().length,
    memoryBytes: { total: totalmem(), free: freemem() },
    load: loadavg(),
    uptimeSeconds: Math.round(uptime()),
  };
}

function disk(folder: string): unknown {
  const { bsize, blocks, bavail, files, ffree } = statfsSync(folder);
  return { bytes: blocks * bsize, freeBytes: bavail * bsize, inodes: files, freeInodes: ffree };
}

async function journalctl(): Promise<readonly string[] | string> {
  if (!existsSync("/run/systemd/system"))
    return "no systemd here: the log is where the agent's stderr goes";
  const args = ["-u", AGENT_UNIT, "-n", String(MAX_LOG_LINES), "--no-pager", "-o", "cat"];
  const { stdout } = await promisify(execFile)("journalctl", args, { maxBuffer: MAX_LOG_BYTES });
  return stdout.trimEnd().split("\n");
}
