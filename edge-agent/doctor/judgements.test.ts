import { describe, expect, it } from "vitest";
import type { ReaderStatus } from "../health/status.ts";
import { judgeRules, judgeUser } from "./access.ts";
import {
  judgeAgainstHub,
  judgeHubOffset,
  judgeRtc,
  judgeSync,
  judgeWallClock,
  judgeZone,
} from "./clock.ts";
import { judgeCap, judgeInodes, judgeSpace } from "./disk.ts";
import { exitOf } from "./exit.ts";
import { type Finding, fail, ok, quoted, skip, warn } from "./finding.ts";
import { judgeBacklog, judgeWal } from "./journal.ts";
import { judgeNode, judgeService } from "./machine.ts";
import { judgeAccess, judgeBusy, judgeName } from "./ports.ts";
import { judgeReader, judgeSkew } from "./readers.ts";
import type { PlacedLine } from "./setup.ts";
import { judgeCertificate } from "./tls.ts";
import { judgeDirectory, judgeUplink } from "./uplink.ts";

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 5, 1);
const hubOff = (aheadMs: number, withinMs = 20) => ({ aheadMs, withinMs, measuredAtMs: NOW });
const MIB = 1024 * 1024;

/** Severity, and what to type. */
const brief = ({ severity, cure }: Finding): string =>
  cure === null ? severity : `${severity}: ${cure}`;

describe("the machine", () => {
  it("needs a Node that is new enough", () => {
    expect(judgeNode("24.21.0").severity).toBe("ok");
    expect(judgeNode("26.0.0").severity).toBe("ok");
    expect(brief(judgeNode("24.20.9"))).toContain("fail: install it from https://nodejs.org/");
  });

  it("starts the agent by itself, or says how it will", () => {
    expect(judgeService(["loaded", "enabled"]).severity).toBe("ok");
    expect(brief(judgeService(["loaded", "disabled"]))).toContain("systemctl enable --now");
    expect(brief(judgeService(["not-found", ""]))).toContain(
      "/deploy/edge/install, then: sudo systemctl enable --now clockleaf-edge",
    );
  });

  it("lets the agent's user at the devices", () => {
    const user = { name: "clockleaf", isRoot: false, groups: ["dialout"], missing: [] };
    expect(judgeUser(user).severity).toBe("ok");
    expect(judgeUser({ ...user, isRoot: true }).severity).toBe("skip");
    expect(brief(judgeUser({ ...user, missing: ["dialout"] }))).toContain(
      "warn: sudo usermod -aG dialout clockleaf",
    );
  });

  it("has a udev rule for every vendor of HID readers, commented ones not counted", () => {
    const rule = 'KERNEL=="hidraw*", ATTRS{idVendor}=="0C27", MODE="0660", GROUP="plugdev"';
    expect(judgeRules(["0c27"], [`# readers\n${rule}\n`]).severity).toBe("ok");
    expect(brief(judgeRules(["0c27"], [`#${rule}`]))).toContain('ATTRS{idVendor}=="0c27"');
    expect(judgeRules(["0c27", "ffff"], [rule]).says).toContain("ffff");
  });
});

describe("a serial port", () => {
  it("is named with what to type, whatever is wrong with it", () => {
    expect(brief(judgeAccess("/dev/ttyS0", "denied", "dialout"))).toContain("usermod -aG dialout");
    expect(brief(judgeAccess("/dev/ttyS0", "missing"))).toContain("clockleaf-edge scan");
    expect(brief(judgeBusy("/dev/ttyS0", []))).toContain("sudo fuser -v /dev/ttyS0");
    const screen = judgeBusy("/dev/ttyS0", [{ pid: 7, command: "screen" }]);
    expect(screen.says).toBe("screen (pid 7) has it");
    expect(brief(screen)).toContain("sudo kill 7");
    const modems = judgeBusy("/dev/ttyACM0", [{ pid: 8, command: "ModemManager" }]);
    expect(brief(modems)).toContain("systemctl disable --now ModemManager");
  });

  it("is better called by its lasting name", () => {
    expect(judgeName("/dev/ttyUSB0", "lines[1]", null)).toEqual([]);
    const [found] = judgeName("/dev/ttyUSB0", "lines[1]", "/dev/serial/by-id/usb-x");
    expect(found?.cure).toContain("lines[1].port.serial.path: /dev/serial/by-id/usb-x");
  });
});

const serial = {
  path: "/dev/x",
  baudRate: 9600,
  dataBits: 8,
  parity: "none",
  stopBits: 1,
} as const;
const place = (driver: "osdp" | "serial-badge" | "zkteco", port: object): PlacedLine =>
  ({ place: "lines[0]", line: { driver, port, settings: {} } }) as unknown as PlacedLine;
