import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hasCode } from "../lib/errors.ts";
import {
  type CaptureChunk,
  type CaptureHeader,
  captureLine,
  MAX_CAPTURE_BYTES,
  parseCapture,
} from "./capture.ts";

const HEADER: CaptureHeader = {
  capture: "clockleaf",
  version: 1,
  driver: "serial-badge",
  readers: ["gate"],
  port: { kind: "serial", name: "/dev/ttyUSB0", baudRate: 9600 },
  startedAt: "2026-12-01T08:00:00.000Z",
};
const CHUNKS: readonly CaptureChunk[] = [
  { atMs: 0.5, dir: "out", hex: "0102" },
  { atMs: 10, dir: "in", hex: "ff", hidden: true },
];
const parse = (text: string) => parseCapture(text, "day.ndjson");
const written = [HEADER, ...CHUNKS].map(captureLine).join("");

const add = (line: string): string => `${written}${line}\n`;

describe("a capture", () => {
  it("is read as it was written", () => {
    expect(parse(written)).toEqual({ header: HEADER, chunks: CHUNKS });
  });

  it("names the line that is wrong, and what is wrong with it", () => {
    expect(() => parse(add('{"atMs":11,"dir":"up","hex":"00"}'))).toThrow(/day\.ndjson:4: dir/);
    expect(() => parse(add('{"atMs":11,"dir":"in","hex":"0"}'))).toThrow(/:4: hex/);
    expect(() => parse(add('{"atMs":9,"dir":"in","hex":"00"}'))).toThrow(/:4: atMs: earlier/);
    expect(() => parse(add('{"atMs":11,"dir":"in","hex":"00'))).toThrow(/:4: not a line of JSON/);
    expect(() => parse("")).toThrow(/day\.ndjson:1: .*header/);
    expect(() => parse(captureLine(CHUNKS[0]!))).toThrow(/day\.ndjson:1: capture/);
  });

  it("refuses another version, and what is too large, by name", () => {
    const other = written.replace('"version":1', '"version":2');
    expect(() => parse(other)).toThrow(
      expect.objectContaining({ code: "wire.unsupported-version" }),
    );
    expect(() => parse(" ".repeat(MAX_CAPTURE_BYTES + 1))).toThrow(
      expect.objectContaining({ code: "wire.too-large" }),
    );
  });

  it("throws nothing but its own errors, whatever the text is", () => {
    const changed = fc
      .tuple(fc.nat({ max: written.length }), fc.string())
      .map(([at, text]) => written.slice(0, at) + text + written.slice(at + text.length));
    fc.assert(
      fc.property(fc.oneof(fc.string(), changed), (text) => {
        try {
          parse(text);
        } catch (error) {
          expect(hasCode(error, "wire.malformed", "wire.unsupported-version")).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});
