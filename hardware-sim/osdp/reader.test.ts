import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { makeCard } from "../cards.ts";
import { createRandom } from "../random.ts";
import { decodeFrame } from "./frame.ts";
import { createReader, type OsdpReader, type ReaderEvent, type ReaderOptions } from "./reader.ts";
import { DEFAULT_SCBK } from "./secure-channel.ts";
import { TestController } from "./test-controller.ts";

const VECTORS = join(import.meta.dirname, "../../test/vectors/osdp");
const POLL = 0x60;
const LED = 0x69;
const ACK = 0x40;
const NAK = 0x41;
const RAW = 0x50;
const KEYPAD = 0x53;
const LSTATR = 0x48;
const KEY = Uint8Array.from({ length: 16 }, (_, index) => index + 1);
const NEW_KEY = Uint8Array.from({ length: 16 }, (_, index) => 0xf0 - index);
const CARD = makeCard(26, 123, 45_678);
const GREEN = [0, 0, 2, 10, 0, 2, 0, 15, 0, 1, 1, 0, 1, 1];

interface Bench {
  readonly reader: OsdpReader;
  readonly controller: TestController;
  readonly events: ReaderEvent[];
  readonly advance: (ms: number) => void;
}

function bench(options: Partial<ReaderOptions> = {}): Bench {
  let nowMs = 1_000;
  const random = createRandom("reader-test");
  const reader = createReader({
    address: 5,
    now: () => nowMs,
    random: (length) => random.bytes(length),
    ...options,
  });
  const events: ReaderEvent[] = [];
  reader.onEvent((event) => events.push(event));
  return {
    reader,
    controller: new TestController(reader),
    events,
    advance: (ms) => {
      nowMs += ms;
    },
  };
}

function secureBench(options: Partial<ReaderOptions> = {}): Bench {
  const made = bench({ scbk: KEY, ...options });
  expect(made.controller.handshake(KEY)).toBe(true);
  return made;
}

describe("a tap", () => {
  it("is sent as the golden RAW reply", () => {
    const { reader, controller } = bench();
    controller.send(POLL);
    controller.send(POLL);
    reader.tap(CARD, "t1");
    const { bytes } = controller.send(POLL);
    expect(Buffer.from(bytes).toString("hex")).toBe(
      "538510000650 00011a00bdd93740 3474".replaceAll(" ", ""),
    );
  });

  it("comes again in the same bytes as long as the sequence number repeats", () => {
    const { reader, controller } = bench();
    controller.send(POLL);
    reader.tap(CARD, "t1");
    reader.tap(makeCard(26, 1, 2), "t2");
    const first = controller.send(POLL);
    expect(controller.repeat().bytes).toEqual(first.bytes);
    expect(controller.repeat().bytes).toEqual(first.bytes);
    expect(reader.pending()).toBe(2);
    expect(reader.counters()["retransmits"]).toBe(2);
  });

  it("is forgotten only when the next sequence number acknowledges it", () => {
    const { reader, controller, events } = bench();
    controller.send(POLL);
    reader.tap(CARD, "t1");
    controller.send(POLL);
    expect(events).toEqual([{ kind: "offered", tap: "t1" }]);
    expect(controller.send(POLL).id).toBe(ACK);
    expect(events.at(-1)).toEqual({ kind: "acknowledged", tap: "t1" });
    expect(reader.pending()).toBe(0);
  });

  it("is acknowledged by the next command of any kind, such as the green light", () => {
    const { reader, controller, events } = bench();
    controller.send(POLL);
    reader.tap(CARD, "t1");
    controller.send(POLL);
    controller.send(LED, GREEN);
    expect(events.map(({ kind }) => kind)).toEqual(["offered", "acknowledged", "light", "light"]);
  });

  it("made while nobody polls comes out later, oldest first, up to the size of the memory", () => {
    const { reader, controller, events } = bench({ memory: 2 });
    expect(reader.tap(makeCard(26, 1, 1), "t1")).toBe(true);
    expect(reader.tap(makeCard(26, 1, 2), "t2")).toBe(true);
    expect(reader.tap(makeCard(26, 1, 3), "t3")).toBe(false);
    for (let poll = 0; poll < 4; poll += 1) controller.send(POLL);
    expect(events).toEqual([
      { kind: "dropped", tap: "t3", reason: "memory-full" },
      { kind: "offered", tap: "t1" },
      { kind: "acknowledged", tap: "t1" },
      { kind: "offered", tap: "t2" },
      { kind: "acknowledged", tap: "t2" },
    ]);
  });

  it("sent but not acknowledged is lost when the controller restarts at sequence number 0", () => {
    const { reader, controller, events } = bench();
    controller.send(POLL);
    reader.tap(CARD, "t1");
    controller.send(POLL);
    controller.restart();
    expect(controller.send(POLL).id).toBe(ACK);
    expect(events.at(-1)).toEqual({ kind: "dropped", tap: "t1", reason: "reset-before-ack" });
  });

  it("is offered again after a restart by readers of the other school", () => {
    const { reader, controller } = bench({ afterReset: "offer-again" });
    controller.send(POLL);
    reader.tap(CARD, "t1");
    controller.send(POLL);
    controller.restart();
    expect(controller.send(POLL).id).toBe(RAW);
  });

  it("typed at the keypad comes key by key, with # as 0Dh, and counts as one", () => {
    const { reader, controller, events } = bench();
    controller.send(POLL);
    reader.type("42#", "t1");
    const keys = [1, 2, 3].map(() => controller.send(POLL));
    expect(keys.map(({ id, data }) => [id, Array.from(data)])).toEqual([
      [KEYPAD, [0, 1, 0x34]],
      [KEYPAD, [0, 1, 0x32]],
      [KEYPAD, [0, 1, 0x0d]],
    ]);
    controller.send(POLL);
    expect(events).toEqual([
      { kind: "offered", tap: "t1" },
      { kind: "acknowledged", tap: "t1" },
    ]);
  });
});

