import { setTimeout as sleep } from "node:timers/promises";
import type { EdgeConfig } from "../config.ts";
import { checkGroups, checkUdevRule } from "./access.ts";
import { checkAgent, checkRuntimeDir, lookForAgent } from "./agent.ts";
import { checkClock, checkZone, judgeWallClock } from "./clock.ts";
import { badConfiguration, checkConfiguration, checkLastGood } from "./configuration.ts";
import { checkDisk } from "./disk.ts";
import { type Finding, skip, warn } from "./finding.ts";
import { checkJournal } from "./journal.ts";
import { checkReaderKeys, checkSeed } from "./keys.ts";
import { checkLeaf, checkNames, checkTls } from "./leaf.ts";
import { checkLibraries, checkService, checkSqlite, judgeNode } from "./machine.ts";
import { checkPorts } from "./ports.ts";
import { checkReaders } from "./readers.ts";
import type { Setup } from "./setup.ts";
import { checkUplink } from "./uplink.ts";

export interface DoctorOptions {
  readonly configFile: string;
  /** Throws `config.*`. */
  readonly load: (file: string, home?: string) => Promise<EdgeConfig>;
  readonly listenMs: number;
}

type Findings = readonly Finding[] | Promise<readonly Finding[]>;

interface Check<Of> {
  readonly name: string;
  readonly look: (of: Of) => Findings;
}

/** A check takes as long, plus the time it was told to listen. */
const DEADLINE_MS = 10_000;

/** What needs no configuration, in the order it is told. */
const OF_MACHINE: readonly Check<undefined>[] = [
  { name: "Node", look: () => [judgeNode(process.versions.node)] },
  { name: "library better-sqlite3", look: checkSqlite },
  { name: "clock", look: () => [judgeWallClock(Date.now())] },
  { name: "service", look: checkService },
];

/** The rest, from the box outwards: what comes later often fails because of what comes before. */
const OF_SETUP: readonly Check<Setup>[] = [
  { name: "agent", look: checkAgent },
  { name: "runtimeDir", look: checkRuntimeDir },
  { name: "libraries", look: checkLibraries },
  { name: "user groups", look: checkGroups },
  { name: "udev rule", look: checkUdevRule },
  { name: "ports", look: checkPorts },
  { name: "keys of readers", look: checkReaderKeys },
  { name: "readers", look: checkReaders },
  { name: "disk", look: checkDisk },
  { name: "journal", look: checkJournal },
  { name: "clock synchronisation", look: checkClock },
  { name: "time zone", look: checkZone },
  { name: "key of this gateway", look: checkSeed },
  { name: "DNS", look: checkNames },
  { name: "TLS", look: checkTls },
  { name: "leaf server", look: checkLeaf },
  { name: "uplink", look: checkUplink },
];

/**
 * Looks at everything a gateway needs and says what is wrong and what to type. Changes nothing, opens nothing that an agent
 * may hold, and ends in bounded time. Rejects never: what cannot be looked at is a finding.
 */
export async function examine(options: DoctorOptions): Promise<readonly Finding[]> {
  const machine = await allOf(OF_MACHINE, undefined, DEADLINE_MS);
  let config: EdgeConfig;
  try {
    config = await options.load(options.configFile);
  } catch (error) {
    return [
      ...machine,
      badConfiguration(options.configFile, error),
      skip("everything else", "needs a configuration that can be read"),
    ];
  }
  const agent = await lookForAgent(config.runtimeDir);
  const { configFile, listenMs, load } = options;
  const setup: Setup = { configFile, config, agent, listenMs };
  const checks: readonly Check<Setup>[] = [
    { name: "configuration", look: checkConfiguration },
    { name: "configuration in use", look: (of) => checkLastGood(of, load) },
    ...OF_SETUP,
  ];
  return [...machine, ...(await allOf(checks, setup, DEADLINE_MS + listenMs))];
}

/** All at once, each with its deadline; told in the order of the list. */
async function allOf<Of>(
  checks: readonly Check<Of>[],
  of: Of,
  deadlineMs: number,
): Promise<readonly Finding[]> {
  const found = await Promise.all(checks.map((check) => within(check, of, deadlineMs)));
  return found.flat();
}

async function within<Of>(
  { name, look }: Check<Of>,
  of: Of,
  deadlineMs: number,
): Promise<readonly Finding[]> {
  const cure = "clockleaf-edge doctor once more; if it stays so, send its --json to support";
  const late = sleep(deadlineMs, undefined, { ref: false }).then(() => [
    warn(name, { says: `could not be looked at within ${deadlineMs / 1000} s`, cure }),
  ]);
  try {
    return await Promise.race([look(of), late]);
  } catch (error) {
    const says = error instanceof Error ? error.message : String(error);
    return [warn(name, { says: `could not be looked at: ${says}`, cure })];
  }
}
