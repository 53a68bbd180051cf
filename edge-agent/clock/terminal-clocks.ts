import { type PunchTime, punchTimeSchema } from "@clockleaf/shared/wire/punch.ts";
import { zoneSchema } from "@clockleaf/shared/worktime/civil-time.ts";
import { z } from "zod";
import type { GatewayTime } from "./clock.ts";
import { instantsOf, localTimeAt } from "./local-time.ts";
import { looked, lookOf, type Offset, offsetOf, type TerminalClock } from "./terminal-clock.ts";
import { takenAt } from "./terminal-time.ts";

export const timeZoneSchema = zoneSchema.describe(
  "IANA zone of the site, such as Europe/Berlin: terminals with a clock of their own show its time. Needed where one is configured",
);

export const terminalClocksConfigSchema = z
  .strictObject({
    set: z
      .union([
        z.literal("never"),
        z.strictObject({
          whenBeyondSeconds: z
            .int()
            .min(1)
            .max(86_400)
            .describe("Set a clock that is off by more than this, once its log was read"),
        }),
      ])
      .default({ whenBeyondSeconds: 10 })
      .describe(
        "Whether the clocks of terminals are set by the gateway's; default when more than 10 s off. Records are corrected either way",
      ),
    maxAheadSeconds: z
      .int()
      .min(0)
      .max(3_600)
      .default(60)
      .describe(
        "How far in the future a terminal's record may lie, after correction, and count as made when it was read; beyond that it goes to quarantine. Seconds, default 60",
      ),
  })
  .describe("Terminals that have a clock of their own");
export type TerminalClocksConfig = z.output<typeof terminalClocksConfigSchema>;

export interface TerminalClocksOptions {
  readonly config: TerminalClocksConfig;
  /** IANA zone of the site; undefined while nobody has told. */
  readonly zone: () => string | undefined;
  readonly now: () => GatewayTime;
  /** The same, for a row that is about to be journaled. */
  readonly nowForRow: () => GatewayTime;
}

/** What a driver saw of a terminal's clock. */
export interface SeenClock {
  /** What it showed, `YYYY-MM-DDTHH:MM:SS`. */
  readonly deviceLocal: string;
  /** From the question to the answer; half of it is the error. */
  readonly roundTripMs: number;
  /** Everything in the terminal's log up to now has been handed over. Only then may its clock be set. */
  readonly isLogRead: boolean;
}

export interface ClockVerdict {
  /** How far the terminal is ahead of the site's time; null = cannot be said. */
  readonly offset: Offset | null;
  /** Set it to `localTime()`, and say afterwards what it shows then. */
  readonly advice: "set" | "leave";
}

/** As handed over by a driver. */
export interface TakenReading {
  readonly reader: string;
  readonly deviceLocal: string | null;
  /** By the terminal's own count. */
  readonly agoMs?: number;
  readonly recordKey: string | null;
}

/** What is known of the clocks of all terminals, and the times of their punches. In memory: a restart looks anew. */
export interface TerminalClocks {
  seen(reader: string, clock: SeenClock): ClockVerdict;
  /** What a right clock at this site shows now; null while the gateway does not know the time or the zone. */
  localTime(): string | null;
  /** All that is known of the time of a reading that was handed over now. */
  timeOf(reading: TakenReading): PunchTime;
  /** Undefined where it has not been seen, or cannot be said. */
  offsetOf(reader: string): Offset | undefined;
}

interface Terminal {
  readonly clock: TerminalClock;
  /** Monotonic; null = not known. */
  readonly notBeforeMs: number | null;
}
const UNSEEN: Terminal = { clock: [], notBeforeMs: null };

/** Half a second lies between what is shown and what is meant, on average: terminals cut to the second. */
const CUT_MS = 500;
/** What is sent at once on a local network is there by then. */
const COUNTED_MS = 1_000;
const COUNT_DRIFT = 1e-3;
/** A gateway that is this unsure itself sets nobody's clock. */
const SURE_MS = 5_000;

export function createTerminalClocks(options: TerminalClocksOptions): TerminalClocks {
  const terminals = new Map<string, Terminal>();
  const { config, zone, now, nowForRow } = options;

  return {
    seen: (reader, seen) => see({ ...options, terminals }, reader, seen),
    localTime() {
      const { gatewayAtMs, uncertaintyMs } = now();
      const here = zone();
      if (uncertaintyMs === null || here === undefined) return null;
      return localTimeAt(gatewayAtMs, here);
    },
    timeOf(reading) {
      const at = nowForRow();
      const { reader, deviceLocal, agoMs, recordKey } = reading;
      if (agoMs !== undefined) return countedBack(at, deviceLocal, agoMs);
      if (deviceLocal === null) {
        // A record of a log was made at some time, and not now.
        if (recordKey === null) return { ...at, deviceLocal };
        return { ...at, deviceLocal, uncertaintyMs: null, doubt: "no-date" };
      }
      const known = terminals.get(reader) ?? UNSEEN;
      const wall = wallOf(at);
      const taken = takenAt(deviceLocal, {
        ...known,
        zone: zone(),
        nowMonotonicMs: at.monotonicMs,
        wall,
        maxAheadMs: config.maxAheadSeconds * 1000,
      });
      if (taken.kind === "doubt") {
        return {
          ...at,
          deviceLocal: writable(deviceLocal),
          uncertaintyMs: null,
          doubt: taken.doubt,
        };
      }
      terminals.set(reader, { ...known, notBeforeMs: taken.earliestMs });
      return datedBy(at, deviceLocal, taken);
    },
    offsetOf: (reader) => offsetAt(terminals.get(reader), now()),
  };
}

