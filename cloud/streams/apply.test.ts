import { silentLog } from "@clockleaf/shared/lib/log.ts";
import type { NatsConnection } from "nats";
import { expect, test } from "vitest";
import { applyTopology, firstMismatch } from "./apply.ts";
import { declareTopology, topologyConfigSchema } from "./topology.ts";

test("names the first field an old server dropped or changed", () => {
  const declared = { name: "CLOCK", subjects: ["clock.>"], allow_atomic: true, max_age: 0 };
  expect(firstMismatch(declared, { ...declared, extra: 1 })).toBeUndefined();
  expect(firstMismatch(declared, { name: "CLOCK", subjects: ["clock.>"] })).toBe("allow_atomic");
  expect(firstMismatch(declared, { ...declared, subjects: ["other.>"] })).toBe("subjects");
  expect(firstMismatch({ deny_delete: false }, {})).toBeUndefined();
});

test("refuses a server without atomic batches before it touches anything", async () => {
  // Only `info` is looked at; any other use of this connection would fail the test.
  const old = { info: { version: "2.11.4", api_lvl: 1 } } as unknown as NatsConnection;
  const streams = declareTopology(topologyConfigSchema.parse({}));
  await expect(applyTopology({ nc: old, streams, log: silentLog() })).rejects.toMatchObject({
    code: "stream.server-too-old",
  });
});

test("sets up batches on every domain stream and forbids deleting from it", () => {
  const streams = declareTopology(topologyConfigSchema.parse({}));
  for (const name of ["EMPLOYEE", "ATTENDANCE"]) {
    const stream = streams.find((each) => each.name === name);
    expect(stream).toMatchObject({ allow_atomic: true, deny_delete: true, deny_purge: true });
  }
});
