import { describe, expect, it } from "vitest";
import { CATALOGUE, parseEvent } from "./catalogue.ts";
import { majorOf, UPCASTERS, type Upcaster, upcast } from "./upcasters.ts";

const steps: readonly Upcaster[] = [
  { type: "a.b.c", fromMajor: 1, upcast: (data) => ({ ...Object(data), second: true }) },
  { type: "a.b.c", fromMajor: 2, upcast: (data) => ({ ...Object(data), third: true }) },
  { type: "x.y.z", fromMajor: 1, upcast: () => "another type's" },
];

const from = (version: string, current: string): unknown =>
  upcast({ type: "a.b.c", version, data: { first: true } }, current, steps);

describe("an event of an older version", () => {
  it("goes through every step between its version and today's, and no other", () => {
    expect(from("1.7", "3.4")).toEqual({ first: true, second: true, third: true });
    expect(from("2.0", "3.4")).toEqual({ first: true, third: true });
    expect(from("3.0", "3.4")).toEqual({ first: true });
  });

  it("is refused where a step is missing, and where it is from the future", () => {
    expect(() => from("0.9", "3.0")).toThrow("nothing leads on from a.b.c 0.x");
    expect(() => from("4.0", "3.0")).toThrow("newer than this program");
  });

  it("is upcast before its schema is asked, and then is of today's version", () => {
    const [definition] = CATALOGUE;
    if (definition === undefined) throw new Error("the catalogue is empty");
    const metadata = {
      eventId: "00000000-0000-4000-8000-000000000000",
      eventType: definition.type,
      timestamp: 0,
      version: `${majorOf(definition.version) + 1}.0`,
      source: "test",
      correlationId: null,
      causationId: null,
    };
    expect(() => parseEvent({ metadata, data: {} })).toThrow("newer than this program");
  });

  it("has a step from each version that its type ever had", () => {
    for (const { type, fromMajor } of UPCASTERS) {
      const current = CATALOGUE.find((definition) => definition.type === type);
      expect(fromMajor).toBeLessThan(majorOf(current?.version ?? "0.0"));
    }
  });
});
