import { describe, expect, it } from "vitest";
import type { StoredEvent } from "../../cloud/eventing/event-store.ts";
import { censusOf } from "./census.ts";

const id = (n: number): string => `0193ffff-0000-7000-8000-${String(n).padStart(12, "0")}`;
const stored = (
  n: number,
  causationId: string | null,
  correlationId: string | null = "c1",
): StoredEvent => ({
  seq: n,
  subject: "evt.v1.employee.0.acme.e1",
  event: {
    metadata: {
      eventId: id(n),
      eventType: "employee.employee.created",
      timestamp: 1,
      version: "1.0",
      source: "test",
      correlationId,
      causationId,
    },
    data: {},
  },
  traceparent: undefined,
});

describe("a census", () => {
  it("counts events and is content with chains that begin outside", () => {
    const events = [stored(1, "request-1"), stored(2, id(1)), stored(3, id(2))];
    expect(censusOf(events)).toEqual({
      byType: { "employee.employee.created": 3 },
      causationBroken: 0,
      broken: [],
    });
  });

  it("finds an event without a cause, one whose cause is not there, and one of another correlation", () => {
    const events = [stored(1, null), stored(2, id(9)), stored(3, id(1), "c2")];
    expect(censusOf(events).causationBroken).toBe(3);
  });
});
