import { mkdtempSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { KEYBOARD_DESCRIPTOR, REPORT_BYTES, typeBadge } from "./keyboard.ts";
import { listenHidReader } from "./socket.ts";
import { describeDevices } from "./umockdev.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "clockleaf-hid-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const hex = (reports: readonly Uint8Array[]): string[] =>
  reports.map((report) => Buffer.from(report).toString("hex"));
const UP = "0000000000000000";

describe("typeBadge", () => {
  it("types 00 as two strokes with a release between, then Enter, as a real reader does", () => {
    expect(hex(typeBadge("001"))).toEqual([
      "0000270000000000",
      UP,
      "0000270000000000",
      UP,
      "00001e0000000000",
      UP,
      "0000280000000000",
      UP,
    ]);
  });

  it("holds shift for capitals and uses the numeric block when asked", () => {
    expect(hex(typeBadge("A", { terminator: "none" }))).toEqual(["0200040000000000", UP]);
    expect(hex(typeBadge("10", { keypad: true, terminator: "keypad-enter" }))).toEqual([
      "0000590000000000",
      UP,
      "0000620000000000",
      UP,
      "0000580000000000",
      UP,
    ]);
  });

  it("always releases between equal keys and at the end, whatever the style", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9_-]{1,12}$/), fc.boolean(), (text, rollover) => {
        const reports = typeBadge(text, { rollover });
        expect(hex(reports).at(-1)).toBe(UP);
        expect(pressed(reports)).toBe(text.length + 1);
      }),
    );
  });

  it("refuses what such a reader cannot type", () => {
    expect(() => typeBadge("ä")).toThrowError(expect.objectContaining({ code: "config.invalid" }));
  });

  it("describes itself with the 63 bytes of the standard's example", () => {
    expect(KEYBOARD_DESCRIPTOR.length).toBe(63);
  });
});

/** Keys that went down, each counted against the report before. */
function pressed(reports: readonly Uint8Array[]): number {
  let before = new Set<number>();
  let count = 0;
  for (const report of reports) {
    const now = new Set(report.subarray(2).filter((usage) => usage !== 0));
    for (const usage of now) if (!before.has(usage)) count += 1;
    before = now;
  }
  return count;
}

const read = (socket: Socket, bytes: number): Promise<Buffer> =>
  new Promise((resolve) => {
    let got = Buffer.alloc(0);
    socket.on("data", (chunk: Buffer) => {
      got = Buffer.concat([got, chunk]);
      if (got.length >= bytes) resolve(got);
    });
  });

describe("a reader behind a socket", () => {
  it("frames each report with its length and says when nobody listens", async () => {
    const reader = await listenHidReader(join(dir, "hid.sock"));
    expect(reader.tap("1")).toBe(false);
    const socket = connect(reader.path);
    await new Promise((resolve) => socket.once("connect", resolve));
    await waitFor(() => reader.connected());
    const arrived = read(socket, 4 * (REPORT_BYTES + 1));
    expect(reader.tap("1")).toBe(true);
    expect((await arrived).toString("hex")).toBe(
      ["0000 1e0000000000", UP, "0000280000000000", UP]
        .map((report) => `08${report.replaceAll(" ", "")}`)
        .join(""),
    );
    await reader.close();
  });

  it("types report by report, and says how long its pauses were and whether it was heard", async () => {
    const reader = await listenHidReader(join(dir, "hid.sock"));
    expect(await reader.type("1", 1)).toBeNull();
    const socket = connect(reader.path);
    await waitFor(() => reader.connected());
    const arrived = read(socket, 4 * (REPORT_BYTES + 1));
    expect(await reader.type("1", 1)).toBeGreaterThan(0);
    expect((await arrived).toString("hex")).toBe(
      ["0000 1e0000000000", UP, "0000280000000000", UP]
        .map((report) => `08${report.replaceAll(" ", "")}`)
        .join(""),
    );
    const torn = reader.type("1234", 1);
    reader.unplug();
    expect(await torn).toBeNull();
    socket.destroy();
    await reader.close();
  });

  it("is lost for the agent when unplugged, and there again", async () => {
    const reader = await listenHidReader(join(dir, "hid.sock"));
    for (let round = 0; round < 2; round += 1) {
      const socket = connect(reader.path);
      const gone = new Promise((resolve) => socket.once("close", resolve));
      socket.on("error", () => undefined);
      await waitFor(() => reader.connected());
      reader.unplug();
      await gone;
      await waitFor(() => !reader.connected());
      expect(reader.tap("1")).toBe(false);
    }
    await reader.close();
  });

  it("replaces the socket a dead simulator left behind", async () => {
    const path = join(dir, "hid.sock");
    const dead = await listenHidReader(path);
    const next = await listenHidReader(path);
    const socket = connect(path);
    await waitFor(() => next.connected());
    expect([dead.connected(), next.connected()]).toEqual([false, true]);
    socket.destroy();
    await next.close();
    await dead.close();
  });

  it("names the code of a path that is too long", async () => {
    const listening = listenHidReader(join(dir, "x".repeat(120)));
    await expect(listening).rejects.toMatchObject({ code: "port.unavailable" });
  });
});

async function waitFor(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

describe("describeDevices", () => {
  it("gives each device a node and a USB port of its own, with its descriptor", () => {
    const device = { product: "Reader", descriptor: KEYBOARD_DESCRIPTOR };
    const text = describeDevices([
      { ...device, node: 0, serial: "A" },
      { ...device, node: 1, serial: "B" },
    ]);
    const nodes = text.split("\n").filter((line) => /^(N:|A: serial|E: HID_PHYS)/.test(line));
    expect(nodes).toEqual([
      "N: hidraw0",
      "E: HID_PHYS=usb-0000:00:14.0-2/input0",
      "A: serial=A\\n",
      "N: hidraw1",
      "E: HID_PHYS=usb-0000:00:14.0-3/input0",
      "A: serial=B\\n",
    ]);
    expect(text.match(/H: report_descriptor=05010906A101/g)).toHaveLength(2);
  });
});
