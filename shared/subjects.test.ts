import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  eventSubject,
  parseClockSubject,
  parseEventSubject,
  partitionOf,
  readerOfPunchSubject,
  resentSubject,
  segmentSubject,
  terminalAnswerSubject,
  terminalPunchSubject,
  tokenSchema,
} from "./subjects.ts";

const token = fc.stringMatching(/^[A-Za-z0-9_-]{1,20}$/);

describe("subjects", () => {
  it("partition like nats-server does: FNV-1a of the joined tokens", () => {
    // The published FNV-1a 32-bit test vectors for "", "a" and "foobar".
    expect(0x811c9dc5 % 16).toBe(partitionOf("", ""));
    expect(0xe40c292c % 16).toBe(partitionOf("a", ""));
    expect(0xbf9cf968 % 16).toBe(partitionOf("foo", "bar"));
  });

  it("read back what they were built from", () => {
    fc.assert(
      fc.property(token, token, token, (tenant, site, gateway) => {
        const address = { tenant, site, gateway };
        expect(parseClockSubject(segmentSubject(address))).toEqual({ ...address, resent: false });
        expect(parseClockSubject(resentSubject(address))).toEqual({ ...address, resent: true });
        const aggregate = { domain: "attendance" as const, tenant, aggregateId: site };
        expect(parseEventSubject(eventSubject(aggregate))).toEqual(aggregate);
        expect(readerOfPunchSubject(terminalPunchSubject(gateway))).toBe(gateway);
        expect(readerOfPunchSubject(terminalAnswerSubject(gateway))).toBeUndefined();
      }),
      { seed: 20_261_124 },
    );
  });

  it("refuse what is not theirs", () => {
    for (const subject of [
      "",
      "clock.v2.a.b.c",
      "clock.v1.a.b",
      "clock.v1.a.b.c.d",
      "evt.v1.a.b.c",
      "clock.v1.a.b.c.resent.x",
    ]) {
      expect(parseClockSubject(subject)).toBeUndefined();
    }
    expect(parseEventSubject("evt.v1.weather.3.acme.e1")).toBeUndefined();
  });

  it("take no token that would change their shape", () => {
    for (const bad of ["", "a.b", "*", ">", "a b", "ä", "x".repeat(65)]) {
      expect(tokenSchema.safeParse(bad).success).toBe(false);
    }
  });
});