const bus = place("osdp", { serial });
const tags = place("serial-badge", { serial });
const wall = place("zkteco", { tcp: { host: "10.0.0.9", port: 4370 } });
const reader = (
  counters: Record<string, number>,
  code?: NonNullable<ReaderStatus["fault"]>["code"],
): ReaderStatus => ({
  reader: "gate",
  state: code === undefined ? "online" : "fault",
  fault: code === undefined ? null : { code, message: "said by the driver" },
  counters,
  facts: {},
  clock: null,
});

describe("a reader", () => {
  it("works, also with a little noise", () => {
    expect(judgeReader(reader({ "frames-received": 90, discarded_crc: 5 }), bus).severity).toBe(
      "ok",
    );
    expect(judgeReader(reader({ badges: 0 }), tags).severity).toBe("ok");
    expect(judgeReader(reader({ badges: 3, discarded_noise: 40 }), tags).severity).toBe("warn");
  });

  it("is heard at a wrong speed, where nothing but garbage comes", () => {
    expect(judgeReader(reader({ badges: 0, discarded_noise: 9 }), tags).says).toContain(
      "baud rate",
    );
    const mute = reader({ discarded_crc: 9, discarded_bytes: 99 }, "device.no-reply");
    expect(judgeReader(mute, bus).cure).toContain("lines[0].port.serial.baudRate");
    // Its own question coming back on two wires is no garbage.
    const echo = reader({ discarded_echo: 500 }, "device.no-reply");
    expect(judgeReader(echo, bus).says).toMatch(/^silent on \/dev\/x at 9600 baud/);
  });

  it.each([
    ["device.key", /keyFile .*installMode/],
    ["device.no-reply", /swap A and B/],
    ["device.hung", /clockleaf-edge readers restart gate;/],
    ["device.refused", /clockleaf-edge status/],
  ] as const)("%s has its own cure", (code, cure) => {
    const found = judgeReader(reader({}, code), bus);
    expect(found).toMatchObject({ severity: "fail", says: expect.stringContaining("said by") });
    expect(found.cure).toMatch(cure);
  });

  it("is left to the finding about its port, unless it is called over the network", () => {
    expect(judgeReader(reader({}, "port.unavailable"), bus).severity).toBe("skip");
    const away = judgeReader(reader({}, "port.unavailable"), wall);
    expect(away).toMatchObject({ severity: "fail", kind: "reach" });
    expect(away.cure).toContain("nc -zv 10.0.0.9 4370");
  });

  it("shows the right time, give or take what is not known", () => {
    const off = (offsetMs: number, withinMs: number): ReaderStatus => ({
      ...reader({}),
      clock: { offsetMs, withinMs },
    });
    expect(judgeSkew(reader({}))).toEqual([]);
    expect(judgeSkew(off(-70_000, 20_000))[0]).toMatchObject({ severity: "ok" });
    expect(judgeSkew(off(-90_000, 20_000))[0]).toMatchObject({
      severity: "warn",
      says: "90.0 s behind",
      cure: expect.stringMatching(/readers resync-clock gate;.*terminalClocks/),
    });
  });
});

const disk = { folder: "/var", freeBytes: 900 * MIB, freeInodes: 5_000, usedBytes: 100 * MIB };
const cap = (maxBytes: number): Finding => judgeCap(disk, { maxBytes, reserveBytes: 0 });

describe("disk and journal", () => {
  it("have room", () => {
    expect(judgeSpace(disk).severity).toBe("ok");
    expect(brief(judgeSpace({ ...disk, freeBytes: 5 * MIB }))).toContain("fail: df -h /var");
    expect(judgeInodes({ ...disk, freeInodes: null }).severity).toBe("ok");
    expect(brief(judgeInodes({ ...disk, freeInodes: 7 }))).toContain("fail: df -i /var");
  });

  it("fit each other, or the cap that would is told", () => {
    expect(cap(1000 * MIB).severity).toBe("ok");
    expect(brief(cap(1001 * MIB))).toContain(
      `warn: in the configuration, journal: { maxBytes: ${800 * MIB} }`,
    );
  });

  it("are written back and emptied", () => {
    expect(judgeWal({ walBytes: 4 * MIB }, "/j").severity).toBe("ok");
    expect(brief(judgeWal({ walBytes: 100 * MIB }, "/j"))).toContain("warn: sudo fuser -v /j");
    expect(judgeBacklog({ waiting: 0, oldestWaitingMs: null }, "").severity).toBe("ok");
    expect(judgeBacklog({ waiting: 3, oldestWaitingMs: 60_000 }, "").severity).toBe("ok");
    const old = judgeBacklog({ waiting: 3, oldestWaitingMs: 2 * DAY }, "--config g.yaml");
    expect(brief(old)).toContain("warn: clockleaf-edge backlog --config g.yaml");
  });
});

