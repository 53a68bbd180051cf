import { once } from "node:events";
import { createServer, type Server, Socket } from "node:net";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type TempDir, tempDir } from "../../test/support/temp.ts";
import { createReportSplitter, openHidSocket } from "./hid-socket.ts";
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
      (device: Socket): unknown => device.write(Uint8Array.of(0)),
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

  it("finds the same reports however the stream is cut", () => {
    const reports = fc.array(fc.uint8Array({ minLength: 1, maxLength: 255 }), { maxLength: 12 });
    fc.assert(
      fc.property(reports, fc.array(fc.nat({ max: 400 })), (sent, cuts) => {
        const stream = Buffer.concat(sent.map((report) => Buffer.from([report.length, ...report])));
        const got: Uint8Array[] = [];
        const splitter = createReportSplitter((report) => got.push(report));
        let at = 0;
        for (const cut of [...cuts, stream.length]) {
          expect(splitter.push(stream.subarray(at, at + cut))).toBe(true);
          at += cut;
        }
        expect(got).toEqual(sent);
      }),
      { seed: 20_261_124 },
    );
  });
});
