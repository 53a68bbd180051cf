import { expect, test } from "vitest";
import { faultOf } from "./declare-topic.ts";

const EVENTS = { name: "employee-events", partitions: 3, holds: "events" } as const;
const CHECKPOINTS = { name: "clockleaf-checkpoints", partitions: 1, holds: "checkpoints" } as const;
const settings = { create: true, replicationFactor: 3, prefix: "" };
const SAFE = {
  "cleanup.policy": "delete",
  "min.insync.replicas": "2",
  "unclean.leader.election.enable": "false",
};

const found = (partitionsCount: number, configs: Record<string, string>, replicas = [1, 2, 3]) => ({
  found: {
    partitionsCount,
    partitions: Array.from({ length: partitionsCount }, () => ({
      leader: 1,
      leaderEpoch: 0,
      replicas,
      isr: replicas,
      offlineReplicas: [],
    })),
  },
  configs: new Map(Object.entries({ ...SAFE, ...configs })),
});

test("topics as we make them are fine", () => {
  expect(faultOf(EVENTS, settings, found(3, {}))).toBeUndefined();
  const compacted = { "cleanup.policy": "compact" };
  expect(faultOf(CHECKPOINTS, settings, found(1, compacted))).toBeUndefined();
});

test.each([
  ["another number of partitions", [EVENTS, found(4, {})] as const, /4 partitions instead of 3/],
  ["checkpoints that are deleted", [CHECKPOINTS, found(1, {})] as const, /set it to compact/],
  [
    "checkpoints that are compacted and deleted",
    [CHECKPOINTS, found(1, { "cleanup.policy": "compact,delete" })] as const,
    /set it to compact/,
  ],
  [
    "events that are compacted",
    [EVENTS, found(3, { "cleanup.policy": "compact" })] as const,
    /set it to delete/,
  ],
  ["too few replicas", [EVENTS, found(3, {}, [1])] as const, /1 replicas instead of 3/],
  [
    "one replica that is enough",
    [EVENTS, found(3, { "min.insync.replicas": "1" })] as const,
    /set it to 2/,
  ],
  [
    "leaders that lack records",
    [EVENTS, found(3, { "unclean.leader.election.enable": "true" })] as const,
    /set it to false/,
  ],
])("%s: refused, and it is said what to do", (_what, [topic, there], says) => {
  expect(faultOf(topic, settings, there)).toMatch(says);
});
