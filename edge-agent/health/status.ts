import type { GatewayAddress } from "@clockleaf/shared/subjects.ts";
import type { Heartbeat } from "@clockleaf/shared/wire/heartbeat.ts";
import type { ReaderHealth } from "../devices/driver.ts";
import type { DirectoryStatus } from "../directory/directory.ts";
import type { HubLinkStatus } from "../hub-link.ts";
import type { JournalStats } from "../journal/journal.ts";

export const AGENT_VERSION = "0.1.0";
const MAX_BEAT_READERS = 256;
const MAX_BEAT_MESSAGE = 300;

/** Everything `clockleaf-edge status` shows. */
export interface AgentStatus {
  readonly version: string;
  readonly gateway: GatewayAddress;
  /** `degraded` when anything in `problems` needs a person. */
  readonly state: "ok" | "degraded";
  /** One sentence each, with the reader or part it is about. */
  readonly problems: readonly string[];
  readonly startedAtMs: number;
  readonly readers: readonly ReaderHealth[];
  readonly journal: JournalStats & { readonly epoch: string };
  readonly uplink: HubLinkStatus;
  readonly directory: DirectoryStatus;
}

export type StatusParts = Omit<AgentStatus, "state" | "problems" | "version">;

export function statusOf(parts: StatusParts): AgentStatus {
  const problems = problemsOf(parts);
  return {
    version: AGENT_VERSION,
    state: problems.length === 0 ? "ok" : "degraded",
    problems,
    ...parts,
  };
}

function problemsOf({ readers, journal, uplink, directory }: StatusParts): string[] {
  const problems = readers
    .filter(({ state }) => state === "offline" || state === "fault")
    .map(
      ({ reader, state, fault }) =>
        `reader ${reader} ${state}: ${fault?.message ?? "no reason given"}`,
    );
  if (journal.state !== "open")
    problems.push(`journal ${journal.state}: readers show no green light`);
  switch (uplink.state.kind) {
    case "connecting":
      problems.push("uplink: the leaf server on this gateway is not reached yet");
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

/** The part of the status that the cloud hears every few seconds. */
export function heartbeatOf(parts: StatusParts, nowMs: number): Heartbeat {
  const { journal } = parts;
  return {
    sentAtMs: nowMs,
    agentVersion: AGENT_VERSION,
    epoch: journal.epoch,
    lastRow: journal.lastRow,
    deliveredRow: journal.deliveredRow,
    oldestWaitingMs: journal.oldestWaitingMs,
    readers: parts.readers.slice(0, MAX_BEAT_READERS).map(({ reader, state, fault }) => ({
      reader,
      state,
      fault:
        fault === null
          ? null
          : { code: fault.code, message: fault.message.slice(0, MAX_BEAT_MESSAGE) },
    })),
  };
}
