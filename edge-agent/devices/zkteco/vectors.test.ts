import { describe, expect, test } from "vitest";
import { z } from "zod";
import { readVectors } from "../../../test/support/vectors.ts";
import { proofOfKey } from "./comm-key.ts";
import { createFramer, encodePacket } from "./frame.ts";
import { decodeRecord } from "./records.ts";
import { usersBySlot } from "./users.ts";

const hex = z.string().transform((text) => Buffer.from(text, "hex"));
const expectedSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.enum(["datagram", "segment"]),
    command: z.int(),
    session: z.int(),
    reply: z.int(),
    data: hex,
  }),
  z.object({
    kind: z.literal("record"),
    size: z.union([z.literal(8), z.literal(16), z.literal(40)]),
    slot: z.int().nullable(),
    userId: z.string().nullable(),
    verify: z.int(),
    state: z.int(),
    rawTime: z.int(),
    local: z.string().nullable(),
    workcode: z.int(),
  }),
  z.object({ kind: z.literal("user"), slot: z.int(), userId: z.string() }),
  z.object({ kind: z.literal("comm-key"), key: z.int(), session: z.int() }),
]);
const vectors = readVectors("zkteco").map((vector) => ({
  name: vector.name,
  input: vector.input,
  expected: expectedSchema.parse(vector.expected),
}));

const TOP_BYTES = 8;

describe("the golden bytes of ZKTeco, as the driver has them", () => {
  test("are there", () => expect(vectors.length).toBeGreaterThanOrEqual(12));

  test.each(vectors)("$name", ({ input, expected }) => {
    switch (expected.kind) {
      case "datagram":
      case "segment": {
        const { command, session, reply, data } = expected;
        const packet = { command, session, reply, data };
        const bytes = encodePacket(packet);
        expect(expected.kind === "segment" ? bytes : bytes.subarray(TOP_BYTES)).toEqual(input);
        expect(createFramer().push(bytes)).toEqual([packet]);
        break;
      }
      case "record": {
        const { kind: _kind, size, ...fields } = expected;
        const { userId, ...record } = decodeRecord(input, size);
        expect({ ...record, userId: userId && Buffer.from(userId).toString("latin1") }).toEqual(
          fields,
        );
        break;
      }
      case "user":
        expect(usersBySlot(input, 1)).toEqual(
          new Map([[expected.slot, Buffer.from(expected.userId)]]),
        );
        break;
      case "comm-key":
        expect(proofOfKey(expected.key, expected.session)).toEqual(input);
        break;
    }
  });
});
