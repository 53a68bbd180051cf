import { describe, expect, test } from "vitest";
import { createFramer, encodeFrame } from "./frame.ts";
import type { Message } from "./messages.ts";
import {
  cardEvent,
  createScriptedReader,
  forged,
  keysEvent,
  type Mood,
  type ScriptedReader,
} from "./scripted-reader.ts";
import { NOON, type SessionRig, sessionRig } from "./session-rig.ts";

const KEY = Buffer.from("8f1c22d90a4b57e361b8c4d5026f7e93", "hex");
const OTHER_KEY = Buffer.from("11c0ffee2b7e151628aed2a6abf71588", "hex");
const CODE = { POLL: 0x60, ID: 0x61, CAP: 0x62, LSTAT: 0x64, LED: 0x69, BUZ: 0x6a, TEXT: 0x6b };
const KEYSET = 0x75;
const OPEN_WINDOW = { until: new Date(NOON + 3_600_000).toISOString() };

const clear = (mood: Partial<Mood> = {}, config: Record<string, unknown> = {}): SessionRig =>
  sessionRig(createScriptedReader(5, mood), { secureChannel: "off", ...config });
const keyed = (mood: Partial<Mood> = {}, config: Record<string, unknown> = {}): SessionRig =>
  sessionRig(createScriptedReader(5, { key: KEY, ...mood }), { keyFile: "k", ...config });

const idsOf = (commands: readonly Message[]): number[] => commands.map(({ id }) => id);
const isUp = (rig: SessionRig) => () => idsOf(rig.reader.commands).includes(CODE.POLL);
const counter = (rig: SessionRig, name: string): number =>
  rig.session().health().counters[name] ?? 0;
const faultOf = (rig: SessionRig): string | undefined => rig.session().health().fault?.code;
const ledsOf = (reader: ScriptedReader): number =>
  idsOf(reader.commands).filter((id) => id === CODE.LED).length;
const hexOf = (reader: ScriptedReader, at: number): string =>
  Buffer.from(reader.heard.at(at)?.bytes ?? []).toString("hex");

/** Puts `message` in clear in place of the next reply. */
function replaceReply(rig: SessionRig, message: Message): void {
  rig.onReply = (bytes) => {
    rig.onReply = (whole) => whole;
    const [frame] = createFramer().push(bytes);
    return frame === undefined ? bytes : encodeFrame({ ...frame, security: null, ...message });
  };
}

describe("bringing a reader up", () => {
  test("in clear: introduces itself, then polls with SQN 0, 1, 2, 3, 1 …", () => {
    const rig = clear();
    rig.turns(8);
    expect(idsOf(rig.reader.commands).slice(0, 4)).toEqual([
      CODE.ID,
      CODE.CAP,
      CODE.LSTAT,
      CODE.POLL,
    ]);
    expect(rig.reader.heard.map(({ sqn }) => sqn)).toEqual([0, 1, 2, 3, 1, 2, 3, 1]);
    expect(rig.statuses).toEqual(["online"]);
    expect(rig.session().health()).toMatchObject({
      state: "online",
      fault: null,
      facts: { vendor: "0a0b0c", serial: "00000001", secureChannel: "off" },
    });
  });

  test("with a key: proves itself first and says nothing in clear but the handshake", () => {
    const rig = keyed();
    rig.turns(8);
    expect(rig.reader.heard.map(({ security }) => security?.type)).toEqual([
      0x11, 0x13, 0x17, 0x17, 0x15, 0x15, 0x15, 0x15,
    ]);
    expect(rig.session().health().facts["secureChannel"]).toBe("on");
  });

  test("falls back to the checksum for a reader that complains about the CRC", () => {
    const rig = clear({ onlyChecksum: true });
    rig.until(isUp(rig));
    expect(rig.reader.heard.at(-1)?.check).toBe("checksum");
  });

  test("serves a reader that knows neither ID nor CAP", () => {
    const rig = clear({ refuses: new Set([CODE.ID, CODE.CAP]) });
    rig.until(isUp(rig));
    expect(rig.statuses).toEqual(["online"]);
  });
});

