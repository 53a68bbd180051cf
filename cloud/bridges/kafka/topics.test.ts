import { STREAMS } from "@clockleaf/shared/subjects.ts";
import { expect, test } from "vitest";
import { FEEDS, namesOf, topicOf } from "./topics.ts";

const feedOf = (stream: string) => ({ id: stream.toLowerCase(), stream });
const placeOf = (stream: string) => topicOf(feedOf(stream), "");

test("streams go to the topics that were agreed on, with their partitions", () => {
  const places = FEEDS.map(({ stream }) => [
    stream,
    placeOf(stream).name,
    placeOf(stream).partitions,
  ]);
  expect(places.toSorted(([a = ""], [b = ""]) => (a < b ? -1 : 1))).toEqual([
    ["ATTENDANCE", "attendance-events", 6],
    ["AUDIT", "audit-events", 12],
    ["DOCUMENT", "audit-events", 12],
    ["EMPLOYEE", "employee-events", 3],
    ["FLEET", "audit-events", 12],
    ["IDENTITY", "audit-events", 12],
    ["LEAVE", "employee-events", 3],
    ["NOTIFICATION", "audit-events", 12],
    ["PAYROLL", "payroll-events", 3],
    ["REPORTING", "audit-events", 12],
    ["WEBHOOK", "audit-events", 12],
    ["WORKFLOW", "audit-events", 12],
  ]);
});

test("raw readings, messages to be sent and dead letters have no topic", () => {
  for (const stream of [STREAMS.clock, STREAMS.notify, STREAMS.deadLetters]) {
    expect(FEEDS.some((feed) => feed.stream === stream)).toBe(false);
    expect(() => placeOf(stream)).toThrow(stream);
  }
});

test("no two feeds of a tenant share a writer or a checkpoint", () => {
  const names = FEEDS.map((feed) => namesOf("acme", feed, ""));
  expect(new Set(names.map(({ transactionalId }) => transactionalId)).size).toBe(FEEDS.length);
  expect(new Set(names.map(({ checkpoint }) => checkpoint.key)).size).toBe(FEEDS.length);
  expect(namesOf("acme", feedOf("LEAVE"), "")).toEqual({
    transactionalId: "clockleaf-acme-LEAVE",
    checkpoint: { topic: "clockleaf-checkpoints", key: "acme/LEAVE/employee-events" },
  });
});

test("a prefix keeps installations on one cluster apart, writers too", () => {
  expect(topicOf(feedOf("LEAVE"), "test.").name).toBe("test.employee-events");
  expect(namesOf("acme", feedOf("LEAVE"), "test.")).toEqual({
    transactionalId: "test.clockleaf-acme-LEAVE",
    checkpoint: { topic: "test.clockleaf-checkpoints", key: "acme/LEAVE/test.employee-events" },
  });
});
