import { newTraceparent, traceIdOf } from "@clockleaf/shared/wire/trace-context.ts";
import { describe, expect, it } from "vitest";
import type { NewEvent } from "./event-store.ts";
import { prepareAppend } from "./prepare-append.ts";

const address = { domain: "attendance", tenant: "acme", aggregateId: "e1" } as const;
const withdrawn = (punchId: string): NewEvent => ({
  type: "attendance.meaning.withdrawn",
  data: { employeeId: "e1", punchId, was: "in", reason: "a later punch" },
});
const cause = {
  source: "cloud/attendance",
  atMs: 0,
  correlationId: "request-1",
  causationId: null,
  traceparent: newTraceparent(),
};

describe("a prepared append", () => {
  it("gives each event the trace of its own punch, and the rest that of the cause", async () => {
    const own = newTraceparent();
    const traceOf = (event: NewEvent) => (event.data === events[0]?.data ? own : undefined);
    const events = [withdrawn("a"), withdrawn("b")];
    const { messages } = await prepareAppend([{ address, expectedSeq: 7, events }], {
      ...cause,
      traceOf,
    });
    const traces = messages.map(({ headers }) => new Map(headers).get("traceparent"));
    expect(traces).toEqual([own, cause.traceparent]);
    const decoded = messages.map(({ data }) => Buffer.from(data).toString("latin1"));
    expect(decoded[0]).toContain(traceIdOf(own));
    expect(decoded[1]).toContain("request-1");
  });

  it("guards the first event of each aggregate only", async () => {
    const events = [withdrawn("a"), withdrawn("b")];
    const { messages } = await prepareAppend([{ address, expectedSeq: 7, events }], cause);
    expect(messages.map(({ expectedLastSeq }) => expectedLastSeq)).toEqual([7, undefined]);
  });

  it("refuses an aggregate named twice", async () => {
    const append = { address, expectedSeq: 0, events: [withdrawn("a")] };
    await expect(prepareAppend([append, append], cause)).rejects.toThrowError(
      expect.objectContaining({ code: "stream.batch-refused" }),
    );
  });
});
