import type { EventDefinition } from "@clockleaf/shared/events/envelope.ts";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { contractOf, judge, type Verdict } from "./event-contract.ts";

const fields = {
  id: z.string().min(1).max(64),
  kind: z.enum(["early", "late"]),
  count: z.int().min(0).max(100),
  note: z.string().nullable(),
  inner: z.object({ at: z.int(), tags: z.array(z.string()) }),
  more: z.string().optional(),
};
const happened = (data: z.ZodType, version = "1.0"): EventDefinition => ({
  type: "test.thing.happened",
  domain: "audit",
  name: "ThingHappened",
  version,
  data,
});
const BEFORE = happened(z.object(fields));
const upcaster = { type: BEFORE.type, fromMajor: 1, upcast: (data: unknown) => data };

const gate = (after: EventDefinition, upcasters = [] as Array<typeof upcaster>): Verdict =>
  judge(contractOf(BEFORE), contractOf(after), upcasters);

const { note: _note, ...withoutNote } = fields;
const { inner } = fields;

describe("a planted change of an event's schema", () => {
  test.each<readonly [string, z.ZodType, string]>([
    ["a required field", z.object({ ...fields, extra: z.string() }), "data.extra: is required now"],
    ["a removed field", z.object(withoutNote), "data.note: was removed"],
    [
      "a field required anew",
      z.object({ ...fields, more: z.string() }),
      "data.more: is required now",
    ],
    [
      "a narrower enum",
      z.object({ ...fields, kind: z.enum(["early"]) }),
      'no longer allows ["late"]',
    ],
    [
      "another type",
      z.object({ ...fields, id: z.int() }),
      'the type was "string" and is "integer"',
    ],
    ["null no more", z.object({ ...fields, note: z.string() }), "data.note: nothing takes"],
    [
      "a shorter text",
      z.object({ ...fields, id: z.string().min(1).max(8) }),
      "maxLength is stricter",
    ],
    ["a pattern", z.object({ ...fields, id: z.string().min(1).max(64).regex(/^x/) }), "pattern is"],
    [
      "a smaller number",
      z.object({ ...fields, count: z.int().min(0).max(9) }),
      "maximum is stricter",
    ],
    [
      "a field renamed deep inside",
      z.object({ ...fields, inner: z.object({ when: z.int(), tags: inner.shape.tags }) }),
      "data.inner.at: was removed",
    ],
    [
      "items of another type",
      z.object({ ...fields, inner: z.object({ at: z.int(), tags: z.array(z.int()) }) }),
      "data.inner.tags[]: the type was",
    ],
    ["closed to other fields", z.strictObject(fields), "takes no other fields now"],
  ])("fails for %s", (_, data, reason) => {
    const verdict = gate(happened(data));
    expect(verdict).toMatchObject({ kind: "incompatible" });
    expect(verdict.kind === "incompatible" ? verdict.reasons.join("\n") : "").toContain(reason);
    expect(verdict.kind === "incompatible" ? verdict.reasons.at(-1) : "").toContain("to 2.0");
  });

  test.each<readonly [string, z.ZodType]>([
    ["an optional field", z.object({ ...fields, extra: z.string().optional() })],
    ["a field with a default", z.object({ ...fields, extra: z.string().default("x") })],
    ["a wider enum", z.object({ ...fields, kind: z.enum(["early", "late", "never"]) })],
    ["a wider number", z.object({ ...fields, count: z.number().min(-1).max(1_000) })],
    ["a field that may be null", z.object({ ...fields, id: z.string().max(64).nullable() })],
    ["another description", z.object({ ...fields, id: fields.id.describe("whose") })],
  ])("is only to be written down for %s", (_, data) => {
    expect(gate(happened(data))).toEqual({ kind: "compatible" });
  });

  test("passes with a new major version and an upcaster, and not with one of them", () => {
    const without = z.object(withoutNote);
    expect(gate(happened(without, "2.0"), [upcaster])).toEqual({ kind: "compatible" });
    expect(gate(happened(without, "2.0"))).toMatchObject({ kind: "incompatible" });
    expect(gate(happened(without, "1.1"), [upcaster])).toMatchObject({ kind: "incompatible" });
    expect(gate(happened(without, "3.0"), [upcaster])).toMatchObject({ kind: "incompatible" });
    expect(gate(happened(z.object(fields), "0.9"))).toMatchObject({ kind: "incompatible" });
    expect(gate(BEFORE)).toEqual({ kind: "same" });
  });
});