describe("a card", () => {
  test("is committed before the reader hears another sequence number, and green comes after", () => {
    const rig = keyed();
    rig.until(isUp(rig));
    rig.commits = "hold";
    rig.reader.present(cardEvent(7));
    rig.until(() => rig.readings.length === 1);
    const asked = hexOf(rig.reader, -1);
    rig.turns(5);
    expect(hexOf(rig.reader, -1)).toBe(asked);
    expect(rig.reader.forgotten).toEqual([]);
    expect(ledsOf(rig.reader)).toBe(0);
    expect(rig.readings).toHaveLength(1);
    rig.session().accepted({ light: "green", text: "Ann" }, rig.clock.nowMs);
    rig.turns(3);
    expect(rig.reader.forgotten).toHaveLength(1);
    const shown = rig.reader.commands.slice(-3);
    expect(idsOf(shown)).toEqual([CODE.LED, CODE.BUZ, CODE.TEXT]);
    expect(shown[0]?.data[5]).toBe(2);
    expect(Buffer.from(shown[2]?.data.subarray(6) ?? []).toString()).toBe("Ann");
  });

  test.each([
    { name: "keeps its reply", keepsReplies: true },
    { name: "forgets it", keepsReplies: false },
  ])(
    "that could not be stored is offered again, without a light, by a reader that $name",
    (mood) => {
      const rig = keyed({ keepsReplies: mood.keepsReplies });
      rig.until(isUp(rig));
      rig.commits = "refuse";
      rig.reader.present(cardEvent(7));
      rig.until(() => rig.readings.length === 9);
      expect(ledsOf(rig.reader)).toBe(0);
      expect(rig.reader.forgotten).toEqual([]);
      // Kept on line with the very same question.
      expect(hexOf(rig.reader, -1)).toBe(hexOf(rig.reader, -2));
      rig.commits = "accept";
      rig.until(() => counter(rig, "readings-accepted") === 1);
      expect(new Set(rig.readings.map(({ deviceSeq }) => deviceSeq)).size).toBe(1);
      rig.reader.present(cardEvent(8));
      rig.until(() => counter(rig, "readings-accepted") === 2);
      expect(rig.readings.at(-1)?.credential).toMatchObject({ hex: "00000200" });
    },
  );

  test("of odd parity or unknown format is a card all the same; spare bits never matter", () => {
    const rig = clear();
    rig.reader.present({ id: 0x50, data: Buffer.from("00000500ff", "hex") });
    rig.reader.present({ id: 0x50, data: Buffer.from("00071a00ffffffff", "hex") });
    rig.until(() => rig.readings.length === 2);
    expect(rig.readings.map(({ credential }) => credential)).toEqual([
      { kind: "card", bits: 5, hex: "f8" },
      { kind: "card", bits: 26, hex: "ffffffc0" },
    ]);
  });

  test("that breaks its own length is counted and shown red, and the reader goes on", () => {
    const rig = clear();
    rig.reader.present({ id: 0x50, data: Buffer.from("00000000", "hex") });
    rig.reader.present({ id: 0x50, data: Buffer.from("0000ff00ff", "hex") });
    rig.reader.present(cardEvent(1));
    rig.until(() => rig.readings.length === 1);
    expect(counter(rig, "discarded_unusable")).toBe(2);
    const leds = rig.reader.commands.filter(({ id }) => id === CODE.LED);
    expect(leds.map(({ data }) => data[5])).toEqual([1, 1]);
  });

  test("claims what the reader's place says", () => {
    const rig = clear({}, { direction: "out" });
    rig.reader.present(cardEvent(1));
    rig.until(() => rig.readings.length === 1);
    expect(rig.readings[0]).toMatchObject({ hint: "out", reader: "door", pin: "not-asked" });
  });

  test("shows only what the reader can show", () => {
    const rig = clear({ capabilities: [[4, 1, 1]] });
    rig.reader.present(cardEvent(1));
    rig.until(() => rig.reader.forgotten.length === 1);
    rig.turns(3);
    const ids = idsOf(rig.reader.commands);
    expect(ids).toContain(CODE.LED);
    expect(ids).not.toContain(CODE.BUZ);
    expect(ids).not.toContain(CODE.TEXT);
  });
});

