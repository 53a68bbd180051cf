import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CARD_FORMATS } from "@clockleaf/shared/wire/card-formats.ts";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { readCard } from "./card.ts";
import {
  encodeOrder,
  hasLeds,
  ORDER,
  type Order,
  readBuffer,
  readDeviceInfo,
  readStripping,
  type Shown,
  withLeds,
} from "./commands.ts";

const golden = join(import.meta.dirname, "../../../test/vectors/pcprox");
const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

const expectedSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("order"), order: z.string() }),
  z.object({ kind: z.literal("device-info"), firmware: z.string(), deviceType: z.string() }),
  z.object({ kind: z.literal("page-0"), lead: z.int(), trail: z.int() }),
  z.object({
    kind: z.literal("page-2"),
    green: z.string(),
    amber: z.string(),
    red: z.string(),
    dark: z.string(),
  }),
  z.object({
    kind: z.literal("buffer"),
    lead: z.int(),
    trail: z.int(),
    bits: z.int(),
    hex: z.string(),
  }),
]);

const vectors = readdirSync(golden, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => {
    const read = (file: string): string => readFileSync(join(golden, name, file), "utf8");
    const reports = read("input.hex").trim().split("\n");
    return {
      name,
      reports: reports.map((hex) => Uint8Array.from(Buffer.from(hex, "hex"))),
      expected: expectedSchema.parse(JSON.parse(read("expected.json"))),
    };
  });

type Expected = z.output<typeof expectedSchema>;
const of = <Kind extends Expected["kind"]>(kind: Kind) =>
  vectors.flatMap(({ name, reports: [report = new Uint8Array(0), second], expected }) =>
    expected.kind === kind
      ? [{ name, report, second, expected: expected as Extract<Expected, { kind: Kind }> }]
      : [],
  );

describe("golden pcProx reports", () => {
  test("are there, one for each order that can be sent", () => {
    const orders = new Set(of("order").map(({ expected }) => expected.order));
    expect(orders).toEqual(new Set(Object.keys(ORDER)));
    expect(vectors).toHaveLength(13);
  });

  test.each(of("order"))("encodes $name byte for byte", ({ report, expected }) => {
    expect(toHex(encodeOrder(codeOf(expected.order)))).toBe(toHex(report));
  });

  test.each(of("device-info"))("decodes $name", ({ report, expected }) => {
    const { kind: _, ...info } = expected;
    expect(readDeviceInfo(report)).toEqual(info);
  });

  test.each(of("page-0"))("decodes $name", ({ report, expected: { lead, trail } }) => {
    expect(readStripping(report)).toEqual({ lead, trail });
  });

  test.each(of("page-2"))(
    "shows every state of the LED in $name, and changes nothing else",
    ({ report, expected }) => {
      for (const shown of ["green", "amber", "red", "dark"] satisfies Shown[]) {
        const page = withLeds(report, shown);
        expect(toHex(page)).toBe(expected[shown]);
        expect(hasLeds(page, shown)).toBe(true);
      }
      expect(hasLeds(report, "dark")).toBe(false);
    },
  );

  test.each(of("buffer"))("decodes $name to the whole card", ({ report, second, expected }) => {
    const buffered = readBuffer(report, second ?? new Uint8Array(0));
    const { lead, trail, bits, hex } = expected;
    const read = buffered.kind === "card" ? buffered.bits : [];
    expect(readCard(read, { lead, trail }, CARD_FORMATS).credential).toEqual({
      kind: "card",
      bits,
      hex,
    });
  });
});

describe("what can be sent", () => {
  test("never saves anything in the reader: no order has an argument", () => {
    for (const order of Object.values(ORDER)) {
      expect([...encodeOrder(order).subarray(1)]).toEqual([0, 0, 0, 0, 0, 0, 0]);
    }
  });
});

function codeOf(name: string): Order {
  const [, code] = Object.entries(ORDER).find(([known]) => known === name) ?? [];
  if (code === undefined) throw new Error(`no order is called ${name}`);
  return code;
}
