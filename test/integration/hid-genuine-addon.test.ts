import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeCard } from "../../hardware-sim/cards.ts";
import { KEYBOARD_DESCRIPTOR, typeBadge } from "../../hardware-sim/hid/keyboard.ts";
import { PCPROX_DESCRIPTOR, PcproxReader } from "../../hardware-sim/hid/pcprox.ts";
import type { MockDevice } from "../../hardware-sim/hid/umockdev.ts";
import { eventually } from "../support/eventually.ts";
import {
  type AppOptions,
  canMockHid,
  type ReaderApp,
  startReaderApp,
  type Told,
} from "../support/mocked-hid.ts";
import { type TempDir, tempDir } from "../support/temp.ts";

// The real node-hid with its native part, enumerating, opening, reading and asking devices that umockdev fakes below libc.
// Our port and our drivers run on top unchanged; only the kernel is not the real one.

const KEYBOARD: MockDevice = {
  node: 0,
  serial: "KB0001",
  product: "RFIDeas USB Keyboard",
  descriptor: KEYBOARD_DESCRIPTOR,
};
const PCPROX: MockDevice = { ...KEYBOARD, serial: "PX0001", descriptor: PCPROX_DESCRIPTOR };

const heard = <T>({ told }: ReaderApp, pick: (line: Told) => T | undefined): T[] =>
  told.flatMap((line) => pick(line) ?? []);

const statuses = (app: ReaderApp): string[] => heard(app, ({ status }) => status);
const opened = (app: ReaderApp): string[] => heard(app, (line) => line.opened);
const credentials = (app: ReaderApp): object[] => heard(app, ({ reading }) => reading?.credential);

