import { describe, expect, test } from "vitest";
import { decodeReply, type Message } from "./messages.ts";
import { cardEvent, createScriptedReader, type Mood } from "./scripted-reader.ts";
import { type SessionRig, sessionRig } from "./session-rig.ts";

const KEY = Buffer.from("8f1c22d90a4b57e361b8c4d5026f7e93", "hex");
const CODE = { POLL: 0x60, LED: 0x69, BIOREAD: 0x73, BIOMATCH: 0x74 };
/** LED, beeps, text, and a sensor. */
const WITH_SENSOR = [4, 5, 6, 0x0e].map((func) => [func, 1, 1] as const);
const TEMPLATE = Buffer.from("5ec4e7f1bae49a1d5ec4e7f1bae49a1d", "hex");

const biomatchr = (status: number, score: number): Message => ({
  id: 0x58,
  data: Uint8Array.of(0, status, score),
});
const bioreadr = (status: number): Message => ({
  id: 0x57,
  data: Uint8Array.of(0, status, 7, 80, TEMPLATE.length, 0, ...TEMPLATE),
});

function fingers(
  ask: "match" | "presence",
  mood: Partial<Mood> = {},
  key?: Uint8Array,
): SessionRig {
  const reader = createScriptedReader(5, {
    capabilities: WITH_SENSOR,
    ...(key === undefined ? {} : { key }),
    ...mood,
  });
  const secure = key === undefined ? { secureChannel: "off" } : { keyFile: "k" };
  const finger = { ask, threshold: 100, seconds: 8 };
  const rig = sessionRig(reader, { ...secure, finger });
  rig.until(() => sent(rig, CODE.POLL) > 0);
  return rig;
}

const sent = (rig: SessionRig, id: number): number =>
  rig.reader.commands.filter((command) => command.id === id).length;
const counter = (rig: SessionRig, name: string): number =>
  rig.session().health().counters[name] ?? 0;
/** Colours shown, oldest first: 2 green, 3 amber. */
const lights = (rig: SessionRig): (number | undefined)[] =>
  rig.reader.commands.filter(({ id }) => id === CODE.LED).map(({ data }) => data[5]);