describe("time", () => {
  it("is not before this release, and not behind the hub's", () => {
    expect(judgeWallClock(NOW).severity).toBe("ok");
    expect(brief(judgeWallClock(Date.UTC(2000, 0, 1)))).toContain("fail: sudo timedatectl");
    expect(judgeAgainstHub(NOW, NOW - DAY).severity).toBe("ok");
    expect(brief(judgeAgainstHub(NOW, NOW + DAY))).toContain("fail: sudo timedatectl");
  });

  it("is the hub's, both ways, as sure as it was measured; whoever keeps it is not told to set it", () => {
    for (const far of [hubOff(61_000), hubOff(-61_000)]) {
      expect(brief(judgeHubOffset(far, "unknown"))).toContain("fail: sudo timedatectl");
      expect(brief(judgeHubOffset(far, "never"))).toContain("fail: sudo timedatectl");
      expect(brief(judgeHubOffset(far, "synchronised"))).toContain("warn: chronyc sources");
    }
    expect(judgeHubOffset(hubOff(61_000), "unknown").says).toContain("61.0 s ahead of the hub's");
    expect(judgeHubOffset(hubOff(-61_000), "unknown").says).toContain("61.0 s behind the hub's");
    expect(judgeHubOffset(hubOff(-6_000), "unknown").severity).toBe("warn");
    expect(judgeHubOffset(hubOff(6_000, 2_500), "unknown").severity).toBe("ok");
    expect(judgeHubOffset(hubOff(-12), "unknown").severity).toBe("ok");
  });

  it("is kept by somebody", () => {
    const fresh = { kind: "synchronised", by: "chrony", agoMs: 5_000 } as const;
    expect(judgeSync(fresh).severity).toBe("ok");
    expect(judgeSync({ ...fresh, agoMs: 3 * DAY }).severity).toBe("warn");
    expect(judgeSync({ kind: "never", by: "timesyncd" }).severity).toBe("warn");
    expect(brief(judgeSync({ kind: "unknown" }))).toBe("warn: sudo apt-get install chrony");
    expect(judgeRtc(false, fresh).severity).toBe("ok");
    expect(judgeRtc(false, { kind: "unknown" }).severity).toBe("warn");
  });

  it("is that of the site", () => {
    expect(judgeZone(undefined, undefined).severity).toBe("skip");
    expect(judgeZone("Europe/Berlin", undefined).severity).toBe("ok");
    expect(judgeZone(undefined, "Europe/Berlin").severity).toBe("ok");
    expect(brief(judgeZone("UTC", "Europe/Berlin"))).toContain("timeZone: Europe/Berlin");
  });
});

const judged = (days: number, distrust: string | null = null): string =>
  judgeCertificate("c", { validToMs: NOW + days * DAY, distrust }, NOW).severity;

describe("the way to the cloud", () => {
  it("has a certificate that is trusted, and not about to end", () => {
    expect([judged(90), judged(29), judged(-1)]).toEqual(["ok", "warn", "fail"]);
    expect(judged(90, "SELF_SIGNED_CERT")).toBe("fail");
  });

  it("is as the agent says", () => {
    const stats = {} as never;
    const uplink = (state: object) => judgeUplink({ uplink: { state, stats } as never });
    expect(uplink({ kind: "idle" }).severity).toBe("ok");
    expect(uplink({ kind: "connecting" }).kind).toBe("reach");
    expect(uplink({ kind: "refused", sinceMs: 0 }).kind).toBe("authorisation");
    expect(uplink({ kind: "waiting", code: "uplink.unauthorised" }).kind).toBe("authorisation");
    expect(uplink({ kind: "waiting", code: "uplink.not-connected" }).kind).toBe("reach");
    expect(uplink({ kind: "halted", message: "a rival" }).says).toContain("a rival");
    expect(judgeDirectory({ state: "loaded", entries: 5, ageMs: 1 }).severity).toBe("ok");
    expect(judgeDirectory({ state: "not-loaded", entries: 0, ageMs: null }).severity).toBe("warn");
  });
});

const bad = (kind?: Finding["kind"]): Finding =>
  fail("x", { says: "", cure: "", ...(kind === undefined ? {} : { kind }) });

describe("the exit code", () => {
  it.each([
    [[ok("x", ""), skip("x", "")], 0],
    [[ok("x", ""), warn("x", { says: "", cure: "" })], 6],
    [[bad(), warn("x", { says: "", cure: "" })], 1],
    [[bad("reach")], 5],
    [[bad("reach"), bad()], 1],
    [[bad("authorisation"), bad(), bad("reach")], 4],
    [[bad("configuration"), bad("authorisation")], 3],
  ])("of %j is %i", (findings, code) => {
    expect(exitOf(findings)).toBe(code);
  });
});

it("quotes for a shell what needs it", () => {
  expect(quoted("/etc/clockleaf/gateway.yaml")).toBe("/etc/clockleaf/gateway.yaml");
  expect(quoted("/home/o'neil/my gateway.yaml")).toBe("'/home/o'\\''neil/my gateway.yaml'");
});
