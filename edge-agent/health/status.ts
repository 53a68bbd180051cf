import type { GatewayAddress } from "@clockleaf/shared/subjects.ts";
import type { Heartbeat } from "@clockleaf/shared/wire/heartbeat.ts";
import type { TimeStatus } from "../clock/time.ts";
import type { ReaderHealth } from "../devices/driver.ts";
import type { DirectoryStatus } from "../directory/directory.ts";
import type { HubLinkStatus } from "../hub-link.ts";
import type { JournalStats } from "../journal/journal.ts";
import { hubOffsetOf, isFarOff, offsetText } from "./hub-time.ts";
import type { ProcessStatus } from "./process-watch.ts";

export const AGENT_VERSION = "0.1.0";
const MAX_BEAT_READERS = 256;
const MAX_BEAT_MESSAGE = 300;

export interface ReaderStatus extends ReaderHealth {
  /** How far its own clock is ahead of the site's time, and how sure that is, milliseconds; null = not known, or it has none. */
  readonly clock: { readonly offsetMs: number; readonly withinMs: number } | null;
}

/** Which configuration the agent runs with. Safe mode is whatever is not the file. */
export interface ConfigurationStatus {
  readonly file: string;
  /** `last-good`: what an agent last started with, since the file cannot be used; `none`: nothing, no reader is read. */
  readonly runsWith: "file" | "last-good" | "none";
  /** When what it runs with was first used, UTC milliseconds; null with `none`. */
  readonly sinceMs: number | null;
  /** Why the file is not used, line by line as `config check` says it; null while it is. */
  readonly problem: string | null;
  /** How often the file was read, at the start and for every reload: it grows when a reload is done. */
  readonly reads: number;
}

/** What an agent tells that reads nothing, for want of a configuration. */
export interface IdleStatus {
  readonly version: string;
  /** `degraded` when anything in `problems` needs a person. */
  readonly state: "ok" | "degraded";
  /** One sentence each, with the reader or part it is about. */
  readonly problems: readonly string[];
  readonly configuration: ConfigurationStatus;
  readonly startedAtMs: number;
}

/** Everything `clockleaf-edge status` shows. */
export interface AgentStatus extends IdleStatus {
  readonly gateway: GatewayAddress;
  readonly clock: TimeStatus;
  readonly readers: readonly ReaderStatus[];
  readonly journal: JournalStats & { readonly epoch: string };
  readonly uplink: HubLinkStatus;
  readonly directory: DirectoryStatus;
  readonly process: ProcessStatus;
}

export type StatusParts = Omit<AgentStatus, "state" | "problems" | "version">;

export function idleStatusOf(parts: Pick<IdleStatus, "configuration" | "startedAtMs">): IdleStatus {
  const problems = configurationProblems(parts.configuration);
  return { version: AGENT_VERSION, state: "degraded", problems, ...parts };
}

export function statusOf(parts: StatusParts): AgentStatus {
  const problems = problemsOf(parts);
  return {
    version: AGENT_VERSION,
    state: problems.length === 0 ? "ok" : "degraded",
    problems,
    ...parts,
  };
}

function configurationProblems({ problem, runsWith, sinceMs }: ConfigurationStatus): string[] {
  if (problem === null) return [];
  const instead =
    runsWith === "none"
      ? "SAFE MODE: no reader is read, for want of a configuration that was good"
      : `SAFE MODE: running with the last good one of ${new Date(sinceMs ?? 0).toISOString()}`;
  return [
    `configuration ${problem}\n${instead}; correct the file, then clockleaf-edge config reload`,
  ];
}

function readerProblem({ reader, state, fault }: ReaderStatus): readonly string[] {
  if (state !== "offline" && state !== "fault") return [];
  return [`reader ${reader} ${state}: ${fault?.message ?? "no reason given"}`];
}

/** Nothing is changed by it: whoever keeps the clock is believed about it, and a person finds out which of the two is wrong. */
function hubTimeProblem({ clock, uplink }: StatusParts): readonly string[] {
  const offset = hubOffsetOf(uplink);
  if (offset === null || !isFarOff(offset)) return [];
  const why =
    clock.sync === "synchronised"
      ? "although a time service keeps it: one of the two has a wrong one"
      : "punches are dated wrongly by as much";
  return [`clock ${offsetText(offset)}, ${why}; \`clockleaf-edge doctor\` says what to do`];
}

function problemsOf(parts: StatusParts): string[] {
  const { configuration, clock, readers, journal, uplink, directory } = parts;
  const problems = configurationProblems(configuration);
  if (readers.length === 0) {
    problems.push("readers: none configured; find them with clockleaf-edge scan or on the page");
  }
  problems.push(...readers.flatMap(readerProblem));
  if (clock.uncertaintyMs === null) {
    problems.push(
      "clock: this gateway does not know the time; punches are kept, and dated once it does",
    );
  } else {
    problems.push(...hubTimeProblem(parts));
  }
  if (journal.state !== "open")
    problems.push(`journal ${journal.state}: readers show no green light`);
  switch (uplink.state.kind) {
    case "connecting":
      problems.push("uplink: the leaf server on this gateway is not reached yet");
      break;
    case "refused":
      problems.push(
        "uplink: the leaf server refuses this gateway's key (nats.seedFile); `clockleaf-edge doctor` says what to do",
      );
      break;
    case "waiting":
      problems.push(
        `uplink: the hub does not take rows (${uplink.state.code}); they wait in the journal`,
      );
      break;
    case "halted":
      problems.push(`uplink halted: ${uplink.state.message}`);
      break;
    default:
  }
  if (directory.state === "not-loaded") {
    problems.push("directory: never loaded; badges are recorded without greeting");
  }
  return problems;
}

/** Whether rows wait because the gateway's key is not known, or not for this gateway: nothing that heals by itself. */
export function isUnauthorised({ uplink }: Pick<AgentStatus, "uplink">): boolean {
  const { state } = uplink;
  return (
    state.kind === "refused" || (state.kind === "waiting" && state.code === "uplink.unauthorised")
  );
}

/** The part of the status that the cloud hears every few seconds. */
export function heartbeatOf(parts: StatusParts, nowMs: number): Heartbeat {
  const { journal, clock } = parts;
  const { oldestWaitingMs } = journal;
  return {
    sentAtMs: nowMs,
    agentVersion: AGENT_VERSION,
    epoch: journal.epoch,
    lastRow: journal.lastRow,
    deliveredRow: journal.deliveredRow,
    oldestWaitingMs: oldestWaitingMs === null ? null : Math.max(0, nowMs - oldestWaitingMs),
    clock,
    configuration: beatConfiguration(parts.configuration),
    readers: parts.readers.slice(0, MAX_BEAT_READERS).map(readerOf),
  };
}

/** What runs with nothing sends no heartbeat. */
const beatConfiguration = ({ runsWith, problem }: ConfigurationStatus) => ({
  runsWith: runsWith === "file" ? ("file" as const) : ("last-good" as const),
  problem: problem === null ? null : problem.slice(0, MAX_BEAT_MESSAGE),
});

function readerOf({ reader, state, fault, clock }: ReaderStatus): Heartbeat["readers"][number] {
  const said = {
    reader,
    state,
    fault:
      fault === null
        ? null
        : { code: fault.code, message: fault.message.slice(0, MAX_BEAT_MESSAGE) },
  };
  return clock === null ? said : { ...said, clock };
}
