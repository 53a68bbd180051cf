import type { Capture, CaptureChunk } from "@clockleaf/shared/wire/capture.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { eventually } from "../../test/support/eventually.ts";
import { memoryLine } from "../line.ts";
import { createPlayer } from "./player.ts";
import { createListener, type Heard, type Listener, scriptOf } from "./script.ts";

type Said = readonly ["in" | "out", hex: string, hidden?: true];

function captureOf(said: readonly Said[]): Capture {
  const chunks = said.map(
    ([dir, hex, hidden], index): CaptureChunk => ({
      atMs: index,
      dir,
      hex,
      ...(hidden === undefined ? {} : { hidden }),
    }),
  );
  return {
    header: {
      capture: "clockleaf",
      version: 1,
      driver: "zfm",
      readers: ["door"],
      port: { kind: "serial", name: "/dev/ttyUSB0", baudRate: 57_600 },
      startedAt: "2026-12-01T08:00:00Z",
    },
    chunks,
  };
}

const bytes = (hex: string): Uint8Array => Buffer.from(hex, "hex");
const listenerOf = (...said: readonly Said[]): Listener =>
  createListener(scriptOf(captureOf(said)));
const shown = (heard: readonly Heard[]): string[] =>
  heard.map(({ kind, step }) => `${kind} ${step ?? "end"}`);
const ask = (listener: Listener, ...hex: readonly string[]): string[] =>
  hex.flatMap((each) => shown(listener.hear(bytes(each))));

const DAY: readonly Said[] = [
  ["out", "0a01"],
  ["in", "a1"],
  ["out", "0a02"],
  ["in", "a2"],
  ["out", "0b03ff"],
  ["in", "a3"],
  ["out", "0a01"],
  ["in", "a4"],
];

describe("a driver heard along a recording", () => {
  it("is followed word for word, however its bytes are cut", () => {
    expect(ask(listenerOf(...DAY), "0a01", "0a02", "0b03ff", "0a01")).toEqual([
      "same 0",
      "same 1",
      "same 2",
      "same 3",
    ]);
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 9 })), (cuts) => {
        const all = "0a010a020b03ff0a01";
        const at = [0, ...cuts.toSorted((a, b) => a - b), 9];
        const pieces = at.slice(1).map((end, index) => all.slice((at[index] ?? 0) * 2, end * 2));
        const heard = ask(listenerOf(...DAY), ...pieces);
        expect(heard).toEqual(["same 0", "same 1", "same 2", "same 3"]);
      }),
    );
  });

  it("may ask again, leave something out, and say something of its own, without losing its place", () => {
    const listener = listenerOf(...DAY);
    expect(ask(listener, "0a01", "0a01")).toEqual(["same 0", "again 0"]);
    expect(listener.hear(bytes("0b03ff"))).toEqual([{ kind: "same", step: 2, skipped: 1 }]);
    expect(ask(listener, "0c")).toEqual([]);
    expect(shown(listener.quiet())).toEqual(["different 3"]);
    expect(listener.isAtEnd()).toBe(true);
    expect(ask(listener, "0c")).toEqual([]);
    expect(shown(listener.quiet())).toEqual(["different end"]);
    expect(ask(listener, "0a02")).toEqual(["again 1"]);
  });

  it("may say any key where the recording hides one", () => {
    const listener = listenerOf(["out", "75000000", true], ["in", "a1"], ["out", "0600"]);
    expect(ask(listener, "75aabbcc", "0601")).toEqual(["same 0"]);
    expect(shown(listener.quiet())).toEqual(["different 1"]);
  });
});

describe("a recording played on a line", () => {
  it("answers what is asked, with what was said before and after it", async () => {
    const [terminal, agent] = memoryLine();
    const heard: string[] = [];
    agent.onData((chunk) => heard.push(Buffer.from(chunk).toString("hex")));
    const capture = captureOf([["in", "55"], ...DAY.slice(0, 4), ["in", "a9"]]);
    const player = createPlayer({ capture, speed: 1, whenAsked: true });
    player.attach(terminal);
    await eventually(() => heard.length === 1);
    await agent.write(bytes("0a01"));
    await agent.write(bytes("0a02"));
    await player.done;
    await eventually(() => heard.length === 4);
    expect(heard).toEqual(["55", "a1", "a2", "a9"]);
    expect(player.counters()).toMatchObject({ recorded: 2, asked: 2, same: 2, said: 4 });
    player.stop();
  });

  it("says everything once by its times, whatever it is asked", async () => {
    const [terminal, agent] = memoryLine();
    const heard: string[] = [];
    agent.onData((chunk) => heard.push(Buffer.from(chunk).toString("hex")));
    const player = createPlayer({ capture: captureOf(DAY), speed: 10, whenAsked: false });
    player.attach(terminal);
    await player.done;
    await eventually(() => heard.length === 4);
    expect(heard).toEqual(["a1", "a2", "a3", "a4"]);
  });
});
