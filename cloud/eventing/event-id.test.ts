import { expect, test } from "vitest";
import { deriveEventId, newEventId } from "./event-id.ts";

test("derives the same id from the same parts, for ever, and another from others", () => {
  // printf "4:gw-11:7" through sha256sum, the first 16 bytes with version 8 and variant set
  expect(deriveEventId("gw-1", "7")).toBe("2d3769d0-9e9f-8634-a805-c788bc6cc5e2");
  expect(deriveEventId("ab", "c")).not.toBe(deriveEventId("a", "bc"));
});

test("makes fresh ids that sort by the time they were made", () => {
  const ids = Array.from({ length: 50 }, newEventId);
  expect(new Set(ids).size).toBe(50);
  expect(ids[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