describe("a line that misbehaves", () => {
  test("a lost reply is asked for again with the same bytes; the chain of MACs stays in step", () => {
    const rig = keyed();
    rig.until(isUp(rig));
    rig.reader.present(cardEvent(7));
    rig.reader.mood.loseReplies = 4;
    rig.until(() => rig.reader.forgotten.length === 1);
    expect(rig.readings).toHaveLength(1);
    expect(counter(rig, "retransmits")).toBe(4);
    rig.turns(5);
    expect(counter(rig, "handshakes")).toBe(1);
    expect(counter(rig, "discarded_mac")).toBe(0);
  });

  test("a forged reply is not believed, the real one is", () => {
    const rig = keyed();
    rig.until(isUp(rig));
    rig.reader.present(cardEvent(7));
    rig.onReply = (bytes) => {
      rig.onReply = (whole) => whole;
      const [frame] = createFramer().push(bytes);
      return frame === undefined ? bytes : forged(frame);
    };
    rig.until(() => rig.reader.forgotten.length === 1);
    expect(rig.readings).toHaveLength(1);
    expect(counter(rig, "discarded_mac")).toBe(1);
  });

  test("a card in clear is not believed once the reader has a key", () => {
    const rig = keyed();
    rig.until(isUp(rig));
    replaceReply(rig, cardEvent(99));
    rig.turns(10);
    expect(rig.readings).toEqual([]);
    expect(counter(rig, "discarded_plaintext")).toBe(1);
  });

  test("a late reply to an earlier question is not taken for the present one", () => {
    const rig = clear();
    rig.until(isUp(rig));
    const late = encodeFrame({
      address: 5,
      isReply: true,
      sqn: ((rig.reader.heard.at(-1)?.sqn ?? 1) % 3) as 0 | 1 | 2,
      check: "crc",
      security: null,
      ...cardEvent(99),
    });
    rig.onReply = (bytes) => {
      rig.onReply = (whole) => whole;
      return Buffer.concat([late, bytes]);
    };
    const before = counter(rig, "discarded_sequence");
    rig.turns(3);
    expect(rig.readings).toEqual([]);
    expect(counter(rig, "discarded_sequence")).toBeGreaterThan(before);
    expect(counter(rig, "timeouts")).toBe(0);
  });

  test("a busy reader is asked again later with the same bytes", () => {
    const rig = keyed();
    rig.until(isUp(rig));
    rig.reader.present(cardEvent(7));
    rig.reader.mood.busyFor = 5;
    rig.until(() => rig.reader.forgotten.length === 1);
    expect(counter(rig, "busy")).toBe(5);
    expect(new Set([-2, -3, -4, -5].map((at) => hexOf(rig.reader, at))).size).toBeLessThan(4);
    expect(counter(rig, "handshakes")).toBe(1);
  });

  test("NAK 4 starts over at SQN 0", () => {
    const rig = clear();
    rig.until(isUp(rig));
    rig.reader.reboot();
    rig.turns(3);
    expect(counter(rig, "nak_4")).toBe(1);
    expect(rig.reader.heard.slice(-2).map(({ sqn }) => sqn)).toEqual([0, 1]);
  });

  test("NAK 1 on a line that is up is noise: the same bytes again, no new link", () => {
    const rig = keyed();
    rig.until(isUp(rig));
    rig.reader.present(cardEvent(7));
    replaceReply(rig, { id: 0x41, data: Uint8Array.of(1) });
    rig.until(() => rig.reader.forgotten.length === 1);
    expect(rig.readings).toHaveLength(1);
    expect(counter(rig, "nak_1")).toBe(1);
    expect(counter(rig, "link-starts")).toBe(1);
  });

  test("NAK 6 in clear repeats the handshake", () => {
    const rig = keyed();
    rig.until(isUp(rig));
    replaceReply(rig, { id: 0x41, data: Uint8Array.of(6) });
    rig.until(() => counter(rig, "handshakes") === 2);
    rig.reader.present(cardEvent(1));
    rig.until(() => rig.reader.forgotten.length === 1);
    expect(rig.readings).toHaveLength(1);
  });
});

