import { once } from "node:events";
import { createServer, type Server, Socket } from "node:net";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { eventually } from "../../test/support/eventually.ts";
import { type TempDir, tempDir } from "../../test/support/temp.ts";
import { createHidSplitter, encodeHidFrame, type HidFrame } from "./hid-frames.ts";
import { openHidSocket } from "./hid-socket.ts";
import type { Port } from "./port.ts";

let dir: TempDir;
let server: Server;
let path: string;
beforeEach(async () => {
  dir = tempDir("hid-socket");
  path = join(dir.path, "hid.sock");
  server = createServer().listen(path);
  await once(server, "listening");
});
afterEach(() => {
  server.close();
  dir.remove();
});

async function connected(): Promise<{ port: Port; device: Socket }> {
  const accepted = once(server, "connection");
  const port = await openHidSocket({ path });
  const [device]: unknown[] = await accepted;
  if (!(device instanceof Socket)) throw new Error("no connection");
  return { port, device };
}
const closedWith = (port: Port): Promise<Error | undefined> =>
  new Promise((resolve) => port.onClosed(resolve));

describe("a simulated HID device on a socket", () => {
  it("carries reports in both directions", async () => {
    const { port, device } = await connected();
    const report = new Promise<Uint8Array>((resolve) => port.onData(resolve));
    device.write(Uint8Array.of(3, 7, 8, 9));
    expect([...(await report)]).toEqual([7, 8, 9]);
    const heard = once(device, "data");
    await port.write(Uint8Array.of(1, 2));
    expect(await heard).toEqual([Buffer.from([2, 1, 2])]);
    await port.close();
  });

  it("is lost when the device hangs up, and when it sends what is no frame", async () => {
    for (const misbehave of [
      (device: Socket): unknown => device.destroy(),
      (device: Socket): unknown => device.write(Uint8Array.of(0, 0)),
    ]) {
      const { port, device } = await connected();
      const closed = closedWith(port);
      misbehave(device);
      expect(await closed).toMatchObject({ code: "port.lost" });
      await expect(port.write(Uint8Array.of(1))).rejects.toMatchObject({ code: "port.lost" });
    }
  });

  it("says what to do when nothing listens", async () => {
    await expect(openHidSocket({ path: `${path}.none` })).rejects.toMatchObject({
      code: "port.unavailable",
    });
  });

  it("asks for feature reports and sends them, answered in any order", async () => {
    const { port, device } = await connected();
    const heard: number[] = [];
    device.on("data", (chunk: Buffer) => heard.push(...chunk));
    const got = port.features?.get(7, 8);
    const sent = port.features?.send(0, Uint8Array.of(0x8f));
    await eventually(() => heard.length === 12);
    expect(heard).toEqual([0, 4, 2, 1, 7, 8, 0, 4, 1, 2, 0, 0x8f]);
    device.write(Uint8Array.of(0, 3, 3, 2, 1));
    await expect(sent).resolves.toBeUndefined();
    // An answer that nobody waits for is nobody's.
    device.write(Uint8Array.of(0, 4, 3, 9, 1, 66));
    device.write(Uint8Array.of(0, 5, 3, 1, 1, 4, 2));
    expect(await got).toEqual(Uint8Array.of(4, 2));
    await port.close();
  });

  it("passes on that the device refuses a feature report, or goes instead of answering", async () => {
    const { port, device } = await connected();
    const refused = port.features?.get(0, 8);
    device.write(Uint8Array.of(0, 3, 3, 1, 0));
    await expect(refused).rejects.toMatchObject({ code: "device.refused" });
    const asked = port.features?.get(0, 8);
    device.destroy();
    await expect(asked).rejects.toMatchObject({ code: "port.lost" });
    await expect(port.features?.get(0, 8)).rejects.toMatchObject({ code: "port.lost" });
  });

  it("finds the same frames however the stream is cut", () => {
    const kind = fc.constantFrom("report" as const, "message" as const);
    const frame = fc.record({ kind, bytes: fc.uint8Array({ minLength: 1, maxLength: 255 }) });
    fc.assert(
      fc.property(
        fc.array(frame, { maxLength: 12 }),
        fc.array(fc.nat({ max: 400 })),
        (sent, cuts) => {
          const stream = Buffer.concat(sent.map(encodeHidFrame));
          const got: HidFrame[] = [];
          const splitter = createHidSplitter((each) => got.push(each));
          let at = 0;
          for (const cut of [...cuts, stream.length]) {
            expect(splitter.push(stream.subarray(at, at + cut))).toBe(true);
            at += cut;
          }
          expect(got).toEqual(sent);
        },
      ),
      { seed: 20_261_124 },
    );
  });

  it("makes frames of 1 to 255 bytes of whatever it is given, holds no more than one, and never throws", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 600 })), (chunks) => {
        let bytes = 0;
        const splitter = createHidSplitter((frame) => {
          expect(frame.bytes.length).toBeGreaterThan(0);
          bytes += encodeHidFrame(frame).length;
        });
        for (const chunk of chunks) {
          bytes -= chunk.length;
          if (!splitter.push(chunk)) return;
          expect(-bytes).toBeLessThanOrEqual(256);
        }
      }),
      { seed: 20_261_201, numRuns: 2_000 },
    );
  });
});
