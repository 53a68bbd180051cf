import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  existsSync,
  readFileSync,
  realpathSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { heardAt } from "@clockleaf/hardware-sim/faults/wrong-speed.ts";
import { attachBus } from "@clockleaf/hardware-sim/osdp/bus.ts";
import { createReader, type OsdpReader } from "@clockleaf/hardware-sim/osdp/reader.ts";
import { openPty, type Pty } from "@clockleaf/hardware-sim/pty.ts";
import { encodeTag } from "@clockleaf/hardware-sim/serial-badge/reader.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { askStatus } from "../../edge-agent/health/control-client.ts";
import type { AgentStatus } from "../../edge-agent/health/status.ts";
import { createNkey } from "../../shared/wire/nkey.ts";
import { type Child, createChild } from "../demo/child.ts";
import { findOpenssl, makeCertificate } from "../support/certificate.ts";
import { applyTestTopology } from "../support/cloud-hub.ts";
import { createDoctorRig, type DoctorRig, type Said } from "../support/doctor-rig.ts";
import { EDGE_MAIN } from "../support/edge-cli.ts";
import { eventually } from "../support/eventually.ts";
import { createFakeClock, findFaketime } from "../support/faketime.ts";
import { findNatsServer, freePort, type Site, startServer, startSite } from "../support/nats.ts";
import { onPath } from "../support/on-path.ts";
import { available } from "../support/parts.ts";
import {
  canMakeViews,
  findLibusb,
  inPrivateView,
  type PrivateView,
  WITHOUT_LIBUSB,
} from "../support/private-view.ts";
import { mountSmallDisk } from "../support/small-disk.ts";

// The real command against set-ups that are really broken: each names the thing that is wrong and what to type.

const GATEWAY = { tenant: "acme", site: "hq", gateway: "gw1" };
const NOBODY = 65_534;
const KEY = "8f3c19a77e0254d1b6e80f9ac4517d23";
const OTHER_KEY = "5a1be3970c8846f2d90147ab6cfe8231";
const isRoot = process.getuid?.() === 0;
const root = isRoot ? "yes" : undefined;
const hasViews = available("root, for a view of the file system of one's own", canMakeViews());
const hasNats = available("nats-server", findNatsServer());

let rig: DoctorRig;
let tearDown: Array<() => unknown>;

beforeEach(() => {
  rig = createDoctorRig("doctor");
  tearDown = [() => rig[Symbol.dispose]()];
});
afterEach(async () => {
  for (const step of tearDown.splice(0).toReversed()) await step();
});

function pty(name: string): Pty {
  const opened = openPty({ link: join(rig.dir, name) });
  tearDown.push(() => opened.close());
  return opened;
}

const badgeLine = (path: string): object => ({
  driver: "serial-badge",
  port: { serial: { path } },
  settings: { reader: "gate", preset: "rdm6300" },
});

const hidLine = {
  driver: "hid-keyboard",
  port: { hid: { vendorId: "0c27", productId: "3bfa" } },
  settings: { reader: "desk" },
};

function osdpLine(path: string, key: string): object {
  const keyFile = join(rig.dir, "gate-in.scbk");
  writeFileSync(keyFile, key, { mode: 0o600 });
  return {
    driver: "osdp",
    port: { serial: { path, baudRate: 115_200 } },
    settings: { readers: [{ id: "gate-in", address: 0, keyFile }] },
  };
}

function osdpReader(line: Pty): OsdpReader {
  const reader = createReader({
    address: 0,
    scbk: Buffer.from(KEY, "hex"),
    random: (length) => Uint8Array.from(randomBytes(length)),
    now: () => performance.now(),
  });
  attachBus(line, { readers: [reader], now: () => performance.now() });
  return reader;
}

/** A tag that lies on a reader which sends at another speed than its line is set to. */
function misheardTag(line: Pty): void {
  const garbage = heardAt({ sent: 9600, heard: 19_200 }, encodeTag("rdm6300", "0A00B1C2D3"));
  const timer = setInterval(() => void line.write(garbage), 50);
  tearDown.push(() => clearInterval(timer));
}

async function startAgent(): Promise<Child> {
  const logFile = join(rig.dir, "agent.log");
  const agent = createChild({ args: [EDGE_MAIN, "run", "-c", rig.config], logFile });
  tearDown.push(() => agent.kill());
  agent.start();
  try {
    await eventually(status, { what: "the agent's local door" });
  } catch (cause) {
    throw new Error(`the agent did not start:\n${agent.tail()}`, { cause });
  }
  return agent;
}

