import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { runScan, type ScanContext, type ScanOptions } from "../../edge-agent/cli/run-scan.ts";
import { loadEdgeConfig } from "../../edge-agent/config.ts";
import { drivers } from "../../edge-agent/devices/catalogue.ts";
import { type Places, THIS_MACHINE } from "../../edge-agent/discovery/places.ts";
import type { HidDevice, HidLibrary } from "../../edge-agent/ports/hid.ts";
import { openSerial, serialConfigSchema } from "../../edge-agent/ports/serial.ts";
import { openPty, type Pty } from "../../hardware-sim/pty.ts";
import { createNkey } from "../../shared/wire/nkey.ts";
import { EDGE_MAIN, type Ended, edgeSettings, ended, startEdge } from "../support/edge-cli.ts";
import { eventually } from "../support/eventually.ts";
import { type FakeMachine, fakeMachine } from "../support/fake-machine.ts";
import { serialTerminals, tcpTerminals } from "../support/probe-terminals.ts";
import { type TempDir, tempDir } from "../support/temp.ts";

// The command over a machine in a folder and ptys: who answers there is hardware-sim.

const CP210X = { driver: "cp210x", vendorId: "10c4", productId: "ea60" };
const SCANNER = { driver: "cdc_acm", vendorId: "0c2e", productId: "0b61" };
const KEYBOARD: HidDevice = {
  vendorId: 0xffff,
  productId: 0x35,
  path: "/dev/hidraw7",
  usagePage: 1,
  usage: 6,
};

let dir: TempDir;
let machine: FakeMachine;
let ptys: Pty[];
beforeEach(() => {
  dir = tempDir("scan-command");
  machine = fakeMachine(dir.path);
  ptys = [];
});
afterEach(async () => {
  for (const pty of ptys) await pty.close();
  dir.remove();
});

/** A pty under a lasting name, and how many bytes came out of it at the terminal's end. */
function plugPty(name: string): { readonly byId: string; readonly pty: Pty } {
  const pty = openPty();
  ptys.push(pty);
  const byId = join(machine.byId, name);
  symlinkSync(pty.slavePath, byId);
  return { byId, pty };
}

function listening(pty: Pty): { readonly bytes: () => number } {
  let bytes = 0;
  pty.onData((chunk) => void (bytes += chunk.length));
  return { bytes: () => bytes };
}

const hidLibrary = (devices: readonly HidDevice[]) => (): Promise<HidLibrary> =>
  Promise.resolve({
    devicesAsync: () => Promise.resolve(devices),
    HIDAsync: { open: () => Promise.reject(new Error("a scan opens nothing")) },
  });

async function run(
  options: Partial<ScanOptions>,
  places: Partial<Places> = {},
  context: Partial<ScanContext> = {},
): Promise<Ended> {
  let [out, err] = ["", ""];
  const code = await runScan(
    { config: join(dir.path, "none.yaml"), isConfigTyped: false, progress: true, ...options },
    {
      terminal: { out: (some) => void (out += some), err: (some) => void (err += some) },
      load: (file) => Promise.resolve().then(() => loadEdgeConfig(file)),
      places: { ...THIS_MACHINE, ...machine, loadHid: hidLibrary([]), ...places },
      isTty: false,
      signal: new AbortController().signal,
      ...context,
    },
  );
  return { code, out, err };
}

