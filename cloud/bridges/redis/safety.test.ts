import { expect, it } from "vitest";
import { factsOf, judge, type ServerFacts } from "./safety.ts";

const INFO = [
  "# Memory",
  "maxmemory_policy:noeviction",
  "# Persistence",
  "aof_enabled:1",
  "# Replication",
  "role:master",
  "# Cluster",
  "cluster_enabled:0",
  "",
].join("\r\n");
const SAFE = factsOf(INFO, -1);
const judging = { key: "attendance:stream", isCluster: false, assumeSafe: false };

it("a master that evicts nothing and writes an append-only file is safe", () => {
  expect(SAFE).toEqual({
    policy: "noeviction",
    role: "master",
    isClusterNode: false,
    hasAppendOnlyFile: true,
    expiresInMs: undefined,
  });
  expect(judge(SAFE, judging)).toEqual({ unsafe: undefined, warnings: [] });
});

it.each<[string, Partial<ServerFacts>, string]>([
  ["evicts", { policy: "allkeys-lru" }, "CONFIG SET maxmemory-policy noeviction"],
  ["evicts what may expire", { policy: "volatile-ttl" }, "CONFIG SET maxmemory-policy noeviction"],
  ["is a replica", { role: "slave" }, "address of the master"],
  ["is a cluster's node", { isClusterNode: true }, "nodes instead of url"],
  ["lets the stream expire", { expiresInMs: 5_000 }, "PERSIST attendance:stream"],
  ["does not tell", { policy: undefined }, "assumeSafe: true"],
])("a server that %s is refused, and what to type is said", (_, facts, says) => {
  expect(judge({ ...SAFE, ...facts }, judging).unsafe).toContain(says);
});

it("what a server does not tell may be vouched for; what it does tell may not", () => {
  const vouched = { ...judging, assumeSafe: true };
  expect(judge(factsOf("", -1), vouched).unsafe).toBeUndefined();
  expect(judge({ ...SAFE, policy: "allkeys-lfu" }, vouched).unsafe).toBeDefined();
  expect(judge(factsOf("", 1_000), vouched).unsafe).toBeDefined();
});

it("without an append-only file it goes on, and says what may happen", () => {
  const { unsafe, warnings } = judge({ ...SAFE, hasAppendOnlyFile: false }, judging);
  expect(unsafe).toBeUndefined();
  expect(warnings).toEqual([expect.stringContaining("CONFIG SET appendonly yes")]);
});
