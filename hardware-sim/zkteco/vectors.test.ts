import { describe, expect, test } from "vitest";
import { z } from "zod";
import { readVectors } from "../../test/support/vectors.ts";
import { packTime, unpackTime } from "./clock.ts";
import { isKey } from "./comm-key.ts";
import { ZkMemory } from "./memory.ts";
import { createZkTerminal } from "./terminal.ts";
import { createStream, datagram, parseDatagram, segment, type ZkPacket } from "./wire.ts";

const hex = z.string().transform((text) => Buffer.from(text, "hex"));
const packet = { command: z.int(), session: z.int(), reply: z.int(), data: hex };
const expectedSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("datagram"), ...packet }),
  z.object({
    kind: z.literal("segment"),
    ...packet,
    event: z.object({ userId: z.string(), verify: z.int(), state: z.int(), local: z.string() }),
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
  z.object({ kind: z.literal("user"), slot: z.int(), userId: z.string(), name: z.string() }),
  z.object({ kind: z.literal("comm-key"), key: z.int(), session: z.int() }),
]);
type Expected = z.output<typeof expectedSchema>;
const vectors = readVectors("zkteco").map((vector) => ({
  name: vector.name,
  input: vector.input,
  expected: expectedSchema.parse(vector.expected),
}));
const LENGTH_FIELD = 4;

describe("the golden bytes of ZKTeco, as the simulated terminal has them", () => {
  test("are there", () => expect(vectors.length).toBeGreaterThanOrEqual(12));

  test.each(vectors)("$name", ({ input, expected }) => {
    switch (expected.kind) {
      case "datagram":
        expect(datagram(expected)).toEqual(input);
        expect(parseDatagram(input)).toMatchObject({ command: expected.command });
        break;
      case "segment":
        expect(segment(expected)).toEqual(input);
        expect(createStream()(input)).toHaveLength(1);
        expectEvent(expected);
        break;
      case "record":
        expectRecord(expected, input);
        break;
      case "user": {
        const memory = new ZkMemory({ recordBytes: input.length === 28 ? 16 : 40 });
        memory.users.push({ slot: expected.slot, id: expected.userId, name: expected.name });
        expect(memory.userTable().subarray(LENGTH_FIELD)).toEqual(input);
        break;
      }
      case "comm-key":
        expect(isKey(input, expected.key, expected.session)).toBe(true);
        expect(isKey(input, expected.key + 1, expected.session)).toBe(false);
        break;
    }
  });
});

/** The captured event has 32 bytes of data; newer terminals add twenty zeros. */
function expectEvent({ event, data }: Extract<Expected, { kind: "segment" }>): void {
  const sent: ZkPacket[] = [];
  const terminal = createZkTerminal();
  const session = terminal.connect((one) => sent.push(one), 1024);
  const say = (command: number, bytes: Buffer): void =>
    void session.hear({ command, session: 0, reply: 0, data: bytes });
  say(1000, Buffer.alloc(0));
  say(500, Buffer.of(1, 0, 0, 0));
  const { userId, verify, state } = event;
  terminal.punch(userId, { verify, state, at: new Date(`${event.local}Z`) });
  expect(sent[0]).toMatchObject({ command: 500, session: 1, reply: 0 });
  expect(sent[0]?.data.subarray(0, data.length)).toEqual(data);
}

function expectRecord(expected: Extract<Expected, { kind: "record" }>, input: Buffer): void {
  const userId = expected.userId ?? "1";
  const memory = new ZkMemory({ recordBytes: expected.size });
  memory.users.push({ slot: expected.slot ?? 1, id: userId, name: "" });
  const { verify, state, workcode, rawTime } = expected;
  const at = unpackTime(rawTime);
  memory.add({
    userId,
    at,
    verify,
    state,
    workcode,
    ...(expected.local === null ? { packedTime: rawTime } : {}),
  });
  if (expected.local !== null) {
    expect(packTime(at)).toBe(rawTime);
    expect(at.toISOString()).toBe(`${expected.local}.000Z`);
  }
  expect(memory.attendanceTable().subarray(LENGTH_FIELD)).toEqual(input);
}
