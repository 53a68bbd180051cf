import { describe, expect, test } from "vitest";
import type { Framing } from "./config.ts";
import { createFramer, type Framer, type FramerEvent } from "./framer.ts";

const STX_ETX: Framing = { kind: "stx-etx", start: 2, end: 3 };
const LINES: Framing = { kind: "delimiter", ends: [13, 10] };
const framer = (
  framing: Framing,
  more: { trailerBytes?: number; maxLength?: number } = {},
): Framer => createFramer({ framing, maxLength: 8, idleMs: 200, trailerBytes: 0, ...more });

const bytes = (text: string): Uint8Array => Buffer.from(text, "latin1");
const told = (events: readonly FramerEvent[]): string[] =>
  events.map((event) => {
    if (event.kind === "frame") return `<${Buffer.from(event.content).toString("latin1")}>`;
    return event.kind === "lost" ? `${event.reason} ${event.bytes}` : `blank ${event.bytes}`;
  });

describe("frames between STX and ETX", () => {
  test("come out whole however they are cut, and noise around them is told", () => {
    const one = framer(STX_ETX);
    const events = Array.from("xx\u000212\u0003\r\n\u000234\u0003", (each, at) =>
      one.push(bytes(each), at),
    ).flat();
    expect(told(events)).toEqual(["noise 1", "noise 1", "<12>", "blank 1", "blank 1", "<34>"]);
    expect(told(framer(STX_ETX).push(bytes("xx\u000212\u0003\r\n\u000234\u0003"), 0))).toEqual([
      "noise 2",
      "<12>",
      "blank 2",
      "<34>",
    ]);
  });

  test("that begin anew in the middle lose what was begun, not what follows", () => {
    expect(told(framer(STX_ETX).push(bytes("\u000212\u000234\u0003"), 0))).toEqual([
      "restarted 3",
      "<34>",
    ]);
  });

  test("that never end are given up: at their length, and after a pause", () => {
    const one = framer(STX_ETX);
    expect(told(one.push(bytes("\u0002123456789abc\u0003\u00021\u0003"), 0))).toEqual([
      "too-long 14",
      "<1>",
    ]);
    expect(told(one.push(bytes("\u000212"), 1_000))).toEqual([]);
    expect(one.expiresAtMs()).toBe(1_200);
    expect(told(one.expire(1_199))).toEqual([]);
    expect(told(one.expire(1_200))).toEqual(["stalled 3"]);
    expect(one.expiresAtMs()).toBeUndefined();
    expect(told(one.push(bytes("34\u0003"), 1_300))).toEqual(["noise 3"]);
  });
});

describe("lines", () => {
  test("end at each delimiter, and empty ones are none", () => {
    expect(told(framer(LINES).push(bytes("12\r\n34\n\n56\r"), 0))).toEqual([
      "<12>",
      "blank 1",
      "<34>",
      "blank 1",
      "<56>",
    ]);
  });

  test("too long are lost whole, to their end, however long", () => {
    const one = framer(LINES);
    expect(told(one.push(bytes("1".repeat(100_000)), 0))).toEqual([]);
    expect(told(one.push(bytes("2\r34\r"), 1))).toEqual(["too-long 100002", "<34>"]);
  });

  test("that stop in the middle never grow into the next one", () => {
    const one = framer(LINES);
    one.push(bytes("12"), 0);
    expect(told(one.expire(200))).toEqual(["stalled 2"]);
    expect(told(one.push(bytes("34\r"), 900))).toEqual(["<34>"]);
  });
});

describe("frames without an end", () => {
  test("of a fixed length begin again after a pause", () => {
    const one = framer({ kind: "length", start: null, bytes: 3 });
    expect(told(one.push(bytes("12345"), 0))).toEqual(["<123>"]);
    expect(told(one.push(bytes("678"), 500))).toEqual(["stalled 2", "<678>"]);
  });

  test("of a fixed length behind a start byte may hold that byte", () => {
    const one = framer({ kind: "length", start: 2, bytes: 3 });
    expect(told(one.push(bytes("x\u00021\u00022\u0002345"), 0))).toEqual([
      "noise 1",
      "<1\u00022>",
      "<345>",
    ]);
  });

  test("ended by a pause are two if a pause lies between them", () => {
    const one = framer({ kind: "idle" });
    one.push(bytes("12"), 0);
    expect(told(one.push(bytes("34"), 199))).toEqual([]);
    expect(told(one.push(bytes("56"), 399))).toEqual(["<1234>"]);
    expect(told(one.expire(599))).toEqual(["<56>"]);
    one.push(bytes("123456789"), 1_000);
    expect(told(one.expire(1_200))).toEqual(["too-long 9"]);
  });
});