describe.skipIf(!canMockHid())("the genuine node-hid", () => {
  let dir: TempDir;
  let apps: ReaderApp[];
  beforeEach(() => {
    dir = tempDir("umockdev");
    apps = [];
  });
  afterEach(async () => {
    for (const app of apps) await app.stop();
    dir.remove();
  });

  async function start(options: Omit<AppOptions, "dir">): Promise<ReaderApp> {
    const app = await startReaderApp({ ...options, dir: dir.path });
    apps.push(app);
    return app;
  }
  describe("and the keyboard driver", () => {
    it("find the reader by its ids and read its badges to the last key", async () => {
      const app = await start({ driver: "hid-keyboard", devices: [KEYBOARD] });
      const reader = await app.plugIn(0, KEYBOARD);
      app.begin();
      await eventually(() => statuses(app).includes("online"));
      await app.type(
        reader,
        ["0012345678", "A-7_b"].flatMap((badge) => typeBadge(badge)),
      );
      await eventually(() => credentials(app).length === 2);
      expect(credentials(app)).toEqual([
        { kind: "number", value: "0012345678" },
        { kind: "number", value: "A-7_b" },
      ]);
      expect(statuses(app)).toEqual(["online"]);
    });

    it("find the reader again at another path, after it was unplugged and plugged in elsewhere", async () => {
      const elsewhere = { ...KEYBOARD, node: 1 };
      const stranger = { ...KEYBOARD, node: 2, serial: "KB9999" };
      const app = await start({
        driver: "hid-keyboard",
        devices: [KEYBOARD, elsewhere, stranger],
        usb: { vendorId: "0c27", productId: "3bfa", serial: "KB0001" },
      });
      // Of the same kind and always there, but not the one that is meant.
      await app.plugIn(2, stranger);
      const reader = await app.plugIn(0, KEYBOARD);
      app.begin();
      await eventually(() => statuses(app).at(-1) === "online");
      await app.type(reader, typeBadge("1111"));
      await eventually(() => credentials(app).length === 1);

      await reader.unplug();
      await eventually(() => statuses(app).at(-1) === "offline");
      await eventually(() => app.told.at(-1)?.fault?.code === "port.unavailable");

      const again = await app.plugIn(1, elsewhere);
      await eventually(() => statuses(app).at(-1) === "online");
      await app.type(again, typeBadge("2222"));
      await eventually(() => credentials(app).length === 2);
      expect(opened(app)).toEqual(["/dev/hidraw0", "/dev/hidraw1"]);
      expect(statuses(app)).toEqual(["online", "offline", "online"]);
    });

    it("say that no device fits when the ids are others", async () => {
      const usb = { vendorId: "0c27", productId: "ffff" };
      const app = await start({ driver: "hid-keyboard", devices: [KEYBOARD], usb });
      await app.plugIn(0, KEYBOARD);
      app.begin();
      await eventually(() => app.told.some(({ fault }) => fault?.code === "port.unavailable"));
      expect(opened(app)).toEqual([]);
    });

    it("say that a reader which does not type is none for this driver", async () => {
      const raw = { ...PCPROX, descriptor: RAW_DESCRIPTOR };
      const app = await start({ driver: "hid-keyboard", devices: [raw] });
      await app.plugIn(0, raw);
      app.begin();
      const fault = await eventually(() => heard(app, (line) => line.fault)[0]);
      expect(fault).toMatchObject({
        code: "port.unavailable",
        message: expect.stringContaining("use the driver pcprox"),
      });
    });
  });

  describe("and the pcProx driver", () => {
    it("read cards by feature reports, show green, and leave the reader as it was", async () => {
      const reader = new PcproxReader();
      const before = reader.page(2);
      const app = await start({ driver: "pcprox", devices: [PCPROX], settings: { pollMs: 5 } });
      await app.plugIn(0, { descriptor: PCPROX.descriptor, features: reader });
      app.begin();
      await eventually(() => statuses(app).includes("online"));
      expect(reader.led()).toBe("dark");
      for (const [index, number] of [45_678, 45_679].entries()) {
        reader.place(makeCard(26, 123, number));
        await eventually(() => credentials(app).length === index + 1);
        await eventually(() => reader.greens() === index + 1);
      }
      // The first is the card of test/vectors/cards/h10301-123-45678.
      expect(credentials(app)[0]).toEqual({ kind: "card", bits: 26, hex: "bdd93740" });
      expect(heard(app, ({ facts }) => facts).at(-1)).toMatchObject({
        firmware: "07.3.0",
        strippedBits: "1+1",
        feedback: true,
      });
      await app.stop();
      expect(reader.page(2)).toEqual(before);
      expect(reader.saves()).toBe(0);
    });

    it("find the reader again at another path, after it was unplugged and plugged in elsewhere", async () => {
      const elsewhere = { ...PCPROX, node: 1 };
      const app = await start({
        driver: "pcprox",
        devices: [PCPROX, elsewhere],
        usb: { vendorId: "0c27", productId: "3bfa", serial: "PX0001" },
        settings: { pollMs: 5 },
      });
      const reader = new PcproxReader();
      const { descriptor } = PCPROX;
      const plugged = await app.plugIn(0, { descriptor, features: reader });
      app.begin();
      await eventually(() => statuses(app).at(-1) === "online");
      await plugged.unplug();
      reader.powerCut();
      await eventually(() => statuses(app).at(-1) === "offline");
      await app.plugIn(1, { descriptor, features: reader });
      await eventually(() => statuses(app).at(-1) === "online");
      reader.place(makeCard(26, 123, 45_678));
      await eventually(() => credentials(app).length === 1);
      expect(opened(app)).toEqual(["/dev/hidraw0", "/dev/hidraw1"]);
      expect(statuses(app)).toEqual(["online", "offline", "online"]);
    });

    it("say that a reader which only types is no pcProx", async () => {
      const app = await start({ driver: "pcprox", devices: [KEYBOARD] });
      await app.plugIn(0, KEYBOARD);
      app.begin();
      const fault = await eventually(() => heard(app, (line) => line.fault)[0]);
      expect(fault).toMatchObject({
        code: "device.refused",
        message: expect.stringContaining("use the driver hid-keyboard"),
      });
    });
  });
});

/** A vendor's own usage page with an 8-byte feature report, and no keyboard. */
const RAW_DESCRIPTOR = Uint8Array.from(
  Buffer.from("0600FF0901A1010902150026FF0075089508910209049508B102C0", "hex"),
);