describe("scan", () => {
  it("shows people what is plugged in, and programs all of it", async () => {
    const lasting = "usb-Silicon_Labs_CP2102_0001-if00-port0";
    machine.plugUsbSerial({ ...CP210X, name: "ttyUSB0", byId: lasting });
    const places = { loadHid: hidLibrary([KEYBOARD]) };
    const shown = await run({}, places);
    expect(shown).toMatchObject({ code: 0, err: "" });
    expect(shown.out).toMatch(
      new RegExp(`${lasting} .*ttyUSB0 \\(cp210x\\).*10c4:ea60.*ok.*osdp`, "u"),
    );
    expect(shown.out).toMatch(/\/dev\/hidraw7 .*ffff:0035.*hid-keyboard/u);
    const { out } = await run({ json: true }, places);
    expect(JSON.parse(out)).toEqual({
      serial: [
        {
          path: join(machine.dev, "ttyUSB0"),
          byId: join(machine.byId, lasting),
          usb: {
            vendorId: "10c4",
            productId: "ea60",
            serial: null,
            manufacturer: null,
            product: null,
          },
          kernelDriver: "cp210x",
          access: "ok",
          heldBy: [],
          guess: { drivers: expect.any(Array), reason: expect.any(String) },
        },
      ],
      hid: [
        {
          path: "/dev/hidraw7",
          vendorId: "ffff",
          productId: "0035",
          serial: null,
          product: null,
          usagePage: 1,
          usage: 6,
          interface: null,
          access: "missing",
          heldBy: [],
          guess: { drivers: ["hid-keyboard"], reason: expect.any(String) },
        },
      ],
      problems: [],
    });
  });

  it("says with its exit code that something could not be looked at", async () => {
    machine.plugUsbSerial({ ...CP210X, name: "ttyUSB0" });
    const { code, out } = await run({}, { accessOf: () => Promise.resolve("denied") });
    expect(code).toBe(6);
    expect(out).toMatch(/^! no permission for .*usermod/mu);
  });

  it("does not ask the console of the machine", async () => {
    machine.addUart("ttyS0");
    machine.setConsole("ttyS0");
    const { out } = await run({ probe: true, json: true });
    expect(JSON.parse(out)).toMatchObject({ probed: [] });
  });

  it("guesses drivers that this agent has", async () => {
    machine.plugUsbSerial({ ...CP210X, name: "ttyUSB0" });
    machine.plugUsbSerial({ ...SCANNER, name: "ttyACM0" });
    const { out } = await run({ json: true }, { loadHid: hidLibrary([KEYBOARD]) });
    const found: { serial: Guessed[]; hid: Guessed[] } = JSON.parse(out);
    const guessed = [...found.serial, ...found.hid].flatMap(({ guess }) => guess.drivers);
    expect(guessed.length).toBeGreaterThan(2);
    for (const name of guessed) expect(Object.keys(drivers)).toContain(name);
  });
});

interface Guessed {
  readonly guess: { readonly drivers: readonly string[] };
}

describe("scan --probe", () => {
  it("finds who answers, and writes lines that are a configuration", async () => {
    const bus = plugPty("usb-FTDI_RS485_A1-if00-port0");
    serialTerminals["osdp"]?.(bus.pty, { address: 3 });
    const terminal = plugPty("usb-FTDI_RS232_B2-if00-port0");
    serialTerminals["anviz"]?.(terminal.pty);
    machine.plugUsbSerial({ ...SCANNER, name: "ttyACM0" });
    const network = await tcpTerminals["zkteco"]?.();
    const onNetwork = { json: true, host: `127.0.0.1:${network?.port}` } as const;
    const heard = JSON.parse((await run(onNetwork)).out);
    expect(heard.probed).toContainEqual(
      expect.objectContaining({ outcome: "found", driver: "zkteco", baudRate: null }),
    );

    // No file of a fake machine is a serial line: nobody is to ask there.
    const scanner = { pid: 1, command: "someone" };
    const places: Partial<Places> = {
      loadHid: hidLibrary([KEYBOARD]),
      holdersOf: async (path) => (path.startsWith(machine.dev) ? [scanner] : []),
    };
    const { code, out, err } = await run({ probe: true, yaml: true }, places);
    expect(code).toBe(0);
    expect(err).toContain("asking on 2 of 3 ports");
    const file = join(dir.path, "gateway.yaml");
    writeFileSync(
      file,
      `${stringify({ ...edgeSettings(undefined), timeZone: "Europe/Berlin" })}${out}`,
    );
    expect(out).toContain("timeZone: Europe/Berlin");
    expect(loadEdgeConfig(file).lines).toMatchObject([
      {
        driver: "osdp",
        port: { serial: { path: bus.byId, baudRate: 9600 } },
        settings: { readers: [{ id: "reader-1", address: 3, secureChannel: "required" }] },
      },
      {
        driver: "anviz",
        port: { serial: { path: terminal.byId, baudRate: 9600 } },
        settings: { readers: [{ id: "reader-2", deviceNumber: 5 }] },
      },
      { driver: "serial-badge", port: { serial: { path: join(machine.dev, "ttyACM0") } } },
      { driver: "hid-keyboard", port: { hid: { vendorId: "ffff", productId: "0035" } } },
    ]);
    await network?.close();
  });

  it("tells programs what was heard, and people as well", async () => {
    const { byId, pty } = plugPty("module");
    serialTerminals["zfm"]?.(pty);
    const { code, out, err } = await run({ probe: byId, json: true, quiet: true });
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(JSON.parse(out)).toMatchObject({
      probed: [
        {
          port: byId,
          outcome: "found",
          driver: "zfm",
          baudRate: 57_600,
          address: null,
          model: "system 9",
          says: "200 slots",
          settings: { reader: "reader-1" },
        },
      ],
    });
    expect((await run({ probe: byId })).out).toMatch(/module +zfm +57600 +system 9, 200 slots/u);
  });

  it("says nothing to a port that another program has, or that this user may not open", async () => {
    const held = plugPty("held");
    const [atHeld, free] = [listening(held.pty), plugPty("denied")];
    const atDenied = listening(free.pty);
    const fd = openSync(held.pty.slavePath, "r+");
    const holder = spawn("sleep", ["600"], { stdio: [fd, "ignore", "ignore"] });
    closeSync(fd);
    const { code, out } = await run(
      { probe: true, json: true },
      { accessOf: async (path) => (path === free.pty.slavePath ? "denied" : "ok") },
    );
    holder.kill("SIGKILL");
    expect(code).toBe(6);
    expect(JSON.parse(out)).toMatchObject({
      probed: expect.arrayContaining([
        {
          port: held.byId,
          outcome: "skipped",
          reason: expect.stringContaining(`sleep (process ${holder.pid}) has it open`),
        },
        { port: free.byId, outcome: "skipped", reason: "this user may not open it" },
      ]),
    });
    expect([atHeld.bytes(), atDenied.bytes()]).toEqual([0, 0]);
  });
});

