import {
  closeSync,
  constants,
  existsSync,
  mkdtempSync,
  openSync,
  readlinkSync,
  readSync,
  rmSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ReadStream } from "node:tty";
import { afterEach, describe, expect, it } from "vitest";
import { joinPtys, openPty, type Pty } from "./pty.ts";

const open: Pty[] = [];
const tracked = (pty: Pty): Pty => {
  open.push(pty);
  return pty;
};
afterEach(async () => {
  await Promise.all(open.splice(0).map((pty) => pty.close()));
});

const RAW = Uint8Array.from({ length: 256 }, (_, index) => index);
const openSlave = (path: string): number => openSync(path, constants.O_RDWR | constants.O_NOCTTY);

function collect(line: Pick<Pty, "onData">, bytes: number): Promise<Buffer> {
  return new Promise((resolve) => {
    let got = Buffer.alloc(0);
    line.onData((chunk) => {
      got = Buffer.concat([got, chunk]);
      if (got.length >= bytes) resolve(got);
    });
  });
}

describe("openPty", () => {
  it("passes all 256 byte values unchanged in both directions", async () => {
    const pty = tracked(openPty());
    const slave = openSlave(pty.slavePath);
    try {
      const arrived = collect(pty, RAW.length);
      writeSync(slave, RAW);
      expect(new Uint8Array(await arrived)).toEqual(RAW);

      await pty.write(RAW);
      const back = Buffer.alloc(512);
      expect(back.subarray(0, readSync(slave, back))).toEqual(Buffer.from(RAW));
    } finally {
      closeSync(slave);
    }
  });

  it("survives a program that closes the port and opens it again", async () => {
    const pty = tracked(openPty());
    for (const text of ["first", "second"]) {
      const slave = openSlave(pty.slavePath);
      const arrived = collect(pty, text.length);
      writeSync(slave, text);
      expect(String(await arrived)).toBe(text);
      closeSync(slave);
    }
  });

  it("drops what nobody reads instead of blocking, and counts it", async () => {
    const pty = tracked(openPty());
    await pty.write(new Uint8Array(64 * 1024));
    expect(pty.dropped()).toBeGreaterThan(0);
    expect(pty.dropped()).toBeLessThan(64 * 1024);
  });

  it("keeps a fixed path that follows the newest port and goes with it", async () => {
    const dir = mkdtempSync(join(tmpdir(), "clockleaf-pty-"));
    const link = join(dir, "reader-bus");
    const first = openPty({ link });
    const second = tracked(openPty({ link }));
    expect(second.slavePath).toBe(link);
    const target = readlinkSync(link);
    await first.close();
    expect(readlinkSync(link)).toBe(target);
    await second.close();
    expect(existsSync(link)).toBe(false);
    rmSync(dir, { recursive: true });
  });

  it("names the code of a link that cannot be made", () => {
    expect(() => openPty({ link: join(tmpdir(), "no-such-dir", "x", "bus") })).toThrowError(
      expect.objectContaining({ code: "port.unavailable" }),
    );
  });
});

describe("joinPtys", () => {
  it("carries 100,000 bytes whole from one port to another", async () => {
    const a = tracked(openPty());
    const b = tracked(openPty());
    joinPtys(a, b);
    const left = openSlave(a.slavePath);
    const right = new ReadStream(openSlave(b.slavePath));
    const sent = Buffer.from(
      Uint8Array.from({ length: 100_000 }, (_, index) => (index * 31) & 0xff),
    );
    const arrived = collect(
      { onData: (listener) => void right.on("data", (chunk: Buffer) => listener(chunk)) },
      sent.length,
    );
    try {
      for (let at = 0; at < sent.length; at += 1_000) {
        writeSync(left, sent.subarray(at, at + 1_000));
        await new Promise((resolve) => setImmediate(resolve));
      }
      expect((await arrived).equals(sent)).toBe(true);
    } finally {
      closeSync(left);
      right.destroy();
    }
  });
});
