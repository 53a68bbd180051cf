import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { describe, expect, it } from "vitest";
import { eventually } from "../../test/support/eventually.ts";
import { watchSync } from "./sync-watch.ts";
import { errorOf, readSync, type SyncProbe, type SyncState, wasSetByRtc } from "./time-sync.ts";

const NOW = Date.UTC(2026, 10, 24, 12);

/** A machine with these programs and files. */
const machine = (
  programs: Readonly<Record<string, string>>,
  files: Readonly<Record<string, number>> = {},
): SyncProbe => ({
  run: (program) => {
    const said = programs[program];
    return said === undefined ? Promise.reject(new Error("ENOENT")) : Promise.resolve(said);
  },
  modifiedMs: (path) => Promise.resolve(files[path]),
  nowMs: () => NOW,
});
/** As chrony 4 prints it. */
const tracking = (id: string, at: number, leap: string): string =>
  `${id},192.0.2.7,3,${at / 1000}.123,0.000012,0.000008,0.000034,-12.1,0.002,0.05,0.012,0.001,64.4,${leap}\n`;
const FOLDER = "/run/systemd/timesync";

describe("what a machine says of its clock", () => {
  it.each<[what: string, SyncProbe, SyncState]>([
    [
      "chrony that follows a server",
      machine({ chronyc: tracking("C0000207", NOW - 64_000, "Normal") }),
      { kind: "synchronised", by: "chrony", agoMs: 63_877 },
    ],
    [
      "chrony that found none",
      machine({ chronyc: tracking("00000000", 0, "Not synchronised") }),
      { kind: "never", by: "chrony" },
    ],
    [
      "chrony that follows itself",
      machine({ chronyc: tracking("7F7F0101", NOW - 1000, "Normal") }),
      { kind: "never", by: "chrony" },
    ],
    [
      "timesyncd that has synchronised",
      machine({}, { [FOLDER]: NOW - 9e6, [`${FOLDER}/synchronized`]: NOW - 300_000 }),
      { kind: "synchronised", by: "timesyncd", agoMs: 300_000 },
    ],
    [
      "timesyncd that has not",
      machine({ timedatectl: "no\n" }, { [FOLDER]: NOW - 9e6 }),
      { kind: "never", by: "timesyncd" },
    ],
    [
      "a kernel that was told by somebody else",
      machine({ timedatectl: "yes\n" }),
      { kind: "synchronised", by: "kernel", agoMs: 0 },
    ],
    [
      "a kernel that nobody told",
      machine({ timedatectl: "no\n" }),
      { kind: "never", by: "kernel" },
    ],
    ["nothing at all", machine({}), { kind: "unknown" }],
    ["rubbish", machine({ chronyc: "506 Cannot talk", timedatectl: "?" }), { kind: "unknown" }],
  ])("%s", async (_what, probe, state) => {
    expect(await readSync(probe)).toEqual(state);
  });

  it("tells whether a battery kept the time over the boot", async () => {
    const folder = mkdtempSync(join(tmpdir(), "clockleaf-rtc-"));
    expect(await wasSetByRtc(folder)).toBe(false);
    expect(await wasSetByRtc("/nonexistent")).toBe(false);
    for (const [name, said] of [
      ["rtc0", "0\n"],
      ["rtc1", "1\n"],
    ] as const) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, "hctosys"), said);
    }
    expect(await wasSetByRtc(folder)).toBe(true);
    rmSync(folder, { recursive: true });
  });
});

describe("how wrong the clock may be", () => {
  const errors = { uncertaintyMs: 2_000, rtcUncertaintyMs: 60_000, driftPpm: 50 };
  const DAY = 86_400_000;
  const of = (state: SyncState, hasRtc = false): number | null =>
    errorOf(errors, { state, atMonotonicMs: 1_000, hasRtc }, DAY + 1_000);

  it("is what NTP keeps while it is there, and grows once it is gone", () => {
    expect(of({ kind: "unknown" })).toBe(2_000);
    expect(of({ kind: "synchronised", by: "x", agoMs: 0 })).toBe(2_000 + 4_320);
    expect(of({ kind: "synchronised", by: "x", agoMs: 9 * DAY })).toBe(2_000 + 43_200);
  });

  it("is a battery's after a boot without network, and unknown without one", () => {
    expect(of({ kind: "never", by: "x" }, true)).toBe(60_000 + 4_321);
    expect(of({ kind: "never", by: "x" })).toBeNull();
  });

  it("is followed as it changes, and no silence of the machine makes it unknown again", async () => {
    let now = 0;
    let said = "no\n";
    const probe = { ...machine({}), run: (program: string) => answer(program) };
    const answer = (program: string): Promise<string> =>
      program === "timedatectl" ? Promise.resolve(said) : Promise.reject(new Error("ENOENT"));
    const watch = await watchSync({
      errors,
      monotonicMs: () => now,
      log: silentLog(),
      probe,
      hasRtc: () => Promise.resolve(false),
      everyMs: 1,
    });
    try {
      expect(watch.errorMs()).toBeNull();
      said = "yes\n";
      await eventually(() => watch.errorMs() === 2_000, { what: "synchronised" });
      said = "no\n";
      await eventually(() => watch.state().kind === "synchronised", { what: "asked again" });
      now = DAY;
      await eventually(() => watch.errorMs() === 2_000 + 4_320, { what: "the error grows" });
    } finally {
      watch.close();
    }
  });
});
