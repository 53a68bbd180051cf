import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, realpathSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { badgeLine, hidLine, misheardTag, osdpLine, osdpReader } from "../support/doctor-lines.ts";
import { createDoctorRig, type DoctorRig, expectTrouble } from "../support/doctor-rig.ts";
import { EDGE_MAIN } from "../support/edge-cli.ts";
import { eventually } from "../support/eventually.ts";
import { onPath } from "../support/on-path.ts";
import { available } from "../support/parts.ts";
import {
  canMakeViews,
  findLibusb,
  inPrivateView,
  WITHOUT_LIBUSB,
} from "../support/private-view.ts";

// The real command against set-ups that are really broken: each names the thing that is wrong and what to type.

const NOBODY = 65_534;
const KEY = "8f3c19a77e0254d1b6e80f9ac4517d23";
const OTHER_KEY = "5a1be3970c8846f2d90147ab6cfe8231";
const isRoot = process.getuid?.() === 0;
const hasViews = available("root, for a view of the file system of one's own", canMakeViews());

let rig: DoctorRig;
beforeEach(() => {
  rig = createDoctorRig("doctor");
});
afterEach(() => rig[Symbol.asyncDispose]());

/** Somebody else holds the line, as a terminal program does. */
async function hold(path: string): Promise<ChildProcess> {
  const program = [
    "import fcntl, os, sys, termios",
    "fd = os.open(sys.argv[1], os.O_RDWR | os.O_NOCTTY)",
    "fcntl.flock(fd, fcntl.LOCK_EX)",
    "fcntl.ioctl(fd, termios.TIOCEXCL)",
    "print('held', flush=True)",
    "sys.stdin.read()",
  ].join("\n");
  const holder = spawn("python3", ["-c", program, path], { stdio: ["pipe", "pipe", "inherit"] });
  rig.atEnd(async () => {
    holder.kill("SIGKILL");
    await once(holder, "close");
  });
  await once(holder.stdout, "data");
  return holder;
}

/** Whether `nobody` can run the checkout's Node and read its sources. */
function missingForNobody(): string | undefined {
  if (!isRoot) return undefined;
  const asNobody = { uid: NOBODY, gid: NOBODY, stdio: "ignore" } as const;
  return spawnSync(process.execPath, [EDGE_MAIN, "--version"], asNobody).status === 0
    ? undefined
    : "a checkout that every user may read";
}

describe("clockleaf-edge doctor names what is broken, and the cure", () => {
  it.skipIf(!available("nobody", missingForNobody() === undefined ? "yes" : undefined))(
    "no permission",
    async () => {
      const line = rig.pty("ttyS7");
      const device = realpathSync(line.slavePath);
      chmodSync(device, isRoot ? 0o600 : 0o000);
      rig.configure({ lines: [badgeLine(line.slavePath)] });
      if (isRoot) chownSync(rig.seedFile, NOBODY, NOBODY);
      const visit = await rig.doctor(isRoot ? { uid: NOBODY } : {});
      const said = visit.about(`serial port ${line.slavePath}`);
      expectTrouble(said, /^no permission/, /^sudo usermod -aG \w+ /);
      expect(visit.about(/^user /)).toMatchObject({
        severity: "warn",
        cure: expect.stringContaining("sudo usermod -aG"),
      });
      expect(visit.code).toBe(1);
    },
  );

  it.skipIf(!available("python3", onPath("python3")))("port busy", async () => {
    const line = rig.pty("ttyS7");
    rig.configure({ lines: [badgeLine(line.slavePath)] });
    const { pid } = await hold(line.slavePath);
    const visit = await rig.doctor();
    const said = visit.about(`serial port ${line.slavePath}`);
    expectTrouble(said, new RegExp(`python3 \\(pid ${pid}\\)`), new RegExp(`sudo kill .*${pid}`));
    expect(visit.code).toBe(1);
  });

  it("wrong baud: a reader that speaks by itself, heard without an agent", async () => {
    const line = rig.pty("ttyS7");
    misheardTag(rig, line);
    rig.configure({ lines: [badgeLine(line.slavePath)] });
    const visit = await rig.doctor({ args: ["--listen", "2"] });
    const cure = /lines\[0\]\.port\.serial\.baudRate/;
    expectTrouble(visit.about("reader gate"), /wrong baud rate \(9600 on .*ttyS7\)/, cure);
    expect(visit.about(`serial port ${line.slavePath}`)).toMatchObject({ severity: "ok" });
  });

  it.skipIf(!hasViews || !available("libusb", findLibusb()))("missing libusb", async () => {
    rig.configure({ lines: [hidLine] });
    const visit = await rig.doctor({ through: inPrivateView(WITHOUT_LIBUSB, rig.dir) });
    const said = visit.about("library node-hid (libusb)");
    expectTrouble(said, /libusb-1\.0\.so\.0/, /^sudo apt-get install libusb-1\.0-0/);
    expect(visit.about("HID device 0c27:3bfa").says).toContain("library does not load");
    const healthy = await rig.doctor();
    expect(healthy.about("library node-hid (libusb)").severity).toBe("ok");
  });

  it("wrong key at a reader, and a wrong baud rate, told by the running agent", async () => {
    const [bus, tags] = [rig.pty("ttyS7"), rig.pty("ttyS8")];
    osdpReader(bus, KEY);
    misheardTag(rig, tags);
    rig.configure({ lines: [osdpLine(rig, bus.slavePath, OTHER_KEY), badgeLine(tags.slavePath)] });
    await rig.startAgent();
    await eventually(async () => {
      const { readers } = await rig.status();
      const garbage = readers.find(({ reader }) => reader === "gate")?.counters ?? {};
      return (
        readers.some(({ fault }) => fault?.code === "device.key") &&
        Object.values(garbage).some((count) => count > 20)
      );
    });
    const visit = await rig.doctor();
    expectTrouble(visit.about("reader gate-in"), /^wrong key: /, /keyFile .*installMode/);
    expectTrouble(visit.about("reader gate"), /wrong baud rate \(9600/, /lines\[1\].*baudRate/);
    expect(visit.about(`serial port ${bus.slavePath}`).says).toBe("the agent has it");
  });

  it("a silent line, told by the running agent", async () => {
    const bus = rig.pty("ttyS7");
    rig.configure({ lines: [osdpLine(rig, bus.slavePath, KEY)] });
    await rig.startAgent();
    await eventually(
      async () => (await rig.status()).readers[0]?.fault?.code === "device.no-reply",
    );
    const said = (await rig.doctor()).about("reader gate-in");
    expectTrouble(said, /^silent on .*ttyS7 at 115200 baud/, /check power, swap A and B/);
    expect(said.fixable).toBe(false);
  });
});