const whole = (data: Uint8Array): Message => ({ id: 0x57, data });
const holds = (what: unknown): boolean =>
  JSON.stringify(what, (_, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString("hex") : value,
  ).includes(TEMPLATE.toString("hex").slice(0, 8));

describe("after a stored punch", () => {
  test("the reader is asked to match against its own template: none of ours goes out", () => {
    const rig = fingers("match");
    rig.reader.present(cardEvent(7));
    rig.until(() => sent(rig, CODE.BIOMATCH) === 1);
    const asked = rig.reader.commands.find(({ id }) => id === CODE.BIOMATCH);
    expect([...(asked?.data ?? [])]).toEqual([0, 0, 0, 100, 0, 0]);
    // Stored first: the finger decides about the light, never about the punch.
    expect(rig.readings).toHaveLength(1);
    expect(rig.reader.forgotten).toHaveLength(1);
    expect(lights(rig)).toEqual([3]);
    rig.reader.present(biomatchr(0, 100));
    rig.until(() => counter(rig, "fingers_right") === 1);
    rig.turns(6);
    expect(lights(rig)).toEqual([3, 2]);
    expect(rig.readings).toHaveLength(1);
  });

  test.each([
    { name: "a score too low", reply: biomatchr(0, 99), count: "fingers_no-match" },
    { name: "a failure", reply: biomatchr(0xff, 255), count: "fingers_no-match" },
    { name: "nobody", reply: biomatchr(1, 0), count: "fingers_timed-out" },
  ])("$name is amber, counted, and the punch stands", ({ reply, count }) => {
    const rig = fingers("match");
    rig.reader.present(cardEvent(7));
    rig.until(() => sent(rig, CODE.BIOMATCH) === 1);
    rig.reader.present(reply);
    rig.until(() => counter(rig, count) === 1);
    rig.turns(6);
    expect(lights(rig)).toEqual([3, 3]);
    expect(rig.readings).toHaveLength(1);
  });

  test("a reader that never answers is amber after the time, and serves the next card", () => {
    const rig = fingers("match");
    rig.reader.present(cardEvent(7));
    rig.until(() => sent(rig, CODE.BIOMATCH) === 1);
    const askedAt = rig.clock.nowMs;
    rig.until(() => counter(rig, "fingers_timed-out") === 1);
    expect(rig.clock.nowMs - askedAt).toBeGreaterThanOrEqual(7_900);
    rig.reader.present(biomatchr(0, 255));
    rig.until(() => counter(rig, "fingers_unasked") === 1);
    expect(lights(rig)).toEqual([3, 3]);
    rig.reader.present(cardEvent(8));
    rig.until(() => rig.readings.length === 2);
  });

  test("the next card does not wait for the finger of the one before", () => {
    const rig = fingers("match");
    rig.reader.present(cardEvent(7));
    rig.until(() => sent(rig, CODE.BIOMATCH) === 1);
    rig.reader.present(cardEvent(8));
    rig.until(() => sent(rig, CODE.BIOMATCH) === 2);
    expect(counter(rig, "fingers_abandoned")).toBe(1);
    rig.reader.present(biomatchr(0, 200));
    rig.until(() => counter(rig, "fingers_right") === 1);
    expect(rig.readings).toHaveLength(2);
  });

  test("a reader that refuses is not asked again, and the person sees the punch's own light", () => {
    const rig = fingers("match", { refuses: new Set([CODE.BIOMATCH]) });
    for (const badge of [7, 8]) rig.reader.present(cardEvent(badge));
    rig.until(() => rig.readings.length === 2);
    rig.turns(12);
    expect(sent(rig, CODE.BIOMATCH)).toBe(1);
    expect(counter(rig, "fingers_refused")).toBe(1);
    expect(lights(rig).filter((colour) => colour === 2)).toHaveLength(2);
  });

  test("a reader whose capabilities name no sensor is never asked", () => {
    const rig = fingers("match", { capabilities: [[4, 1, 1]] });
    rig.reader.present(cardEvent(7));
    rig.until(() => rig.readings.length === 1);
    rig.turns(20);
    expect(sent(rig, CODE.BIOMATCH) + sent(rig, CODE.BIOREAD)).toBe(0);
    expect(lights(rig)).toEqual([2]);
  });

  test("nobody is asked whose punch was not taken", () => {
    const rig = fingers("match");
    rig.commits = "hold";
    rig.reader.present(cardEvent(7));
    rig.until(() => rig.readings.length === 1);
    rig.session().accepted({ light: "red", text: "UNKNOWN BADGE" }, rig.clock.nowMs);
    rig.turns(20);
    expect(sent(rig, CODE.BIOMATCH)).toBe(0);
    expect(lights(rig)).toEqual([1]);
  });
});

describe("a template that a reader sends", () => {
  test("ends at the codec: not in what is decoded, and not in the bytes it came in", () => {
    const { data } = bioreadr(0);
    expect(holds({ data })).toBe(true);
    const reply = decodeReply(whole(data));
    expect(reply).toEqual({
      type: "BIOREADR",
      reader: 0,
      status: 0,
      part: 7,
      quality: 80,
      templateBytes: 16,
    });
    expect(data.every((byte) => byte === 0)).toBe(true);
  });

  test("ends there too when its length is wrong", () => {
    const { data } = bioreadr(0);
    data[4] = 15;
    expect(decodeReply(whole(data))).toEqual({ type: "unusable", id: 0x57 });
    expect(data.every((byte) => byte === 0)).toBe(true);
    expect(decodeReply(whole(Uint8Array.of(0, 0, 1)))).toEqual({ type: "unusable", id: 0x57 });
  });

  test.each([
    { name: "in clear", key: undefined },
    { name: "in a secure channel", key: KEY },
  ])("$name, is nowhere: not in readings, health, statuses or the state file", ({ key }) => {
    const rig = fingers("presence", {}, key);
    const saved: unknown[] = [];
    rig.reader.present(cardEvent(7));
    rig.until(() => sent(rig, CODE.BIOREAD) === 1);
    expect([...(rig.reader.commands.find(({ id }) => id === CODE.BIOREAD)?.data ?? [])]).toEqual([
      0, 0, 0, 100,
    ]);
    rig.reader.present(bioreadr(0));
    for (let turn = 0; counter(rig, "fingers_right") === 0 && turn < 50; turn += 1) {
      rig.turn();
      saved.push(rig.saved());
    }
    rig.turns(6);
    saved.push(rig.saved());
    expect(counter(rig, "fingers_right")).toBe(1);
    expect(lights(rig)).toEqual([3, 2]);
    expect(saved.length).toBeGreaterThan(1);
    const everything = [saved, rig.readings, rig.statuses, rig.session().health()];
    expect(holds(everything)).toBe(false);
    // The search itself finds what is there.
    expect(holds([...everything, { bytes: Uint8Array.from(TEMPLATE) }])).toBe(true);
  });

  test("that nobody asked for is counted and gone", () => {
    const rig = fingers("match");
    rig.reader.present(bioreadr(0));
    rig.until(() => counter(rig, "fingers_unasked") === 1);
    expect(rig.readings).toEqual([]);
  });
});

describe("the formats of a site", () => {
  test("count cards they do not explain, and refuse none", () => {
    const reader = createScriptedReader(5);
    const rig = sessionRig(reader, { secureChannel: "off", cardFormats: ["H10301"] });
    const cards = ["00011a00bdd93740", "00011a00bdd93700", "00010800ff"];
    for (const hex of cards) reader.present({ id: 0x50, data: Buffer.from(hex, "hex") });
    rig.until(() => rig.readings.length === 3);
    expect(rig.session().health().counters).toMatchObject({
      parity_right: 1,
      parity_wrong: 1,
      "parity_other-format": 1,
    });
  });
});
