import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { createFramer, encodeFrame, type Frame, type FrameParts, withMark } from "./frame.ts";
import { type Command, decodeReply, encodeCommand, type LedPhase, type Reply } from "./messages.ts";
import {
  type Channel,
  clientCryptogram,
  deriveKeys,
  initialRMac,
  isSame,
  open,
  SCB,
  SCBK_DEFAULT,
  serverCryptogram,
} from "./secure-channel.ts";

const root = join(import.meta.dirname, "..", "..", "..");
const golden = join(root, "test", "vectors", "osdp");

const fromHex = (hex: string): Uint8Array => Buffer.from(hex.replaceAll(/[\s-]/g, ""), "hex");
const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

const frameSchema = z.object({
  kind: z.literal("frame"),
  mark: z.boolean(),
  direction: z.enum(["command", "reply"]),
  address: z.int(),
  sqn: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)]),
  check: z.enum(["crc", "checksum"]),
  id: z.string(),
  name: z.string(),
  data: z.string(),
  fields: z.record(z.string(), z.unknown()),
});
const dataSchema = z.object({
  kind: z.literal("data"),
  id: z.string(),
  fields: z.record(z.string(), z.unknown()),
});
const secureSchema = z.object({
  kind: z.literal("secure-channel"),
  scbk: z.string(),
  rndA: z.string(),
  rndB: z.string(),
  sMac1: z.string(),
  sMac2: z.string(),
  sEnc: z.string(),
  serverCryptogram: z.string(),
  clientCryptogram: z.string(),
  rMacI: z.string(),
});
const expectedSchema = z.discriminatedUnion("kind", [frameSchema, dataSchema, secureSchema]);

type FrameVector = z.output<typeof frameSchema>;

const cases = readdirSync(golden, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => ({
    name,
    input: fromHex(readFileSync(join(golden, name, "input.hex"), "utf8")),
    expected: expectedSchema.parse(
      JSON.parse(readFileSync(join(golden, name, "expected.json"), "utf8")),
    ),
  }));

interface Vector<Expected> {
  readonly name: string;
  readonly input: Uint8Array;
  readonly expected: Expected;
}

const framesOf = (direction: FrameVector["direction"]): Vector<FrameVector>[] =>
  cases.flatMap(({ expected, ...rest }) =>
    expected.kind === "frame" && expected.direction === direction ? [{ ...rest, expected }] : [],
  );

function vectorNamed<S extends z.ZodType>(name: string, schema: S): Vector<z.output<S>> {
  const found = cases.find((vector) => vector.name === name);
  if (found === undefined) throw new Error(`no vector ${name}`);
  return { ...found, expected: schema.parse(found.expected) };
}

const headerOf = (expected: FrameVector): Omit<FrameParts, "id" | "data"> => ({
  address: expected.address,
  isReply: expected.direction === "reply",
  sqn: expected.sqn,
  check: expected.check,
  security: null,
});

/** The command of a vector as our encoder wants it; undefined for those attendance never sends. */
function commandOf(name: string, fields: Record<string, unknown>): Command | undefined {
  switch (name) {
    case "POLL":
    case "ID":
    case "CAP":
    case "LSTAT":
      return { type: name };
    case "LED": {
      const { reader, led, temporary, permanent } = fields;
      return {
        type: "LED",
        reader: Number(reader),
        led: Number(led),
        temporary: temporary as LedPhase & { timer: number },
        permanent: permanent as LedPhase,
      };
    }
    case "BUZ":
      return { type: "BUZ", ...(fields as Omit<Extract<Command, { type: "BUZ" }>, "type">) };
    case "TEXT":
      return { type: "TEXT", ...(fields as Omit<Extract<Command, { type: "TEXT" }>, "type">) };
    case "BIOREAD":
    case "BIOMATCH": {
      const { type: part, template, ...rest } = fields;
      const common = {
        reader: Number(rest["reader"]),
        part: Number(part),
        format: Number(rest["format"]),
      };
      if (name === "BIOREAD") return { type: name, ...common, quality: Number(rest["quality"]) };
      const bytes = fromHex(typeof template === "string" ? template : "");
      return { type: name, ...common, threshold: Number(rest["threshold"]), template: bytes };
    }
    case "COMSET":
      return {
        type: "COMSET",
        address: Number(fields["address"]),
        baudRate: Number(fields["baudRate"]),
      };
    default:
      return undefined;
  }
}

/** A decoded reply in the neutral words of the vectors. */
function fieldsOf(reply: Reply): Record<string, unknown> {
  switch (reply.type) {
    case "PDCAP":
      return {
        capabilities: reply.capabilities.map((c) => [c.func, c.compliance, c.count]),
      };
    case "KEYPAD":
      return { reader: reply.reader, keys: toHex(reply.keys) };
    case "BIOREADR": {
      const { reader, status, part, quality, templateBytes } = reply;
      return { reader, status, type: part, quality, template: `${templateBytes} bytes, dropped` };
    }
    default: {
      const { type: _type, ...fields } = reply;
      return fields;
    }
  }
}

