import type { Log } from "@clockleaf/shared/lib/log.ts";
import { type ClockConfig, createClock, type GatewayTime, systemSources } from "./clock.ts";
import { type SyncWatch, watchSync } from "./sync-watch.ts";
import {
  createTerminalClocks,
  type TerminalClocks,
  type TerminalClocksConfig,
} from "./terminal-clocks.ts";
import { startTimeKeeper, type TimeKeeper } from "./time-keeper.ts";
import type { SyncState } from "./time-sync.ts";
import { openUndatedMark } from "./undated-mark.ts";

export interface TimeOptions {
  readonly clock: ClockConfig;
  readonly terminalClocks: TerminalClocksConfig;
  /** IANA zone of the site; undefined while nobody has told. */
  readonly zone: () => string | undefined;
  /** On tmpfs. */
  readonly runtimeDir: string;
  /** Journals that this boot knows the time. Rejects if it is not on disk. */
  readonly tell: (time: GatewayTime) => Promise<void>;
  readonly log: Log;
}

/** How well the gateway knows the time. */
export interface TimeStatus {
  /** ± milliseconds; null = it does not. */
  readonly uncertaintyMs: number | null;
  readonly sync: SyncState["kind"];
}

/** Everything about time on this gateway: its own clocks, the machine's word on them, and those of terminals. */
export interface Time extends Pick<TimeKeeper, "now" | "claimAtMs"> {
  readonly terminals: TerminalClocks;
  status(): TimeStatus;
  close(): void;
}

/** Resolves once the machine has said whether its clock is right. Never rejects. */
export async function startTime(options: TimeOptions): Promise<Time> {
  const { clock: config, terminalClocks, zone, runtimeDir, tell, log } = options;
  const sources = systemSources();
  const isWatched = config.source === "system" && config.ntp === "watch";
  const sync: SyncWatch | undefined = isWatched
    ? await watchSync({ errors: config, monotonicMs: () => sources.monotonicMs(), log })
    : undefined;
  const clock = createClock(config, sources, sync && (() => sync.errorMs()));
  // A simulated clock never jumps, and at its speed the noise of looking would seem to be one.
  const keeper =
    config.source === "simulated"
      ? undefined
      : startTimeKeeper({ clock, mark: openUndatedMark(runtimeDir), tell, log });
  const now = (): GatewayTime => keeper?.now() ?? clock.now();
  return {
    now,
    claimAtMs: (atMs) => keeper?.claimAtMs(atMs) ?? atMs,
    terminals: createTerminalClocks({
      config: terminalClocks,
      zone,
      now: () => clock.now(),
      nowForRow: now,
    }),
    status: () => ({
      uncertaintyMs: clock.now().uncertaintyMs,
      sync: sync?.state().kind ?? "unknown",
    }),
    close() {
      keeper?.close();
      sync?.close();
    },
  };
}
