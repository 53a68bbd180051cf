import { describe, expect, it } from "vitest";
import type { JournalFileStats } from "../journal/inspect.ts";
import type { UplinkStats } from "../uplink/uplink.ts";
import { backlogOf } from "./backlog.ts";

const MIB = 1024 * 1024;

const stats = (changes: Partial<JournalFileStats> = {}): JournalFileStats => ({
  epoch: "e1",
  schema: 3,
  rows: 1_024,
  firstKeptRow: 1,
  lastRow: 1_024,
  deliveredRow: 1_024,
  deliveredStreamSeq: 9,
  waiting: 0,
  oldestWaitingMs: null,
  bytes: MIB,
  walBytes: 0,
  inPerHour: 100,
  ...changes,
});
const sending = (rowsLastMinute: number) => ({
  uplink: {
    state: { kind: "sending" as const },
    stats: {
      segments: 1,
      rows: 1,
      bytes: 1,
      rowsLastMinute,
      resumes: 1,
      failures: 0,
      lostRows: 0,
      resentRows: 0,
      lastContactMs: 1,
      hubClock: null,
    } satisfies UplinkStats,
  },
});
const disk = { capBytes: 10 * MIB, diskFreeBytes: 100 * MIB };

describe("the backlog", () => {
  it("is drained at the speed of the last minute, less what comes in meanwhile", () => {
    const waiting = stats({ waiting: 500, inPerHour: 600, oldestWaitingMs: 1 });
    const backlog = backlogOf(waiting, { ...disk, status: sending(260) });
    expect(backlog).toMatchObject({ from: "agent", outPerMinute: 260, drainMs: 120_000 });
    expect(backlogOf(waiting, { ...disk, status: sending(10) }).drainMs).toBeNull();
    expect(backlogOf(waiting, { ...disk, status: undefined })).toMatchObject({
      from: "file",
      outPerMinute: null,
      drainMs: null,
    });
    expect(backlogOf(stats(), { ...disk, status: undefined }).drainMs).toBe(0);
  });

  it("fits until the cap, or until the disk is full, and what the hub has makes room", () => {
    expect(backlogOf(stats(), { ...disk, status: undefined })).toMatchObject({
      rowsUntilFull: 10_240,
      hoursUntilFull: 102.4,
    });
    const waiting = stats({ waiting: 1_024 });
    expect(backlogOf(waiting, { ...disk, status: undefined }).rowsUntilFull).toBe(9_216);
    const small = { capBytes: 10 * MIB, diskFreeBytes: MIB, status: undefined };
    expect(backlogOf(waiting, small).rowsUntilFull).toBe(1_024);
    expect(backlogOf(waiting, { ...small, diskFreeBytes: 0 }).rowsUntilFull).toBe(0);
  });

  it("does not guess by a few rows, or by nobody", () => {
    expect(backlogOf(stats({ rows: 99 }), { ...disk, status: undefined })).toMatchObject({
      rowsUntilFull: null,
      hoursUntilFull: null,
    });
    for (const inPerHour of [0, null]) {
      const quiet = backlogOf(stats({ inPerHour }), { ...disk, status: undefined });
      expect(quiet.hoursUntilFull).toBeNull();
    }
  });
});