describe("silence", () => {
  test("a cut cable: same bytes first, so the card whose reply was lost is not", () => {
    const rig = keyed();
    rig.until(isUp(rig));
    rig.reader.present(cardEvent(7));
    rig.reader.mood.loseReplies = 1;
    rig.until(() => rig.reader.mood.loseReplies === 0);
    const asked = hexOf(rig.reader, -1);
    const sent: string[] = [];
    // From here on nothing gets through in either direction.
    rig.onCommand = (bytes) => {
      sent.push(Buffer.from(bytes.subarray(1)).toString("hex"));
      return undefined;
    };
    rig.until(() => rig.clock.nowMs > 20_000);
    expect(rig.statuses).toEqual(["online", "offline"]);
    expect(faultOf(rig)).toBe("device.no-reply");
    // For the first eight seconds only the same question, then each round begins with it.
    const firstOther = sent.findIndex((hex) => hex !== asked);
    expect(firstOther).toBeGreaterThan(8);
    expect(sent.filter((hex) => hex === asked).length).toBeGreaterThan(firstOther);
    rig.until(() => sent.at(-1) !== asked);
    rig.onCommand = (bytes) => bytes;
    rig.until(() => rig.reader.forgotten.length === 1);
    expect(rig.readings).toHaveLength(1);
    expect(rig.reader.lost).toEqual([]);
    expect(rig.statuses).toEqual(["online", "offline", "online"]);
  });

  test("a reader that was without power comes back by SQN 0", () => {
    const rig = keyed();
    rig.until(isUp(rig));
    rig.reader.mood.loseReplies = 30;
    rig.until(() => rig.statuses.includes("offline"));
    rig.reader.mood.loseReplies = 0;
    rig.reader.reboot();
    rig.until(() => rig.statuses.length === 3);
    rig.reader.present(cardEvent(1));
    rig.until(() => rig.reader.forgotten.length === 1);
    expect(rig.statuses).toEqual(["online", "offline", "online"]);
  });

  test("is asked into less and less often, but never less than every six seconds", () => {
    const rig = clear();
    rig.reader.mood.loseReplies = 10_000;
    rig.until(() => rig.clock.nowMs > 60_000);
    const before = rig.reader.heard.length;
    rig.until(() => rig.clock.nowMs > 120_000);
    const asked = rig.reader.heard.length - before;
    expect(asked).toBeGreaterThanOrEqual(10);
    expect(asked).toBeLessThan(40);
    expect(rig.session().health().state).toBe("offline");
  });
});