/** What the command writes to stderr when that is a terminal. */
async function onTerminal(...args: readonly string[]): Promise<string> {
  const screen = openPty();
  let written = "";
  screen.onData((chunk) => void (written += Buffer.from(chunk).toString()));
  const fd = openSync(screen.slavePath, "r+");
  const child = spawn(process.execPath, [EDGE_MAIN, ...args], { stdio: ["ignore", "ignore", fd] });
  await once(child, "close");
  closeSync(fd);
  await screen.close();
  return written;
}

describe("the command scan", () => {
  it("shows progress on a terminal only, and only when it is wanted", async () => {
    const { pty } = plugPty("quick");
    serialTerminals["osdp"]?.(pty);
    const piped = await ended(startEdge("scan", "--probe", pty.slavePath));
    expect(piped.code).toBe(0);
    expect(piped.err).toMatch(/^asking on 1 of 1 ports: \d+ s if nobody answers\n.*\n$/u);
    const shown = await onTerminal("scan", "--probe", pty.slavePath);
    expect(shown).toMatch(/\d+ % .*osdp 9600/u);
    for (const no of ["--no-progress", "--json", "--quiet"]) {
      expect(await onTerminal("scan", "--probe", pty.slavePath, no)).not.toContain("%");
    }
  });

  it("stops at Ctrl-C and gives the port back", async () => {
    const { pty } = plugPty("nobody");
    const heard = listening(pty);
    const child = startEdge("scan", "--probe", pty.slavePath);
    const end = ended(child);
    await eventually(() => heard.bytes() > 0, { what: "the first question" });
    child.kill("SIGINT");
    const { code, err } = await end;
    expect(code).toBe(1);
    expect(err).toContain("stopped before everything was asked");
    await (await openSerial(serialConfigSchema.parse({ path: pty.slavePath }))).close();
  });

  it("leaves the ports of the agent that runs here alone, and says who reads there", async () => {
    const { byId, pty } = plugPty("gate");
    listening(pty);
    const config = join(dir.path, "gateway.yaml");
    writeFileSync(join(dir.path, "gateway.nk"), createNkey().seed, { mode: 0o600 });
    const port = { serial: { path: byId } };
    const line = {
      driver: "serial-badge",
      port,
      settings: { reader: "gate-1", preset: "rdm6300" },
    };
    writeFileSync(config, stringify(edgeSettings([line])));
    const agent = startEdge("run", "-c", config);
    agent.stderr!.resume();
    const isUp = async (): Promise<boolean> =>
      (await ended(startEdge("status", "-c", config, "--json"))).out.includes(
        '"gate-1","state":"online"',
      );
    await eventually(isUp, { what: "the agent at the reader", timeoutMs: 30_000 });

    const { code, out } = await ended(
      startEdge("scan", "-c", config, "--probe", pty.slavePath, "--json"),
    );
    agent.kill("SIGTERM");
    await once(agent, "close");
    expect(code).toBe(6);
    expect(JSON.parse(out)).toMatchObject({
      probed: [{ outcome: "skipped", reason: expect.stringContaining("reads gate-1 on it") }],
    });
  });

  it("says what is wrong with an address", async () => {
    expect(await ended(startEdge("scan", "--host", "a:b:c"))).toMatchObject({
      code: 3,
      err: expect.stringContaining("ADDRESS:PORT"),
    });
  });
});