const status = (): Promise<AgentStatus> => askStatus(join(rig.dir, "run"));

async function startHubAndLeaf(): Promise<Site> {
  const site = await startSite();
  tearDown.push(() => site.stop());
  await applyTestTopology(site);
  return site;
}

const natsOf = (site: Site): object => ({
  servers: [site.leaf().server.url],
  seedFile: site.deployment.gateway(GATEWAY).seedFile,
});

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
  tearDown.push(async () => {
    holder.kill("SIGKILL");
    await once(holder, "close");
  });
  await once(holder.stdout, "data");
  return holder;
}

function expectTrouble(said: Said, says: RegExp, cure: RegExp): void {
  expect(said.severity).toBe("fail");
  expect(said.says).toMatch(says);
  expect(said.cure).toMatch(cure);
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
      const line = pty("ttyS7");
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
    const line = pty("ttyS7");
    rig.configure({ lines: [badgeLine(line.slavePath)] });
    const { pid } = await hold(line.slavePath);
    const visit = await rig.doctor();
    const said = visit.about(`serial port ${line.slavePath}`);
    expectTrouble(said, new RegExp(`python3 \\(pid ${pid}\\)`), new RegExp(`sudo kill .*${pid}`));
    expect(visit.code).toBe(1);
  });

  it("wrong baud: a reader that speaks by itself, heard without an agent", async () => {
    const line = pty("ttyS7");
    misheardTag(line);
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
    const [bus, tags] = [pty("ttyS7"), pty("ttyS8")];
    osdpReader(bus);
    misheardTag(tags);
    rig.configure({ lines: [osdpLine(bus.slavePath, OTHER_KEY), badgeLine(tags.slavePath)] });
    await startAgent();
    await eventually(async () => {
      const { readers } = await status();
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
    const bus = pty("ttyS7");
    rig.configure({ lines: [osdpLine(bus.slavePath, KEY)] });
    await startAgent();
    await eventually(async () => (await status()).readers[0]?.fault?.code === "device.no-reply");
    const said = (await rig.doctor()).about("reader gate-in");
    expectTrouble(said, /^silent on .*ttyS7 at 115200 baud/, /check power, swap A and B/);
    expect(said.fixable).toBe(false);
  });

  it.skipIf(!hasNats)("wrong key of the gateway: doctor and status exit 4", async () => {
    const site = await startHubAndLeaf();
    rig.configure({ nats: { ...natsOf(site), seedFile: rig.seedFile } });
    const visit = await rig.doctor();
    const cure = /sudo install -m 600 gateway\.nk .*gateway\.nk.* acme\/hq\/gw1/;
    expectTrouble(visit.about(/^leaf server /), /wrong key: refuses this gateway's key/, cure);
    expect(visit.code).toBe(4);

    await startAgent();
    await eventually(async () => (await status()).uplink.state.kind === "refused");
    const asked = await rig.run(["status", "--json"]);
    expect(asked.code).toBe(4);
    expect(JSON.parse(asked.out).problems.join()).toContain("refuses this gateway's key");
    expect((await rig.doctor()).about("uplink of the agent").severity).toBe("fail");

    // Enrolled meanwhile: nothing needs to be restarted for the agent to be let in.
    rig.configure({ nats: natsOf(site) });
    expect((await rig.doctor()).about(/^leaf server /).severity).toBe("ok");
  });

  it.skipIf(!hasNats)(
    "a key that is taken back while the agent runs, and given again",
    async () => {
      const site = await startHubAndLeaf();
      const { server } = site.leaf();
      rig.configure({ nats: natsOf(site) });
      await startAgent();
      await eventually(async () => (await status()).uplink.state.kind === "idle");
      const { leafConfig, publicKey } = site.deployment.gateway(GATEWAY);
      const text = readFileSync(leafConfig, "utf8");
      writeFileSync(leafConfig, text.replaceAll(publicKey, createNkey().publicKey));
      await server.reload();
      await eventually(async () => (await rig.run(["status"])).code === 4);
      expect((await rig.doctor()).code).toBe(4);
      writeFileSync(leafConfig, text);
      await server.reload();
      await eventually(async () => (await status()).uplink.state.kind === "idle");
      expect((await rig.doctor()).failures()).toEqual([]);
    },
  );

  it.skipIf(!hasNats)("a key that belongs to another gateway: exit 4", async () => {
    const site = await startHubAndLeaf();
    rig.configure({ gateway: "gw9", nats: natsOf(site) });
    const visit = await rig.doctor();
    expectTrouble(visit.about("hub"), /not that of acme\/hq\/gw9/, /sudo install -m 600/);
    expect(visit.code).toBe(4);
    await startAgent();
    await eventually(async () => (await rig.run(["status", "--json"])).code === 4);
  });

  it("no key: not enrolled, exit 4", async () => {
    rig.configure({ nats: { servers: ["nats://127.0.0.1:9"], seedFile: join(rig.dir, "no.nk") } });
    const visit = await rig.doctor();
    expectTrouble(visit.about(/no\.nk$/), /not enrolled/, /sudo install -m 600/);
    expect(visit.code).toBe(4);
  });

  it("no leaf: exit 5, for nothing else is wrong", async () => {
    const server = `nats://127.0.0.1:${await freePort()}`;
    rig.configure({ nats: { servers: [server], seedFile: rig.seedFile } });
    const visit = await rig.doctor();
    const cure = /sudo systemctl status nats-server/;
    expectTrouble(visit.about(`leaf server ${server}`), /nothing answers/, cure);
    expect(visit.code).toBe(5);
  });

  it.skipIf(!hasNats)("a leaf without its hub: exit 5", async () => {
    const site = await startHubAndLeaf();
    rig.configure({ nats: natsOf(site) });
    await site.hub.kill();
    await eventually(async () => (await rig.doctor()).about("hub").severity === "fail");
    const visit = await rig.doctor();
    expectTrouble(visit.about("hub"), /no link to the hub/, /sudo journalctl -u nats-server/);
    expect(visit.about(/^leaf server /).severity).toBe("ok");
    expect(visit.code).toBe(5);
  });

  it.skipIf(!hasNats || !available("openssl", findOpenssl()))(
    "a certificate that nobody trusts, one that ends soon, and a name that nobody knows",
    async () => {
      const { publicKey, seed } = createNkey();
      writeFileSync(rig.seedFile, seed);
      const { cert, key } = makeCertificate(rig.dir, "leaf");
      const port = await freePort();
      const leaf = join(rig.dir, "leaf.conf");
      const tls = `tls { cert_file: "${cert}", key_file: "${key}" }`;
      const users = `authorization { users: [ { nkey: ${publicKey} } ] }`;
      writeFileSync(leaf, `listen: "127.0.0.1:${port}"\n${tls}\n${users}\n`);
      const server = await startServer(leaf, port);
      tearDown.push(() => server.kill());
      const url = `tls://localhost:${port}`;
      rig.configure({ nats: { servers: [url], seedFile: rig.seedFile } });

      const stranger = await rig.doctor();
      expectTrouble(stranger.about(`certificate of ${url}`), /not trusted/, /NODE_EXTRA_CA_CERTS/);
      expectTrouble(stranger.about(`leaf server ${url}`), /not trusted/, /NODE_EXTRA_CA_CERTS/);
      const friend = await rig.doctor({ env: { NODE_EXTRA_CA_CERTS: cert } });
      expect(friend.about(`certificate of ${url}`)).toMatchObject({
        severity: "warn",
        says: expect.stringMatching(/^expires in \d+ days/),
      });
      expect(friend.about(`leaf server ${url}`).severity).toBe("ok");
      expect(friend.about("DNS name localhost").severity).toBe("ok");

      rig.configure({ nats: { servers: ["nats://leaf.invalid:4222"], seedFile: rig.seedFile } });
      const lost = await rig.doctor();
      expectTrouble(lost.about("DNS name leaf.invalid"), /not known/, /getent hosts leaf\.invalid/);
      expect(lost.code).toBe(5);
    },
  );

  it.skipIf(!available("root, for a small disk", root))("disk nearly full", async () => {
    const disk = join(rig.dir, "disk");
    const small = mountSmallDisk(disk, { mebibytes: 40, inodes: 60 });
    tearDown.push(() => small.unmount());
    rig.configure({ journal: { path: join(disk, "journal.db") } });
    writeFileSync(join(disk, "somebody-elses.log"), Buffer.alloc(30 * 1024 * 1024));
    const visit = await rig.doctor();
    expectTrouble(visit.about(`disk of ${disk}`), /nearly full, 10 MiB free/, /sudo du -xh/);
    expectTrouble(visit.about(`inodes of ${disk}`), /^5\d left/, /sudo du --inodes/);
    const cap = visit.about("journal.maxBytes");
    expect(cap).toMatchObject({ severity: "warn", says: expect.stringContaining("1024 MiB") });
    expect(cap.cure).toMatch(/journal: \{ maxBytes: \d+ \}/);
    expect(visit.code).toBe(1);
  });

  it.skipIf(!available("libfaketime", findFaketime()))("clock wrong", async () => {
    rig.configure({});
    const clock = createFakeClock(rig.dir);
    clock.bootAt("2000-01-01 00:00:00");
    const visit = await rig.doctor({ env: clock.env });
    expectTrouble(visit.about("clock"), /^shows 2000-01-01T/, /sudo timedatectl set-ntp true/);
    expect(visit.code).toBe(1);
    clock.setRight();
    expect((await rig.doctor({ env: clock.env })).about("clock").severity).toBe("ok");
  });

  it("a file nobody can read as a configuration: exit 3", async () => {
    writeFileSync(rig.config, "configVersion: 1\ntenat: acme\n");
    const visit = await rig.doctor();
    const said = visit.about(`configuration ${rig.config}`);
    expectTrouble(said, /gateway\.yaml:2:1: .*tenat/, /clockleaf-edge config check --config/);
    expect(visit.code).toBe(3);
  });

  it("a damaged journal", async () => {
    writeFileSync(join(rig.dir, "journal.db"), Buffer.alloc(8192, 7));
    rig.configure({});
    const said = (await rig.doctor()).about(/^journal \//);
    expectTrouble(said, /cannot be trusted/, /clockleaf-edge journal export --config/);
    expect(said.fixable).toBe(false); // nothing touches rows by itself
  });
});

describe("clockleaf-edge doctor beside a running agent", () => {
  it.skipIf(!hasNats)("finds nothing failed, and leaves readers and punches alone", async () => {
    const site = await startHubAndLeaf();
    const bus = pty("ttyS7");
    const reader = osdpReader(bus);
    rig.configure({ nats: natsOf(site), lines: [osdpLine(bus.slavePath, KEY)] });
    await startAgent();
    await eventually(async () => {
      const { readers, uplink } = await status();
      return readers[0]?.state === "online" && uplink.state.kind === "idle";
    });
    const before = (await status()).readers[0]?.counters ?? {};
    const visit = await rig.doctor();
    expect(visit.failures()).toEqual([]);
    expect([0, 6]).toContain(visit.code);
    for (const about of [
      `configuration ${rig.config}`,
      "configuration in use",
      "agent",
      "library serialport",
      `serial port ${bus.slavePath}`,
      "reader gate-in",
      "hub",
      "clock against the hub's",
      "uplink of the agent",
      "backlog",
    ]) {
      expect(visit.about(about)).toMatchObject({ severity: "ok" });
    }
    reader.tap({ bits: 26, bytes: Uint8Array.of(0x4d, 0x2c, 0x1a, 0x40) }, "t1");
    await eventually(async () => {
      const { readers, journal } = await status();
      return (readers[0]?.counters["cards"] ?? 0) === 1 && journal.waiting === 0;
    });
    const after = (await status()).readers[0]?.counters ?? {};
    expect(after["link-starts"]).toBe(before["link-starts"]);
    expect(after["timeouts"] ?? 0).toBe(before["timeouts"] ?? 0);
  });

  it("says when the file is not the one it started with", async () => {
    rig.configure({ feedback: { unknownBadge: "amber" } });
    await startAgent();
    await eventually(() => existsSync(join(rig.dir, "journal.db.last-good.yaml")));
    rig.configure({ feedback: { unknownBadge: "red" } });
    const said = (await rig.doctor()).about("configuration in use");
    expect(said).toMatchObject({
      severity: "warn",
      says: expect.stringContaining("feedback.unknownBadge"),
      cure: expect.stringMatching(/clockleaf-edge config diff .*sudo systemctl restart/),
    });
  });
});

describe("clockleaf-edge doctor --fix", () => {
  it("repairs what needs no decision, says what it did, and then finds it right", async () => {
    rig.configure({});
    chmodSync(rig.seedFile, 0o644);
    const before = await rig.doctor();
    expectTrouble(before.about(/gateway\.nk$/), /read by others/, /^chmod 600 .*gateway\.nk/);
    expect(statSync(rig.seedFile).mode & 0o777).toBe(0o644); // looking changes nothing

    const visit = await rig.doctor({ args: ["--fix"] });
    expect(visit.fixed.map(({ did }) => did)).toEqual([
      `${join(rig.dir, "run")} made, mode 700`,
      `mode 600 set on ${rig.seedFile}`,
    ]);
    expect(statSync(rig.seedFile).mode & 0o777).toBe(0o600);
    expect(statSync(join(rig.dir, "run")).mode & 0o777).toBe(0o700);
    expect(visit.about(/gateway\.nk$/).severity).toBe("ok");
    expect(visit.about(/^runtimeDir /).severity).toBe("ok");
  });

  it("removes the socket of a killed agent, and never that of a running one", async () => {
    rig.configure({});
    const agent = await startAgent();
    const socket = join(rig.dir, "run/agent.sock");
    await rig.doctor({ args: ["--fix"] });
    expect(existsSync(socket)).toBe(true);
    await agent.kill();
    const rows = await rig.run(["journal", "export"]);
    const visit = await rig.doctor({ args: ["--fix"] });
    expect(visit.fixed).toMatchObject([{ about: "agent", did: `${socket} removed` }]);
    expect(existsSync(socket)).toBe(false);
    expect((await rig.run(["journal", "export"])).out).toBe(rows.out);
  });
});

describe("the udev rule", () => {
  const machineWithUdev: PrivateView = {
    over: "/etc",
    change: "mkdir -p /etc/udev/rules.d && rm -f /etc/udev/rules.d/*clockleaf*",
  };

  it.skipIf(!hasViews)("is installed when told to, and not by --fix alone", async () => {
    rig.configure({ lines: [hidLine] });
    const through = inPrivateView(machineWithUdev, rig.dir);
    const about = "udev rule for HID readers";
    const looked = (await rig.doctor({ through, args: ["--fix"] })).about(about);
    expect(looked).toMatchObject({ severity: "warn", fixable: true });
    expect(looked.cure).toMatch(
      /ATTRS\{idVendor\}=="0c27".* sudo tee \/etc\/udev.* udevadm control/,
    );
    const visit = await rig.doctor({ through, args: ["--fix", "--install-udev-rule"] });
    expect(visit.fixed.map((each) => each.about)).toContain(about);
    expect(visit.about(about)).toMatchObject({ severity: "ok", says: "names 0c27" });
  });
});

describe("what doctor prints for people", () => {
  it("has marks and what to type, in ASCII where the terminal speaks nothing else", async () => {
    rig.configure({ nats: { servers: ["nats://127.0.0.1:9"], seedFile: rig.seedFile } });
    const utf8 = await rig.run(["doctor"], { env: { LC_ALL: "C.UTF-8" } });
    expect(utf8.out).toMatch(/^✔ Node: /m);
    expect(utf8.out).toMatch(/^✖ leaf server .*\n {4}→ sudo systemctl status nats-server/m);
    expect(utf8.out).toMatch(/\d+ well, \d+ to look at, 1 failed/);
    const plain = await rig.run(["doctor"], { env: { LC_ALL: "C" } });
    expect(plain.out).toMatch(/^\+ Node: /m);
    expect(plain.out).toMatch(/^X leaf server .*\n {4}-> sudo systemctl/m);
    expect(plain.out).toMatch(/^[\x20-\x7e\n]*$/);
    expect(plain.code).toBe(5);
  });

  it("lists in its help what --fix may do and every exit code", async () => {
    const { out } = await rig.run(["doctor", "--help"]);
    for (const word of ["--fix", "--install-udev-rule", "mode of key files", "4 the gateway's key"])
      expect(out).toContain(word);
  });
});

describe("the environment", () => {
  it("overrides the file for every command, and config show says which keys", async () => {
    rig.configure({});
    const env = { CLOCKLEAF_EDGE__NATS__SERVERS: '["nats://127.0.0.1:4999"]' };
    const shown = await rig.run(["config", "show", "--json"], { env });
    expect(JSON.parse(shown.out)).toMatchObject({ nats: { servers: ["nats://127.0.0.1:4999"] } });
    expect(shown.err).toContain("from the environment: CLOCKLEAF_EDGE__NATS__SERVERS");
    const wrong = await rig.run(["config", "check"], {
      env: { CLOCKLEAF_EDGE__NATS__SERVER: "x" },
    });
    expect(wrong.code).toBe(3);
    expect(wrong.err).toContain('did you mean "CLOCKLEAF_EDGE__NATS__SERVERS"?');
    const visit = await rig.doctor({ env });
    expect(visit.about(/^configuration \//).says).toContain("CLOCKLEAF_EDGE__NATS__SERVERS");
    expect(visit.about("leaf server nats://127.0.0.1:4999").severity).toBe("fail");
  });
});