describe("keys", () => {
  test("a wrong key is a named fault, no punch passes, and it heals when the file is right", () => {
    const rig = keyed();
    rig.key = () => OTHER_KEY;
    rig.reader.present(cardEvent(1));
    rig.turns(20);
    expect(faultOf(rig)).toBe("device.key");
    expect(rig.readings).toEqual([]);
    rig.key = () => KEY;
    rig.until(() => rig.readings.length === 1);
    expect(faultOf(rig)).toBeUndefined();
  });

  test("the default key is refused without an install window, inside a closed one, and with an unset clock", () => {
    for (const { installMode, wallMs } of [
      { installMode: undefined, wallMs: NOON },
      { installMode: { until: new Date(NOON - 1).toISOString() }, wallMs: NOON },
      { installMode: OPEN_WINDOW, wallMs: Date.UTC(2000, 0, 1) },
    ]) {
      const rig = keyed({ key: null }, installMode === undefined ? {} : { installMode });
      rig.clock.wallMs = wallMs;
      rig.key = () => KEY;
      rig.turns(30);
      expect(rig.reader.mood.key).toBeNull();
      expect(rig.reader.heard.every(({ security }) => security?.data[0] === 1)).toBe(true);
      expect(faultOf(rig)).toBe("device.key");
    }
  });

  test("install mode hands over the key in the file and goes on with it", () => {
    const rig = keyed({ key: null }, { installMode: OPEN_WINDOW });
    rig.key = () => KEY;
    rig.until(isUp(rig));
    expect(Buffer.from(rig.reader.mood.key ?? []).equals(KEY)).toBe(true);
    expect(idsOf(rig.reader.commands)[0]).toBe(KEYSET);
    expect(counter(rig, "keys-installed")).toBe(1);
    expect(rig.session().health().facts["secureChannel"]).toBe("on");
    rig.turns(50);
    expect(counter(rig, "keys-installed")).toBe(1);
  });

  test("without a key file the default key serves until the window closes, and not a poll longer", () => {
    const rig = sessionRig(createScriptedReader(5), { installMode: OPEN_WINDOW });
    rig.until(isUp(rig));
    expect(rig.session().health().facts["secureChannel"]).toBe("install-key");
    rig.clock.wallMs = NOON + 3_600_001;
    const before = rig.reader.commands.length;
    rig.turns(5);
    expect(rig.reader.commands.length).toBe(before);
    expect(faultOf(rig)).toBe("device.key");
  });

  test("optional: speaks in clear to a reader that knows no other way", () => {
    const rig = keyed({ isClearOnly: true }, { secureChannel: "optional" });
    rig.until(isUp(rig));
    expect(rig.session().health().facts["secureChannel"]).toBe("off");
  });

  test("optional: once the reader has proven its key, clear is refused, after a restart too", () => {
    const rig = keyed({}, { secureChannel: "optional" });
    rig.until(isUp(rig));
    rig.reader.mood.isClearOnly = true;
    rig.reader.reboot();
    rig.until(() => faultOf(rig) === "device.key");
    rig.restart();
    rig.reader.present(cardEvent(1));
    rig.turns(40);
    expect(faultOf(rig)).toBe("device.key");
    expect(rig.readings).toEqual([]);
  });

  test("a reader that insists on a key is a named fault where none is configured", () => {
    const rig = clear({ insistsOnKey: true, key: KEY });
    rig.turns(10);
    expect(faultOf(rig)).toBe("device.key");
    expect(rig.statuses).not.toContain("online");
  });
});

describe("what a reader says of itself", () => {
  test("tamper and its end are told once each, also over a restart", () => {
    const rig = clear();
    rig.until(isUp(rig));
    rig.reader.mood.isTampered = true;
    rig.until(() => rig.statuses.includes("tamper"));
    rig.turns(500);
    rig.restart();
    rig.turns(50);
    rig.reader.present({ id: 0x48, data: Uint8Array.of(0, 1) });
    rig.until(() => rig.statuses.includes("power"));
    expect(rig.statuses).toEqual(["online", "tamper", "online", "tamper-cleared", "power"]);
  });

  test("another device than before is an alarm that stands, and its punches are kept", () => {
    const rig = clear();
    rig.until(isUp(rig));
    rig.reader.mood.serial = "00000002";
    rig.reader.reboot();
    rig.until(() => faultOf(rig) === "device.refused");
    rig.reader.present(cardEvent(1));
    rig.until(() => rig.readings.length === 1);
    expect(rig.session().health().state).toBe("fault");
  });

  test("another serial number than the configured one is an alarm", () => {
    const rig = clear({}, { serial: "0000abcd" });
    rig.until(isUp(rig));
    expect(faultOf(rig)).toBe("device.refused");
    const right = clear({}, { serial: "00000001" });
    right.until(isUp(right));
    expect(faultOf(right)).toBeUndefined();
  });
});

const withPin = (): SessionRig => {
  const rig = clear({}, { keypad: "card-then-pin", keyTimeoutSeconds: 3 });
  rig.checkPin = (pin) => (pin === "4711" ? "verified" : "wrong");
  return rig;
};

