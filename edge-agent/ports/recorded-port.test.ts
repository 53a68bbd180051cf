import { describe, expect, it } from "vitest";
import { eventually } from "../../test/support/eventually.ts";
import { createMemoryPair } from "./memory.ts";
import { createLineRecorder, type RecorderOptions, type Traffic } from "./recorded-port.ts";

const KEY = Uint8Array.of(0x75, 7, 7, 7);
const POLL = Uint8Array.of(0x60);

async function start(options: Partial<RecorderOptions> = {}) {
  const pair = createMemoryPair();
  const recorder = createLineRecorder({
    hideKeys: (written) => (written[0] === 0x75 ? Uint8Array.of(0x75, 0, 0, 0) : undefined),
    mayEcho: true,
    now: () => 5,
    ...options,
  });
  const open = recorder.record(() => Promise.resolve(pair.agent));
  const port = await open();
  const arrived: string[] = [];
  port.onData((chunk) => arrived.push(hex(chunk)));
  const seen: string[] = [];
  const look = (traffic: Traffic): void =>
    void seen.push(`${traffic.dir} ${hex(traffic.bytes)}${traffic.hidden ? " hidden" : ""}`);
  const answer = async (bytes: Uint8Array): Promise<void> => {
    const before = arrived.length;
    await pair.terminal.write(bytes);
    await eventually(() => arrived.length > before);
  };
  return { recorder, open, port, arrived, seen, look, answer };
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

describe("a line that is looked on at", () => {
  it("tells both ways, and the driver hears the same as ever", async () => {
    const { recorder, port, arrived, seen, look, answer } = await start({ mayEcho: false });
    const stop = recorder.follow(look);
    await answer(Uint8Array.of(1));
    await port.write(POLL);
    await answer(Uint8Array.of(2, 3));
    stop();
    await answer(Uint8Array.of(4));
    expect(seen).toEqual(["in 01", "out 60", "in 0203"]);
    expect(arrived).toEqual(["01", "0203", "04"]);
  });

  it("never shows a key, nor its echo, nor the echo of one said before anybody looked", async () => {
    const { recorder, port, arrived, seen, look, answer } = await start();
    await port.write(KEY);
    recorder.follow(look);
    await answer(KEY);
    await port.write(POLL);
    await answer(Uint8Array.of(9));
    await port.write(KEY);
    await answer(KEY.subarray(0, 2));
    await answer(KEY.subarray(2));
    await port.write(POLL);
    await answer(Uint8Array.of(8));
    expect(seen).toEqual([
      "in 00000000 hidden",
      "out 60",
      "in 09",
      "out 75000000 hidden",
      "in 0000 hidden",
      "in 0000 hidden",
      "out 60",
      "in 08",
    ]);
    expect(arrived[0]).toBe(hex(KEY));
  });

  it("waits for the next opening when asked to, so that a recording has the beginning", async () => {
    const { recorder, open, port, seen, look } = await start();
    recorder.follow(look, "opening");
    await port.write(POLL);
    const again = await open();
    await again.write(Uint8Array.of(0x61));
    expect(seen).toEqual(["out 61"]);
  });

  it("tells what a HID device is asked and told by feature reports, its id first", async () => {
    const { recorder, seen, look } = await start({ mayEcho: false });
    const sent: string[] = [];
    const open = recorder.record(async () => ({
      ...createMemoryPair().agent,
      features: {
        send: async (id, bytes) => void sent.push(`${id} ${hex(bytes)}`),
        get: async () => Uint8Array.of(0xaa, 0xbb),
      },
    }));
    const { features } = await open();
    recorder.follow(look);
    await features?.send(0, Uint8Array.of(0x8f));
    expect(await features?.get(0, 8)).toEqual(Uint8Array.of(0xaa, 0xbb));
    expect(sent).toEqual(["0 8f"]);
    expect(seen).toEqual(["out 008f", "in 00aabb"]);
  });
});