/** Known to the vectors, of no use to attendance: the frame is checked, the payload is answered like an ACK. */
const IGNORED_REPLIES = new Set(["ISTATR"]);

describe("golden vectors", () => {
  test("are all there, each of a known kind", () => {
    expect(cases.length).toBeGreaterThanOrEqual(39);
  });

  test.each(framesOf("command"))("$name: a command encodes to these bytes", (vector) => {
    const { expected, input } = vector;
    const [frame, ...rest] = createFramer().push(input);
    expect(rest).toEqual([]);
    expect(frame).toMatchObject(headerOf(expected));
    expect(toHex(frame?.data ?? input)).toBe(expected.data);
    // Commands that attendance never sends are checked as frames only.
    const command = commandOf(expected.name, expected.fields);
    const message =
      command === undefined
        ? { id: Number.parseInt(expected.id, 16), data: fromHex(expected.data) }
        : encodeCommand(command);
    const encoded = encodeFrame({ ...headerOf(expected), ...message });
    expect(toHex(expected.mark ? withMark(encoded) : encoded)).toBe(toHex(input));
  });

  test.each(framesOf("reply"))("$name: a reply decodes to these fields", ({ expected, input }) => {
    const [frame, ...rest] = createFramer().push(input);
    expect(rest).toEqual([]);
    expect(frame).toMatchObject(headerOf(expected));
    const reply = decodeReply({ id: frame?.id ?? 0, data: frame?.data ?? input });
    expect(reply).toMatchObject({
      type: IGNORED_REPLIES.has(expected.name) ? "ignored" : expected.name,
    });
    const { template, ...fields } = expected.fields;
    const wanted =
      typeof template === "string"
        ? { ...fields, template: `${template.length / 2} bytes, dropped` }
        : fields;
    expect(fieldsOf(reply)).toEqual(reply.type === "ignored" ? { id: frame?.id } : wanted);
  });

  test("osdp-net-raw-data: bare data decodes", () => {
    const { expected, input } = vectorNamed("osdp-net-raw-data", dataSchema);
    const reply = decodeReply({ id: Number.parseInt(expected.id, 16), data: input });
    expect(fieldsOf(reply)).toEqual(expected.fields);
  });

  test("annex-e-secure-channel: every key and cryptogram is derived", () => {
    const { expected } = vectorNamed("annex-e-secure-channel", secureSchema);
    const { kind: _kind, scbk, rndA, rndB, ...derived } = expected;
    const [a, b] = [fromHex(rndA), fromHex(rndB)];
    const keys = deriveKeys(fromHex(scbk), a);
    const server = serverCryptogram(keys, a, b);
    expect({
      sMac1: toHex(keys.mac1),
      sMac2: toHex(keys.mac2),
      sEnc: toHex(keys.enc),
      serverCryptogram: toHex(server),
      clientCryptogram: toHex(clientCryptogram(keys, a, b)),
      rMacI: toHex(initialRMac(keys, server)),
    }).toEqual(derived);
  });
});

// Too large, and not ours, to be kept here. The one missing part that does not fail under CI=true: a clone alone has
// the golden vectors above, and no command can fetch the captures.
const captures = join(root, "..", "shared", "vectors", "osdp");
const areCapturesHere = existsSync(captures);
if (!areCapturesHere) {
  process.stderr.write(
    "SKIPPED: captured exchanges (no ../shared/vectors/osdp beside the checkout)\n",
  );
}

const lineSchema = z.object({ data: z.string() });

interface Replay {
  frames: number;
  handshakes: number;
  macs: number;
  macFailures: number;
  decrypted: string[];
  retransmits: number;
}

/** Walks a capture from a bus monitor's side: derives the keys of every handshake and follows both MAC chains. */
function replay(file: string, scbk: Uint8Array | null): Replay {
  const seen: Replay = {
    frames: 0,
    handshakes: 0,
    macs: 0,
    macFailures: 0,
    decrypted: [],
    retransmits: 0,
  };
  const monitor: Monitor = { scbk: scbk ?? SCBK_DEFAULT, channel: null, rndA: null, last: {} };
  const lines = readFileSync(join(captures, `${file}.osdpcap`), "utf8")
    .trim()
    .split("\n");
  const framer = createFramer();
  for (const line of lines) {
    for (const frame of framer.push(fromHex(lineSchema.parse(JSON.parse(line)).data))) {
      seen.frames += 1;
      watch(monitor, frame, seen);
    }
  }
  expect(framer.takeDiscards()).toEqual({});
  expect(seen.frames).toBe(lines.length);
  return seen;
}