describe("the link", () => {
  it("refuses a wrong sequence number with NAK 4 and keeps what it had", () => {
    const { reader, controller } = bench();
    controller.send(POLL);
    reader.tap(CARD, "t1");
    controller.send(POLL);
    const wrong = controller.send(POLL, [], { sqn: 3 });
    expect([wrong.id, ...wrong.data]).toEqual([NAK, 4]);
    expect(reader.pending()).toBe(1);
  });

  it("counts a repeated number with other bytes, which no controller may send", () => {
    const { reader, controller } = bench();
    controller.send(POLL);
    controller.send(POLL);
    controller.send(LED, GREEN, { sqn: 1 });
    expect(reader.counters()["repeatsWithOtherBytes"]).toBe(1);
  });

  it("answers BUSY in clear with sequence number 0 and then the same command as new", () => {
    const { reader, controller } = bench();
    controller.send(POLL);
    reader.tap(CARD, "t1");
    reader.busy(1);
    const busy = controller.send(POLL);
    expect([busy.id, busy.frame.sqn, busy.bytes.length]).toEqual([0x79, 0, 8]);
    expect(controller.repeat().id).toBe(RAW);
  });

  it("stays silent for other addresses and for replies", () => {
    const { reader } = bench();
    const other = new TestController(reader, 6);
    expect(() => other.send(POLL)).toThrow("no answer");
    const mine = new TestController(reader);
    expect(() => mine.send(POLL, [], { reply: true })).toThrow("no answer");
  });

  it("changes its address only after it has answered under the old one", () => {
    const { reader, controller, events } = bench();
    controller.send(POLL);
    const reply = controller.send(0x6e, [9, 0x00, 0xc2, 0x01, 0x00]);
    expect([reply.id, reply.frame.address]).toEqual([0x54, 5]);
    expect(reader.address()).toBe(9);
    expect(events).toEqual([{ kind: "moved", address: 9, baudRate: 115_200 }]);
  });

  it("reports tamper and power by itself on a poll, and again when asked", () => {
    const { reader, controller } = bench();
    controller.send(POLL);
    reader.setTamper(true);
    reader.setPowerFailure(true);
    expect([...controller.send(POLL).data]).toEqual([1, 0]);
    expect([...controller.send(POLL).data]).toEqual([1, 1]);
    const asked = controller.send(0x64);
    expect([asked.id, ...asked.data]).toEqual([LSTATR, 1, 1]);
  });

  it("refuses an unknown command with NAK 3 and a broken one with NAK 2", () => {
    const { controller } = bench();
    controller.send(POLL);
    expect([...controller.send(0x73).data]).toEqual([3]);
    expect([...controller.send(LED, [1, 2, 3]).data]).toEqual([2]);
  });

  it("asks a controller that uses the CRC for the checksum if that is all it knows", () => {
    const { controller } = bench({ checksumOnly: true });
    const refused = controller.send(POLL);
    expect([refused.id, ...refused.data, refused.frame.check]).toEqual([NAK, 1, "checksum"]);
    controller.restart();
    expect(controller.send(POLL, [], { check: "checksum" }).id).toBe(ACK);
  });
});

