import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { crc16, createFramer, encodeFrame, type Frame } from "./frame.ts";
import {
  decodeCleared,
  decodeClock,
  decodeInfo,
  encodeRequest,
  heartbeatAnswer,
  type Request,
  type WallTime,
} from "./messages.ts";
import { decodeRecords, localOf } from "./records.ts";
import { decodeTaken, decodeUsers, type NewUser } from "./users.ts";

const GOLDEN = join(import.meta.dirname, "../../../test/vectors/anviz");

const expectedSchema = z.object({
  kind: z.enum(["call", "reply"]),
  device: z.int(),
  command: z.string(),
  ret: z.int().optional(),
  name: z.string(),
  data: z.string(),
  fields: z.record(z.string(), z.unknown()),
});

const fromHex = (hex: string): Uint8Array => Buffer.from(hex.replaceAll(/\s/g, ""), "hex");
const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

const cases = readdirSync(GOLDEN, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name: folder }) => {
    const read = (file: string): string => readFileSync(join(GOLDEN, folder, file), "utf8");
    return {
      folder,
      bytes: fromHex(read("input.hex")),
      expected: expectedSchema.parse(JSON.parse(read("expected.json"))),
    };
  });

type Expected = z.output<typeof expectedSchema>;

function frameOf({ kind, device, command, ret, data }: Expected): Frame {
  const common = { device, command: Number.parseInt(command, 16), data: fromHex(data) };
  return kind === "call" ? { kind, ...common } : { kind, ret: ret ?? 0, ...common };
}

describe("golden frames", () => {
  test("are there", () => expect(cases.length).toBeGreaterThanOrEqual(25));

  test("have the CRC that the catalogue of CRCs calls MCRF4XX", () => {
    expect(crc16(Buffer.from("123456789"))).toBe(0x6f91);
  });

  test.each(cases)("encodes $folder byte for byte", ({ bytes, expected }) => {
    expect(toHex(encodeFrame(frameOf(expected)))).toBe(toHex(bytes));
  });

  test.each(cases)("finds $folder in a stream", ({ bytes, expected }) => {
    const framer = createFramer();
    const frame = frameOf(expected);
    expect(framer.push(bytes)).toEqual([{ ...frame, data: Uint8Array.from(frame.data) }]);
    expect(framer.takeDiscards()).toEqual({});
  });
});

function wallTime(local: string): WallTime {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = local
    .split(/[-T:]/)
    .map(Number);
  return { year, month, day, hour, minute, second };
}

/** What we would say for the vector; undefined for what only a terminal says, and for what we cannot say. */
function requestOf({ name, fields }: Expected): Request | undefined {
  switch (name) {
    case "info":
    case "clock":
    case "enable-real-time":
      return { ask: name };
    case "set-clock":
      return { ask: name, to: () => wallTime(String(fields["local"])) };
    case "new-records":
    case "clear-flags":
    case "users":
    case "put-users":
      return { ask: name, ...fields } as Request;
    default:
      return undefined;
  }
}

const isOurs = ({ expected }: { expected: Expected }): boolean =>
  expected.kind === "call" && requestOf(expected) !== undefined;

describe("what we say", () => {
  test.each(cases.filter(isOurs))("is $folder", ({ expected }) => {
    const request = requestOf(expected);
    const said = request === undefined ? undefined : encodeRequest(request);
    expect(said?.command.toString(16)).toBe(expected.command);
    expect(toHex(said?.data ?? new Uint8Array(0))).toBe(expected.data);
  });

  test("answers a heartbeat", () => {
    const answer = cases.find(({ expected }) => expected.name === "heartbeat-answer");
    expect(toHex(encodeFrame(heartbeatAnswer(1)))).toBe(toHex(answer?.bytes ?? new Uint8Array(0)));
  });
});

const seen = new Set<string>();

describe("what a terminal says", () => {
  test.each(cases.filter(({ expected }) => expected.kind === "reply"))(
    "is understood: $folder",
    ({ expected: { name, data: hex, fields } }) => {
      seen.add(name);
      const data = fromHex(hex);
      switch (name) {
        case "info":
          expect(decodeInfo(data)).toEqual(fields);
          break;
        case "clock":
          expect(new Date(Number(decodeClock(data))).toISOString()).toBe(
            `${String(fields["local"])}.000Z`,
          );
          break;
        case "cleared":
          expect(decodeCleared(data)).toBe(fields["cleared"]);
          break;
        case "records":
          expect(withLocal(decodeRecords(data))).toEqual(fields["records"]);
          break;
        case "real-time":
          expect(withLocal(decodeRecords(Uint8Array.of(1, ...data)))).toEqual([fields["record"]]);
          break;
        case "taken":
          expect(decodeTaken(data, Number(fields["sent"]))).toEqual(fields["taken"]);
          break;
        default:
          expect(["refusal", "heartbeat-answer"]).toContain(name);
      }
    },
  );

  test("in all the ways there are", () => {
    expect([...seen].toSorted()).toEqual(
      [
        "cleared",
        "clock",
        "heartbeat-answer",
        "info",
        "real-time",
        "records",
        "refusal",
        "taken",
      ].toSorted(),
    );
  });

  test.each(cases.filter(({ expected }) => expected.name === "put-users"))(
    "and what it was told of users, it would tell again: $folder",
    ({ expected: { data, fields } }) => {
      const { users, layout } = fields as { users: NewUser[]; layout: "27" | "30" | "40" };
      expect(decodeUsers(fromHex(data), layout)).toEqual(
        users.map((user) => {
          const { password, ...known } = user;
          return Object.assign(known, { hasPassword: password !== null, fingers: 0 });
        }),
      );
    },
  );
});

const withLocal = (records: ReturnType<typeof decodeRecords>): unknown =>
  records?.map((record) => ({ ...record, local: localOf(record.secs) }));
