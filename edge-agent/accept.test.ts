import { silentLog } from "@clockleaf/shared/lib/log.ts";
import type { JournalRow, PunchTime } from "@clockleaf/shared/wire/punch.ts";
import { describe, expect, it } from "vitest";
import { type Accepted, createAccept } from "./accept.ts";
import type { Feedback, Reading } from "./devices/driver.ts";
import { createGreeter } from "./greeting/greeter.ts";

const MORNING = Date.parse("2026-06-02T08:00Z");
const HOUR = 3_600_000;

interface Desk {
  /** Taps the badge `hours` after eight in the morning. */
  tap(hours: number, reading?: Partial<Reading>): Promise<Feedback>;
  readonly accepted: Accepted[];
  readonly rows: JournalRow[];
  /** What becomes of the next append. */
  append: (row: JournalRow) => Promise<{ row: number; isRepeat: boolean }>;
  uncertaintyMs: number | null;
}

function desk(
  settings: { readonly confirmBeforeCommit: boolean } = { confirmBeforeCommit: false },
): Desk {
  let now = MORNING;
  const time = ({ deviceLocal }: { readonly deviceLocal: string | null }): PunchTime => ({
    gatewayAtMs: now,
    monotonicMs: now - MORNING,
    bootId: "boot",
    uncertaintyMs: made.uncertaintyMs,
    deviceLocal,
  });
  const entry = {
    employeeId: "ada",
    greeting: "Ada L.",
    state: "valid",
    validFromMs: 0,
    pin: null,
    sites: ["hq"],
    groups: [],
  } as const;
  const rules = { revision: "1", zone: "UTC", book: {} };
  const accept = createAccept({
    ...settings,
    append: (row) => made.append(row),
    lookup: (badge, atMs) =>
      badge === "number-1" && atMs >= MORNING - HOUR
        ? { kind: "known", entry: { ...entry, sites: ["hq"], groups: [] } }
        : { kind: "unknown" },
    greeter: createGreeter({ site: "hq", siteRules: () => rules, log: silentLog() }),
    punchIdOf: (row) => `gw-e-${row}`,
    time,
    feedback: { unknownBadge: "red", withdrawnBadge: "red" },
    onAccepted: (accepted) => made.accepted.push(accepted),
  });
  const made: Desk = {
    accepted: [],
    rows: [],
    uncertaintyMs: 20,
    append: (row) => Promise.resolve({ row: made.rows.push(row), isRepeat: false }),
    tap(hours, reading = {}) {
      now = MORNING + hours * HOUR;
      return accept({
        reader: "door",
        credential: { kind: "number", value: "1" },
        hint: null,
        deviceLocal: null,
        pin: "not-asked",
        deviceSeq: null,
        recordKey: null,
        ...reading,
      });
    },
  };
  return made;
}
const text = async (feedback: Promise<Feedback>): Promise<string | null> => (await feedback).text;

describe("the door into the journal", () => {
  it("says what a punch means by the punches before it, and tells listeners why", async () => {
    const made = desk();
    expect(await made.tap(0)).toEqual({ light: "green", text: "IN Ada L." });
    expect(await made.tap(8)).toEqual({ light: "green", text: "OUT Ada L." });
    expect(made.accepted.map(({ told }) => told)).toEqual([
      { meaning: "in", reason: "first punch of a shift" },
      { meaning: "out", reason: "was in, so this is the way out" },
    ]);
    expect(made.rows).toHaveLength(2);
  });

  it("answers and remembers only when the row is on disk", async () => {
    const made = desk();
    const disk = Promise.withResolvers<{ row: number; isRepeat: boolean }>();
    const { append } = made;
    made.append = () => disk.promise;
    let isAnswered = false;
    const first = made.tap(0).then(() => (isAnswered = true));
    made.append = append;
    expect(await text(made.tap(1))).toBe("IN Ada L."); // the first may still come to nothing
    expect(isAnswered).toBe(false);
    expect(made.accepted).toHaveLength(1);
    disk.resolve({ row: 2, isRepeat: false });
    await first;
    expect(await text(made.tap(8))).toBe("IN Ada L.");
  });

  it("forgets a punch that was not stored", async () => {
    const made = desk();
    const { append } = made;
    made.append = () => Promise.reject(new Error("disk full"));
    await expect(made.tap(0)).rejects.toThrow("disk full");
    made.append = append;
    expect(await text(made.tap(1))).toBe("IN Ada L.");
  });

  it("says the same of a reading that is read again after a crash, and counts it once", async () => {
    const made = desk();
    await made.tap(0);
    made.append = () => Promise.resolve({ row: 1, isRepeat: true });
    expect(await text(made.tap(0.001))).toBe("IN Ada L.");
    expect(made.accepted.at(-1)).toMatchObject({
      isRepeat: true,
      told: { meaning: "in" },
      feedback: { text: "IN Ada L." },
    });
    made.append = () => Promise.resolve({ row: 2, isRepeat: false });
    expect(await text(made.tap(8))).toBe("OUT Ada L.");
  });

  it("gives no meaning to what the cloud keeps back: a wrong PIN, a clock that was never set", async () => {
    const made = desk();
    expect(await made.tap(0, { pin: "wrong" })).toEqual({ light: "red", text: "WRONG PIN" });
    expect(made.accepted.at(-1)?.told).toBeNull();
    made.uncertaintyMs = null;
    expect(await made.tap(1)).toEqual({ light: "green", text: "Ada L." });
    made.uncertaintyMs = 20;
    expect(await text(made.tap(2))).toBe("IN Ada L.");
    expect(await made.tap(3, { credential: { kind: "number", value: "9" } })).toMatchObject({
      text: "UNKNOWN BADGE",
    });
    expect(made.rows).toHaveLength(4);
  });

  it("greets whom the badge names now while nobody knows the time", async () => {
    const made = desk();
    made.uncertaintyMs = null;
    // By its clock, which says the year 2000, nobody has a badge yet.
    const year2000 = (Date.UTC(2000, 0) - MORNING) / HOUR;
    expect(await made.tap(year2000)).toEqual({ light: "green", text: "Ada L." });
    made.uncertaintyMs = 20;
    expect(await made.tap(year2000)).toMatchObject({ light: "red" });
  });

  it("promises before the disk does only where a test asks for that fault", async () => {
    const made = desk({ confirmBeforeCommit: true });
    made.append = () => Promise.reject(new Error("disk full"));
    expect(await made.tap(0)).toEqual({ light: "green", text: "IN Ada L." });
    expect(made.accepted).toEqual([]);
  });
});