const goldenFrame = (name: string): Uint8Array =>
  Buffer.from(
    readFileSync(join(VECTORS, `computed-${name}`, "input.hex"), "utf8").replaceAll(/\s/g, ""),
    "hex",
  );
const data = (name: string): readonly number[] => [
  ...(decodeFrame(goldenFrame(name))?.data ?? fail()),
];

describe("the sensor", () => {
  const TEMPLATE = Uint8Array.of(0, 1, 2, 3, 4);
  const BIOREAD = 0x73;
  const BIOMATCH = 0x74;

  it("is told of in the capabilities, and unknown on readers without one", () => {
    expect(Buffer.from(bench().controller.send(0x62, [0]).data).toString("hex")).not.toContain(
      "0e0101",
    );
    const { controller } = bench({ sensor: { template: TEMPLATE } });
    expect(Buffer.from(controller.send(0x62, [0]).data).toString("hex")).toContain("0e0101");
  });

  it("takes the golden BIOMATCH and answers on a poll, as the golden BIOMATCHR is laid out", () => {
    const { reader, controller, events } = bench({ sensor: { template: TEMPLATE } });
    controller.send(POLL);
    expect(controller.send(BIOMATCH, data("biomatch")).id).toBe(ACK);
    expect(events).toEqual([{ kind: "finger-asked", match: true }]);
    expect(controller.send(POLL).id).toBe(ACK);
    expect(reader.finger({ isEnrolled: true, score: 0xc8 })).toBe(true);
    const result = controller.send(POLL);
    expect([result.id, ...result.data]).toEqual([0x58, ...data("biomatchr")]);
    expect(controller.send(POLL).id).toBe(ACK);
  });

  it("takes the golden BIOREAD and answers with the template it keeps", () => {
    const { reader, controller } = bench({ sensor: { template: TEMPLATE } });
    controller.send(POLL);
    expect(controller.send(BIOREAD, data("bioread")).id).toBe(ACK);
    reader.finger({ isEnrolled: true });
    const result = controller.send(POLL);
    // The golden reply is of another finger: byte 2, the part of the body.
    const wanted = data("bioreadr").map((byte, at) => (at === 2 ? 7 : byte));
    expect([result.id, ...result.data]).toEqual([0x57, ...wanted]);
    expect(controller.repeat().bytes).toEqual(result.bytes);
  });

  it("says that nobody came, once its time is over", () => {
    const { reader, controller, advance } = bench({ sensor: { template: TEMPLATE } });
    controller.send(POLL);
    controller.send(BIOREAD, data("bioread"));
    advance(5_000);
    expect([...controller.send(POLL).data]).toEqual([0, 1, 7, 0, 0, 0]);
    expect(reader.finger({ isEnrolled: true })).toBe(false);
  });

  it("refuses a length that is none with NAK 2, and an unknown format with NAK 8", () => {
    const { controller } = bench({ sensor: { template: TEMPLATE } });
    controller.send(POLL);
    expect([...controller.send(BIOMATCH, [0, 7, 2, 4, 9, 0, 1]).data]).toEqual([2]);
    expect([...controller.send(BIOREAD, [0, 7, 3, 4]).data]).toEqual([8]);
  });
});