interface Monitor {
  scbk: Uint8Array;
  channel: Channel | null;
  rndA: Uint8Array | null;
  last: { command?: string; reply?: string };
}

function watch(monitor: Monitor, frame: Frame, seen: Replay): void {
  const side = frame.isReply ? "reply" : "command";
  const hex = toHex(frame.bytes);
  const isRepeat = monitor.last[side] === hex;
  monitor.last[side] = hex;
  const type = frame.security?.type;
  if (type === SCB.challenge) monitor.rndA = frame.data;
  else if (type === SCB.clientCryptogram && monitor.rndA !== null) {
    const keys = deriveKeys(monitor.scbk, monitor.rndA);
    const rndB = frame.data.subarray(8, 16);
    expect(isSame(clientCryptogram(keys, monitor.rndA, rndB), frame.data.subarray(16))).toBe(true);
    const server = serverCryptogram(keys, monitor.rndA, rndB);
    const rMac = initialRMac(keys, server);
    monitor.channel = { keys, rMac, cMac: rMac };
  } else if (type === SCB.initialRMac && monitor.channel !== null) {
    seen.handshakes += 1;
    expect(toHex(frame.data)).toBe(toHex(monitor.channel.rMac));
  } else if (frame.mac !== null && monitor.channel !== null) {
    follow(monitor, frame, { seen, isRepeat });
  }
}

function follow(
  monitor: Monitor,
  frame: Frame,
  { seen, isRepeat }: { readonly seen: Replay; readonly isRepeat: boolean },
): void {
  const { channel } = monitor;
  if (channel === null) return;
  const opened = open(channel.keys, frame.isReply ? channel.cMac : channel.rMac, frame);
  if (opened.kind !== "ok") {
    // Both ends leave the chain alone for a retransmit; so does the monitor.
    if (isRepeat) seen.retransmits += 1;
    else seen.macFailures += 1;
    return;
  }
  seen.macs += 1;
  monitor.channel = frame.isReply
    ? { ...channel, rMac: opened.mac }
    : { ...channel, cMac: opened.mac };
  if (frame.data.length === 0) return;
  seen.decrypted.push(`${frame.id.toString(16)}:${toHex(opened.data)}`);
  // KEYSET installs the key that the next handshake uses.
  if (frame.id === 0x75) monitor.scbk = opened.data.subarray(2);
}

const COUNTING_KEY = Uint8Array.from({ length: 16 }, (_, at) => at + 1);

describe.skipIf(!areCapturesHere)("captured exchanges of foreign implementations", () => {
  test("a bus monitor's trace: two handshakes, a KEYSET between them, every MAC and payload", () => {
    const seen = replay("sc-monitor-current", null);
    expect(seen).toMatchObject({ frames: 592, handshakes: 2, macs: 579, macFailures: 0 });
    expect(seen.decrypted).toHaveLength(11);
    expect(seen.decrypted).toContain("75:0110d459f02f6602e5651f3b553bc283d43e");
  });

  test("an unanswered secure OUT: exact retransmits leave the chain where it is", () => {
    const seen = replay("acuconsole-out-empty-reply-failure", null);
    // The one that fails: the controller did not take the reply before it, so its own chain had not moved; it then
    // repeated that very frame 34 times.
    expect(seen).toMatchObject({ frames: 2085, handshakes: 2, macFailures: 1, retransmits: 34 });
    expect(seen.macs).toBe(1663);
  });

  test.each([
    { file: "sc", key: SCBK_DEFAULT, macs: 188, payloads: 8 },
    { file: "x1", key: COUNTING_KEY, macs: 140, payloads: 6 },
    { file: "x2", key: COUNTING_KEY, macs: 204, payloads: 6 },
  ])("$file: every MAC and payload", ({ file, key, macs, payloads }) => {
    const seen = replay(file, key);
    expect(seen).toMatchObject({ handshakes: 1, macs, macFailures: 0 });
    expect(seen.decrypted).toHaveLength(payloads);
  });

  test("cards and keys come out of the encrypted captures as they went in", () => {
    expect(replay("sc", SCBK_DEFAULT).decrypted).toContain("50:00011a002a4c5e80");
    expect(replay("x2", COUNTING_KEY).decrypted).toContain("53:000331320d");
    expect(replay("x1", COUNTING_KEY).decrypted).toContain("50:00001a0000000200");
  });

  test.each([
    { file: "plain", frames: 191 },
    { file: "acuconsole-poll-id-cap", frames: 1071 },
    { file: "acuconsole-sc-no-key", frames: 94 },
  ])("$file: every frame's check value", ({ file, frames }) => {
    expect(replay(file, null)).toMatchObject({ frames, macs: 0, macFailures: 0 });
  });
});
