import { execFile } from "node:child_process";
import { readdir, readFile, stat } from "node:fs/promises";
import { promisify } from "node:util";

/**
 * What the machine says of its own clock. `synchronised`: a time service set it by a server so long ago. `never`: one runs
 * and has not managed to in this boot. `unknown`: there is none, or none that we can ask.
 */
export type SyncState =
  | { readonly kind: "synchronised"; readonly by: string; readonly agoMs: number }
  | { readonly kind: "never"; readonly by: string }
  | { readonly kind: "unknown" };

/** How the machine is asked; all of it may fail. */
export interface SyncProbe {
  /** What a program prints. Rejects where it is missing, fails, or takes more than two seconds. */
  run(program: string, args: readonly string[]): Promise<string>;
  /** When a file was last written, UTC milliseconds; undefined where it is missing. */
  modifiedMs(path: string): Promise<number | undefined>;
  /** UTC milliseconds. */
  nowMs(): number;
}

/**
 * Asks the three that Linux gateways have, and believes the first that answers: chrony (`chronyc -c tracking`), the file
 * that systemd-timesyncd touches at every synchronisation (systemd-timesyncd.service(8)), and what the kernel was told,
 * as timedated says it. `adjtimex` itself would need a native module.
 */
export async function readSync(probe: SyncProbe): Promise<SyncState> {
  return (await ofChrony(probe)) ?? (await ofTimesyncd(probe)) ?? (await ofKernel(probe));
}

async function ofChrony(probe: SyncProbe): Promise<SyncState | undefined> {
  const line = await probe.run("chronyc", ["-c", "tracking"]).catch(() => undefined);
  // Fields as `chronyc tracking` lists them: id, name, stratum, reference time, … , leap status.
  const fields = line?.trim().split(",") ?? [];
  if (fields.length < 14) return undefined;
  const [id = "", , , referenceSeconds = ""] = fields;
  const atMs = Number(referenceSeconds) * 1000;
  // 7F7F0101 is chrony's own clock, which it serves where nothing better is there.
  const isSynchronised =
    fields[13] !== "Not synchronised" && id !== "00000000" && id !== "7F7F0101" && atMs > 0;
  return isSynchronised
    ? synchronised("chrony", probe.nowMs() - atMs)
    : { kind: "never", by: "chrony" };
}

const TIMESYNCD = "/run/systemd/timesync";

async function ofTimesyncd(probe: SyncProbe): Promise<SyncState | undefined> {
  const atMs = await probe.modifiedMs(`${TIMESYNCD}/synchronized`);
  if (atMs !== undefined) return synchronised("timesyncd", probe.nowMs() - atMs);
  const isRunning = (await probe.modifiedMs(TIMESYNCD)) !== undefined;
  return isRunning ? { kind: "never", by: "timesyncd" } : undefined;
}

async function ofKernel(probe: SyncProbe): Promise<SyncState> {
  const said = await probe
    .run("timedatectl", ["show", "--property=NTPSynchronized", "--value"])
    .catch(() => "");
  switch (said.trim()) {
    case "yes":
      return synchronised("kernel", 0);
    case "no":
      return { kind: "never", by: "kernel" };
    default:
      return { kind: "unknown" };
  }
}

const synchronised = (by: string, agoMs: number): SyncState => ({
  kind: "synchronised",
  by,
  agoMs: Math.max(0, Math.round(agoMs)),
});

const RTC_FOLDER = "/sys/class/rtc";

/** Whether the kernel set the wall clock by a clock with a battery when it booted (`hctosys`, kernel's rtc-class sysfs). */
export async function wasSetByRtc(folder = RTC_FOLDER): Promise<boolean> {
  const clocks = await readdir(folder).catch(() => []);
  const said = clocks.map((name) => readFile(`${folder}/${name}/hctosys`, "utf8").catch(() => ""));
  return (await Promise.all(said)).some((text) => text.trim() === "1");
}

const ASK_TIMEOUT_MS = 2_000;
const execFileAsync = promisify(execFile);

export const machineProbe: SyncProbe = {
  async run(program, args) {
    const { stdout } = await execFileAsync(program, [...args], {
      timeout: ASK_TIMEOUT_MS,
      maxBuffer: 64 * 1024,
    });
    return stdout;
  },
  modifiedMs: async (path) => (await stat(path).catch(() => undefined))?.mtimeMs,
  nowMs: () => Date.now(),
};

/** How wrong the wall clock may be, milliseconds. */
export interface SyncErrors {
  /** While it is synchronised, and where nobody can say. */
  readonly uncertaintyMs: number;
  /** Where it was set by a clock with a battery, and not since. */
  readonly rtcUncertaintyMs: number;
  /** What it gains or loses by itself, parts per million. */
  readonly driftPpm: number;
}

/** The newest answer, when it was given by the monotonic clock, and whether a battery kept the time over the boot. */
export interface SyncKnown {
  readonly state: SyncState;
  readonly atMonotonicMs: number;
  readonly hasRtc: boolean;
}

/** ± error of the wall clock now, milliseconds; null = nothing is known of it: a clock that nothing has set in this boot. */
export function errorOf(
  errors: SyncErrors,
  { state, atMonotonicMs, hasRtc }: SyncKnown,
  nowMonotonicMs: number,
): number | null {
  const drifted = (forMs: number): number =>
    Math.ceil((Math.max(0, forMs) * errors.driftPpm) / 1e6);
  switch (state.kind) {
    case "unknown":
      return errors.uncertaintyMs;
    case "synchronised":
      return errors.uncertaintyMs + drifted(state.agoMs + nowMonotonicMs - atMonotonicMs);
    case "never":
      // Monotonic time counts from the boot, which is when the battery's clock was read.
      return hasRtc ? errors.rtcUncertaintyMs + drifted(nowMonotonicMs) : null;
  }
}
