import { definitionOf } from "@clockleaf/shared/events/catalogue.ts";
import { tokenSchema } from "@clockleaf/shared/subjects.ts";
import { expect, it } from "vitest";
import { domainOf } from "../names.ts";
import { ALERT_TYPES, REDIS_FEEDS, writerKeyOf } from "./streams.ts";

it("each Redis stream has one feed, named by a token, from a stream that holds events", () => {
  for (const of of ["id", "key"] as const) {
    expect(new Set(REDIS_FEEDS.map((feed) => feed[of])).size).toBe(REDIS_FEEDS.length);
  }
  for (const { id, stream } of REDIS_FEEDS) {
    expect(tokenSchema.safeParse(id).success).toBe(true);
    expect(() => domainOf(stream)).not.toThrow();
  }
});

it("has the names that consumers were promised", () => {
  expect(REDIS_FEEDS.map(({ key, stream, groups }) => [key, stream].concat(groups))).toEqual([
    ["attendance:stream", "ATTENDANCE", "attendance:processors"],
    ["notifications:stream", "NOTIFICATION", "notification:workers"],
    ["audit:stream", "AUDIT", "audit:processors"],
    ["alerts:stream", "ATTENDANCE"],
    ["reports:stream", "REPORTING"],
  ]);
});

it("what is an alert is an event of attendance", () => {
  for (const type of ALERT_TYPES) expect(definitionOf(type).domain).toBe("attendance");
});

it("a stream and its writer lie in the same hash slot", () => {
  expect(writerKeyOf("acme:attendance:stream")).toBe("{acme:attendance:stream}:writer");
});