interface Part extends TerminalClocksOptions {
  readonly terminals: Map<string, Terminal>;
}

function see(
  { config, zone, now, terminals }: Part,
  reader: string,
  { deviceLocal, roundTripMs, isLogRead }: SeenClock,
): ClockVerdict {
  const at = now();
  const here = zone();
  const shown = here === undefined ? undefined : instantsOf(deviceLocal, here);
  if (shown === undefined) return { offset: null, advice: setUnlessKept(config, isLogRead, at) };
  const known = terminals.get(reader) ?? UNSEEN;
  const halfMs = roundTripMs / 2;
  const look = lookOf(known.clock, {
    shown: { ...shown, instants: shown.instants.map((instant) => instant + CUT_MS) },
    monotonicMs: at.monotonicMs - halfMs,
    withinMs: CUT_MS + halfMs,
    wallMs: wallOf(at)?.nowMs ?? null,
  });
  const terminal = {
    clock: looked(known.clock, look),
    notBeforeMs: isLogRead ? look.monotonicMs : known.notBeforeMs,
  };
  terminals.set(reader, terminal);
  const offset = offsetAt(terminal, at) ?? null;
  return { offset, advice: isLogRead ? adviceOf(config, offset, at) : "leave" };
}

function offsetAt(terminal: Terminal | undefined, at: GatewayTime): Offset | undefined {
  const { gatewayAtMs: wallMs, monotonicMs, uncertaintyMs } = at;
  if (uncertaintyMs === null) return undefined;
  return offsetOf((terminal ?? UNSEEN).clock, { wallMs, monotonicMs });
}

const wallOf = ({ gatewayAtMs, uncertaintyMs }: GatewayTime) =>
  uncertaintyMs === null ? null : { nowMs: gatewayAtMs, withinMs: uncertaintyMs };

/** Its count ended when it was sent, not when it came, and is of a cheap oscillator. */
function countedBack(at: GatewayTime, deviceLocal: string | null, agoMs: number): PunchTime {
  const withinMs = Math.ceil(COUNTED_MS + agoMs * COUNT_DRIFT);
  const monotonicMs = at.monotonicMs - agoMs;
  return datedBy(at, deviceLocal === null ? null : writable(deviceLocal), {
    monotonicMs,
    withinMs,
  });
}

function datedBy(
  at: GatewayTime,
  deviceLocal: string | null,
  taken: { readonly monotonicMs: number; readonly withinMs: number },
): PunchTime {
  const { monotonicMs: takenMonotonicMs, withinMs: takenWithinMs } = taken;
  const time = { ...at, deviceLocal, takenMonotonicMs, takenWithinMs };
  if (at.uncertaintyMs === null) return time;
  const takenAtMs = Math.round(at.gatewayAtMs - (at.monotonicMs - takenMonotonicMs));
  // A punch from before 1970 would have been too old.
  return {
    ...time,
    takenAtMs: Math.max(0, takenAtMs),
    uncertaintyMs: at.uncertaintyMs + takenWithinMs,
  };
}

/** What a driver handed over in another form than rows have would make the row unreadable. */
const writable = (deviceLocal: string): string | null =>
  punchTimeSchema.shape.deviceLocal.safeParse(deviceLocal).success ? deviceLocal : null;

const mayBeSet = (config: TerminalClocksConfig, { uncertaintyMs }: GatewayTime): boolean =>
  config.set !== "never" && uncertaintyMs !== null && uncertaintyMs <= SURE_MS;

function adviceOf(
  config: TerminalClocksConfig,
  offset: Offset | null,
  at: GatewayTime,
): ClockVerdict["advice"] {
  if (config.set === "never" || offset === null || !mayBeSet(config, at)) return "leave";
  const isBeyond =
    Math.abs(offset.offsetMs) > config.set.whenBeyondSeconds * 1000 + offset.withinMs;
  return isBeyond ? "set" : "leave";
}

/** A clock that shows no date at all is wrong by more than anything that could be measured. */
const setUnlessKept = (
  config: TerminalClocksConfig,
  isLogRead: boolean,
  at: GatewayTime,
): ClockVerdict["advice"] => (isLogRead && mayBeSet(config, at) ? "set" : "leave");