describe("the secure channel", () => {
  it("carries taps and lights, and repeats replies without moving the MAC chain", () => {
    const { reader, controller, events } = secureBench();
    reader.tap(CARD, "t1");
    const tap = controller.sendSecure(POLL);
    expect(Buffer.from(tap.data).toString("hex")).toBe("00011a00bdd93740");
    expect(controller.repeat().bytes).toEqual(tap.bytes);
    expect(controller.sendSecure(LED, GREEN).id).toBe(ACK);
    expect(controller.sendSecure(POLL).frame.security?.type).toBe(0x16);
    expect(events).toContainEqual({
      kind: "light",
      colour: "green",
      temporary: true,
      forMs: 1_500,
    });
  });

  it("is needed for everything but identification", () => {
    const { reader, controller } = bench({ scbk: KEY });
    reader.tap(CARD, "t1");
    expect(controller.send(0x61, [0]).id).toBe(0x45);
    const poll = controller.send(POLL);
    expect([poll.id, ...poll.data]).toEqual([NAK, 6]);
    expect(reader.pending()).toBe(1);
  });

  it("refuses a controller with another key", () => {
    const { reader, controller } = bench({ scbk: KEY });
    expect(controller.handshake(NEW_KEY)).toBe(false);
    expect(reader.counters()["wrongKeys"]).toBe(1);
  });

  it("takes the default key in install mode only", () => {
    expect(bench({ scbk: KEY }).controller.handshake(DEFAULT_SCBK, 0)).toBe(false);
    expect(bench({ scbk: KEY, installMode: true }).controller.handshake(DEFAULT_SCBK, 0)).toBe(
      true,
    );
  });

  it("ends after 8 s of silence, and the next command is refused in clear", () => {
    const { controller, events, advance } = secureBench();
    advance(8_001);
    const late = controller.sendSecure(POLL);
    expect([late.id, ...late.data, late.frame.security]).toEqual([NAK, 6, null]);
    expect(events.at(-1)).toEqual({ kind: "session", open: false });
  });

  it("ends when a MAC is wrong or a command comes in clear", () => {
    const { reader, controller } = secureBench();
    controller.send(POLL, [1, 2, 3, 4], { security: { type: 0x15, data: new Uint8Array(0) } });
    expect(reader.counters()["badMacs"]).toBe(1);
    const after = secureBench();
    after.controller.send(POLL);
    expect(after.events.at(-1)).toEqual({ kind: "session", open: false });
  });

  it("takes a new key inside the session only, and the next handshake needs it", () => {
    const { controller } = secureBench();
    expect(controller.sendSecure(0x75, [1, 16, ...NEW_KEY]).id).toBe(ACK);
    controller.restart();
    expect(controller.handshake(KEY)).toBe(false);
    controller.restart();
    expect(controller.handshake(NEW_KEY)).toBe(true);
    const open = bench();
    open.controller.send(POLL);
    expect([...open.controller.send(0x75, [1, 16, ...NEW_KEY]).data]).toEqual([6]);
  });

  it("keeps the reply in flight for a controller that comes back with the same bytes after a while", () => {
    const { reader, controller, advance } = secureBench();
    reader.tap(CARD, "t1");
    const tap = controller.sendSecure(POLL);
    advance(60_000);
    expect(controller.repeat().bytes).toEqual(tap.bytes);
    expect(reader.pending()).toBe(1);
  });
});

describe("a power cut", () => {
  it("forgets session and sequence but not the taps, if the memory is non-volatile", () => {
    const { reader, controller, events } = secureBench();
    reader.tap(CARD, "t1");
    controller.sendSecure(POLL);
    reader.powerCut({ keepMemory: true });
    expect([...controller.sendSecure(POLL).data]).toEqual([4]);
    controller.restart();
    expect(controller.handshake(KEY)).toBe(true);
    expect(controller.sendSecure(POLL).id).toBe(RAW);
    expect(events.filter(({ kind }) => kind === "offered")).toHaveLength(2);
  });

  it("loses the taps otherwise, and says which", () => {
    const { reader, events } = bench();
    reader.tap(CARD, "t1");
    reader.type("12#", "t2");
    reader.powerCut({ keepMemory: false });
    expect(reader.pending()).toBe(0);
    expect(events).toEqual([
      { kind: "dropped", tap: "t1", reason: "power-cut" },
      { kind: "dropped", tap: "t2", reason: "power-cut" },
    ]);
  });

  it("makes the reader deaf and blind while it lasts", () => {
    const { reader, controller } = bench();
    reader.powerOff({ keepMemory: true });
    expect(() => controller.send(POLL)).toThrow("no answer");
    expect(reader.tap(CARD, "t1")).toBe(false);
    reader.powerOn();
    controller.restart();
    expect(controller.send(POLL).id).toBe(ACK);
  });
});

describe("lights, beeps and texts", () => {
  it("are recorded as the person saw them, from the golden commands", () => {
    const { reader, events } = bench();
    const golden = [
      "5305160006690000010a00020014000000000000c9bc",
      "53050d00076a0002020102788d",
      "5305150005 6b00011401010757454c434f4d45 26bf".replaceAll(" ", ""),
    ];
    reader.handle(decodeFrame(Uint8Array.from(Buffer.from("530508000460bc89", "hex"))) ?? fail());
    for (const hex of ["5305080005608dba", ...golden]) {
      const frame = decodeFrame(Uint8Array.from(Buffer.from(hex, "hex"))) ?? fail();
      reader.handle(frame);
    }
    expect(events).toEqual([
      { kind: "beep", onMs: 200, count: 2 },
      { kind: "text", text: "WELCOME", forMs: null },
    ]);
  });
});

function fail(): never {
  throw new Error("a golden frame does not decode");
}
