import { heartbeatSchema } from "@clockleaf/shared/wire/heartbeat.ts";
import { describe, expect, it } from "vitest";
import {
  type ConfigurationStatus,
  heartbeatOf,
  idleStatusOf,
  type StatusParts,
  statusOf,
} from "./status.ts";

const GOOD: ConfigurationStatus = {
  file: "gateway.yaml",
  runsWith: "file",
  sinceMs: 0,
  problem: null,
  reads: 1,
};
const BAD: ConfigurationStatus = {
  ...GOOD,
  runsWith: "last-good",
  sinceMs: Date.UTC(2026, 0, 2),
  problem: "gateway.yaml:3:1: linez: unknown key",
};

const JOURNAL: StatusParts["journal"] = {
  epoch: "abcdefghij",
  state: "open",
  rows: 1,
  firstKeptRow: 1,
  lastRow: 1,
  deliveredRow: 1,
  deliveredStreamSeq: 1,
  waiting: 0,
  oldestWaitingMs: null,
  bytes: 0,
  walBytes: 0,
  capBytes: 1,
  commits: 1,
  repeats: 0,
  rejected: 0,
  commitP50Ms: null,
  commitP99Ms: null,
};
const UPLINK = {
  segments: 1,
  rows: 1,
  rowsLastMinute: 1,
  lastContactMs: 1,
  hubClock: null,
  bytes: 1,
  resumes: 1,
  failures: 0,
  lostRows: 0,
  resentRows: 0,
};

const IN_TIME = { p50Ms: 0, p99Ms: 0, maxMs: 0 };

const parts = (configuration: ConfigurationStatus): StatusParts => ({
  configuration,
  gateway: { tenant: "acme", site: "hq", gateway: "gw1" },
  startedAtMs: 0,
  clock: { uncertaintyMs: 1000, sync: "synchronised" },
  readers: [{ reader: "door", state: "online", fault: null, counters: {}, facts: {}, clock: null }],
  journal: JOURNAL,
  uplink: { state: { kind: "idle" }, stats: UPLINK },
  directory: { state: "loaded", entries: 1, ageMs: 0 },
  process: {
    rssBytes: 1,
    peakRssBytes: 1,
    heapUsedBytes: 1,
    loopDelay: { sinceStart: IN_TIME, lastMinute: IN_TIME },
  },
});

describe("what an agent tells of its configuration", () => {
  it("is nothing while the file is used", () => {
    expect(statusOf(parts(GOOD))).toMatchObject({ state: "ok", problems: [] });
  });

  it("is in safe mode where it is wrong, since when it runs with what, and what to do", () => {
    const { state, problems } = statusOf(parts(BAD));
    expect(state).toBe("degraded");
    expect(problems).toEqual([
      "configuration gateway.yaml:3:1: linez: unknown key\nSAFE MODE: running with the last good one of 2026-01-02T00:00:00.000Z; correct the file, then clockleaf-edge config reload",
    ]);
    const idle = idleStatusOf({ startedAtMs: 0, configuration: { ...BAD, runsWith: "none" } });
    expect(idle.problems[0]).toContain("no reader is read");
  });

  it("goes to the cloud with every heartbeat, within its limits", () => {
    const long = { ...BAD, problem: "x".repeat(1000) };
    const beat = heartbeatSchema.parse(heartbeatOf(parts(long), 5));
    expect(beat.configuration).toEqual({ runsWith: "last-good", problem: "x".repeat(300) });
    expect(heartbeatOf(parts(GOOD), 5).configuration).toEqual({ runsWith: "file", problem: null });
  });

  it("names the want of any reader", () => {
    const { problems } = statusOf({ ...parts(GOOD), readers: [] });
    expect(problems).toEqual([expect.stringContaining("readers: none configured")]);
  });
});
