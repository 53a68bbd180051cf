import { hubOffsetOf, offsetText } from "./hub-time.ts";
import type { AgentStatus, ReaderStatus } from "./status.ts";

const SYNC_WORDS = {
  synchronised: "synchronised",
  never: "not synchronised since boot",
  unknown: "no time service to ask",
} as const;

/** How sure the gateway is of the time, for people. */
export function clockText({ clock, uplink }: Pick<AgentStatus, "clock" | "uplink">): string {
  const { uncertaintyMs, sync } = clock;
  const known = uncertaintyMs === null ? "not known" : `± ${(uncertaintyMs / 1000).toFixed(1)} s`;
  const offset = hubOffsetOf(uplink);
  const against = offset === null ? "" : `, ${offsetText(offset)}`;
  return `${known}, ${SYNC_WORDS[sync]}${against}`;
}

/** What was read since the start, punches or badges, as the driver counts. */
export const readOf = ({ counters }: ReaderStatus): number =>
  counters["readings-accepted"] ?? counters["badges"] ?? 0;

/** Bytes, frames and badges that came to nothing, whatever the reason. */
export function discardedOf({ counters }: ReaderStatus): number {
  return Object.entries(counters)
    .filter(([name]) => name.startsWith("discarded_") || name.startsWith("dropped_"))
    .reduce((sum, [, count]) => sum + count, 0);
}

/** Its fault and what to do; else what the terminal tells of itself. */
export function saysOf({ fault, facts, clock }: ReaderStatus): string {
  if (fault !== null) return fault.message;
  const told = Object.entries(facts).map(([name, value]) => `${name} ${value}`);
  return [...told, ...(clock === null ? [] : [`clock ${seconds(clock.offsetMs)} s`])].join(", ");
}

const seconds = (ms: number): string => `${ms < 0 ? "" : "+"}${(ms / 1000).toFixed(1)}`;