describe("the keypad", () => {
  test("badge-number: digits until #, over several replies, are one punch", () => {
    const rig = clear({}, { keypad: "badge-number" });
    for (const keys of ["9*1", "00", "42#"]) rig.reader.present(keysEvent(keys));
    rig.until(() => rig.readings.length === 1);
    expect(rig.readings[0]?.credential).toEqual({ kind: "number", value: "10042" });
  });

  test("badge-number: two entries in one reply are two punches with two numbers", () => {
    const rig = clear({}, { keypad: "badge-number" });
    rig.reader.present(keysEvent("1#2#"));
    rig.until(() => rig.readings.length === 2);
    expect(rig.readings.map(({ credential }) => credential)).toEqual([
      { kind: "number", value: "1" },
      { kind: "number", value: "2" },
    ]);
    expect(rig.readings[1]?.deviceSeq).toBeGreaterThan(rig.readings[0]?.deviceSeq ?? 0);
  });

  test("badge-number: digits left alone too long are forgotten", () => {
    const rig = clear({}, { keypad: "badge-number", keyTimeoutSeconds: 3 });
    rig.reader.present(keysEvent("12"));
    rig.until(() => counter(rig, "entries-timed-out") === 1);
    rig.reader.present(keysEvent("3#"));
    rig.until(() => rig.readings.length === 1);
    expect(rig.readings[0]?.credential).toEqual({ kind: "number", value: "3" });
  });

  test.each([
    { keys: "4711#", pin: "verified" },
    { keys: "0000#", pin: "wrong" },
    { keys: "00*4711#", pin: "verified" },
    { keys: "#", pin: "missing" },
  ])("card-then-pin: $keys is one punch, $pin", ({ keys, pin }) => {
    const rig = withPin();
    rig.reader.present(cardEvent(7));
    rig.reader.present(keysEvent(keys));
    rig.until(() => rig.readings.length === 1);
    rig.turns(200);
    expect(rig.readings).toHaveLength(1);
    expect(rig.readings[0]).toMatchObject({ credential: { kind: "card", bits: 26 }, pin });
  });

  test("card-then-pin: asks with amber and no green, and without a key it is a punch without PIN", () => {
    const rig = withPin();
    rig.until(isUp(rig));
    rig.reader.present(cardEvent(7));
    rig.until(() => ledsOf(rig.reader) === 1);
    const led = rig.reader.commands.find(({ id }) => id === CODE.LED);
    expect(led?.data[5]).toBe(3);
    expect(rig.readings).toEqual([]);
    rig.until(() => rig.readings.length === 1);
    expect(rig.readings[0]?.pin).toBe("missing");
  });

  test("card-then-pin: a badge without a PIN is not asked for one", () => {
    const rig = withPin();
    rig.checkPin = () => "none-set";
    rig.reader.present(cardEvent(7));
    rig.until(() => rig.readings.length === 1);
    expect(rig.readings[0]?.pin).toBe("not-asked");
  });

  test("card-then-pin: a second card ends the wait for the first one's PIN", () => {
    const rig = withPin();
    rig.reader.present(cardEvent(7));
    rig.reader.present(cardEvent(8));
    rig.reader.present(keysEvent("4711#"));
    rig.until(() => rig.readings.length === 2);
    expect(rig.readings.map(({ pin }) => pin)).toEqual(["missing", "verified"]);
    expect(rig.readings[1]?.deviceSeq).toBeGreaterThan(rig.readings[0]?.deviceSeq ?? 0);
  });

  test("card-then-pin: a timed-out entry that cannot be stored is tried again until it is", () => {
    const rig = withPin();
    rig.commits = "refuse";
    rig.reader.present(cardEvent(7));
    rig.until(() => rig.readings.length === 3);
    rig.commits = "accept";
    rig.until(() => counter(rig, "readings-accepted") === 1);
    expect(new Set(rig.readings.map(({ deviceSeq }) => deviceSeq)).size).toBe(1);
  });

  test("card-then-pin: a killed agent goes on in the middle of an entry", () => {
    const rig = withPin();
    rig.reader.present(cardEvent(7));
    rig.reader.present(keysEvent("47"));
    rig.until(() => rig.reader.forgotten.length === 2);
    rig.restart();
    rig.reader.present(keysEvent("11#"));
    rig.until(() => rig.readings.length === 1);
    expect(rig.readings[0]).toMatchObject({ credential: { kind: "card" }, pin: "verified" });
  });
});
