import { afterEach, describe, expect, it } from "vitest";
import { drivers, probes } from "../../edge-agent/devices/catalogue.ts";
import {
  type Candidate,
  type Heard,
  probePort,
  type Step,
  serialSteps,
} from "../../edge-agent/discovery/probe.ts";
import { openSerial, serialConfigSchema } from "../../edge-agent/ports/serial.ts";
import { openTcp, tcpConfigSchema } from "../../edge-agent/ports/tcp.ts";
import { openPty, type Pty } from "../../hardware-sim/pty.ts";
import { createModule as createZfm } from "../../hardware-sim/zfm/module.ts";
import { serveTcp } from "../../hardware-sim/zkteco/serve.ts";
import { createZkTerminal } from "../../hardware-sim/zkteco/terminal.ts";
import { eventually } from "../support/eventually.ts";
import {
  type Simulated,
  serialTerminals,
  tcpTerminals,
  type WithTcp,
} from "../support/probe-terminals.ts";

const onSerial = probes.filter(({ probe }) => probe.baudRates.length > 0);
const onTcp = probes.filter(({ probe }) => probe.tcpPort !== null);

const never = new AbortController().signal;
const silent = (): void => undefined;

let ptys: Pty[] = [];
afterEach(async () => {
  for (const pty of ptys) await pty.close();
  ptys = [];
});

function terminalOn(name: string): { readonly path: string; readonly terminal: Simulated } {
  const pty = openPty();
  ptys.push(pty);
  const make = serialTerminals[name];
  if (make === undefined) throw new Error(`no simulator of ${name}`);
  return { path: pty.slavePath, terminal: make(pty) };
}

const serialOpener = (path: string) => () => openSerial(serialConfigSchema.parse({ path }));

/** The steps of every protocol on the terminal, somebody in front of it all the while. */
async function probed(name: string, steps: readonly Step[]): Promise<Heard | null> {
  const { path, terminal } = terminalOn(name);
  const stopUsing = terminal.use();
  const found = await probePort(serialOpener(path), steps, { onStep: silent, signal: never });
  stopUsing();
  expect(terminal.harm()).toEqual([]);
  return found;
}

/** Listeners listen this long here; everything a simulator says it says more often. */
const LISTENING_MS = 1_500;

/** One question of each instead of one for each speed, which a pty does not have. */
const once = (some: readonly Candidate[]): readonly Step[] =>
  some.map(({ driver, probe }) => ({
    driver,
    baudRate: probe.baudRates[0] ?? null,
    probe: {
      ...probe,
      ask: (port, signal) =>
        probe.ask(port, AbortSignal.any([signal, AbortSignal.timeout(LISTENING_MS)])),
    },
  }));

describe("probing a serial line", () => {
  it("is known to a simulator for every driver that can be asked, and to no other", () => {
    expect(Object.keys(serialTerminals).toSorted()).toEqual(
      onSerial.map(({ driver }) => driver).toSorted(),
    );
    expect(Object.keys(tcpTerminals).toSorted()).toEqual(
      onTcp.map(({ driver }) => driver).toSorted(),
    );
  });

  it.each(Object.keys(serialTerminals))("finds %s by its own terminal", async (name) => {
    const found = await probed(name, once(onSerial));
    expect(found).toMatchObject({ driver: name, answer: serialFacts[name] });
    const [, driver] = Object.entries(drivers).find(([known]) => known === name) ?? [];
    const settings = driver?.config.parse(found?.answer.settings("door-1"));
    expect(JSON.stringify(settings)).toContain("door-1");
  });

  it.each(Object.keys(serialTerminals))("takes the terminal of %s for no other", async (name) => {
    const others = once(onSerial.filter(({ driver }) => driver !== name));
    expect(others.length).toBe(onSerial.length - 1);
    expect(await probed(name, others)).toBeNull();
  });

  it("finds nothing where nobody is, and asks each protocol at each speed", async () => {
    const pty = openPty();
    ptys.push(pty);
    const steps = serialSteps(
      onSerial.filter(({ driver }) => driver === "zfm" || driver === "sfm"),
      ["zfm"],
    );
    const asked: Step[] = [];
    const found = await probePort(serialOpener(pty.slavePath), steps, {
      onStep: (step) => void asked.push(step),
      signal: never,
    });
    expect(found).toBeNull();
    expect(asked).toEqual(steps);
    expect(asked[0]?.driver).toBe("zfm");
  });

  it("finds an OSDP reader at any address, and one that has a key", async () => {
    const steps = serialSteps(onSerial, ["osdp"]);
    for (const address of [7, 30]) {
      const pty = openPty();
      ptys.push(pty);
      serialTerminals["osdp"]?.(pty, { address });
      const found = await probePort(serialOpener(pty.slavePath), steps, {
        onStep: silent,
        signal: never,
      });
      expect(found).toMatchObject({ driver: "osdp", answer: { address } });
    }
  });

  it("finds a fingerprint module that has a password, and says what to write", async () => {
    const pty = openPty();
    ptys.push(pty);
    createZfm({ password: 4_711 }).attach(pty);
    const steps = once(onSerial.filter(({ driver }) => driver === "zfm"));
    const found = await probePort(serialOpener(pty.slavePath), steps, {
      onStep: silent,
      signal: never,
    });
    expect(found?.answer.says).toContain("password of its own");
    const settings = { reader: "door", passwordFile: "/etc/clockleaf/keys/door.password" };
    expect(found?.answer.settings("door")).toEqual(settings);
  });

  it("leaves a port alone that another program has, and says so", async () => {
    const { path } = terminalOn("osdp");
    const holder = await serialOpener(path)();
    await expect(
      probePort(serialOpener(path), serialSteps(onSerial, []), { onStep: silent, signal: never }),
    ).rejects.toMatchObject({
      code: "port.unavailable",
      message: expect.stringContaining("in use by another program"),
    });
    await holder.close();
  });

  it("stops when it is told to, and gives the port back", async () => {
    const pty = openPty();
    ptys.push(pty);
    const stop = new AbortController();
    const steps = serialSteps(onSerial, []);
    const asked: Step[] = [];
    const probing = probePort(serialOpener(pty.slavePath), steps, {
      onStep: (step) => void asked.push(step),
      signal: stop.signal,
    });
    await eventually(() => asked.length > 0, { what: "the first question" });
    stop.abort();
    expect(await probing).toBeNull();
    expect(asked.length).toBeLessThan(steps.length);
    await (await serialOpener(pty.slavePath)()).close();
  });

  it("says that the adapter was pulled out meanwhile", async () => {
    const pty = openPty();
    const asked: Step[] = [];
    const probing = probePort(serialOpener(pty.slavePath), serialSteps(onSerial, []), {
      onStep: (step) => void asked.push(step),
      signal: never,
    });
    probing.catch(silent);
    await eventually(() => asked.length > 0, { what: "the first question" });
    await pty.close();
    await expect(probing).rejects.toMatchObject({ code: "port.lost" });
  });
});

const ask = ({ port }: WithTcp, step: Candidate): Promise<Heard | null> =>
  probePort(
    () => openTcp(tcpConfigSchema.parse({ host: "127.0.0.1", port })),
    [{ ...step, baudRate: null }],
    { onStep: silent, signal: never },
  );

describe("probing a terminal on the network", () => {
  it.each(Object.keys(tcpTerminals))("finds %s, and takes it for no other", async (name) => {
    const terminal = await tcpTerminals[name]?.();
    if (terminal === undefined) throw new Error(`no simulator of ${name}`);
    for (const step of onTcp) {
      const found = await ask(terminal, step);
      if (step.driver === name) expect(found?.answer).toMatchObject(tcpFacts[name] ?? {});
      else expect(found).toBeNull();
    }
    await terminal.close();
  });

  it("finds a ZKTeco terminal that has a communication key, and says what to write", async () => {
    const server = await serveTcp(createZkTerminal({ commKey: 4_711 }), { port: 0 });
    const step = onTcp.find(({ driver }) => driver === "zkteco");
    const found = step === undefined ? null : await ask(server, step);
    expect(found?.answer.says).toContain("communication key");
    expect(found?.answer.settings("hall")).toHaveProperty("commKeyFile");
    await server.close();
  });
});

/** What each simulator is set to say. */
const serialFacts: Readonly<Record<string, object>> = {
  anviz: { address: 5, says: "0 users, 1 records, 1 of them new" },
  osdp: { address: 2, says: expect.stringContaining("serial number") },
  "serial-badge": { says: expect.stringContaining("preset rdm6300") },
  sfm: { says: expect.stringContaining("status success") },
  zfm: { says: expect.stringMatching(/^\d+ slots$/) },
};
const tcpFacts: Readonly<Record<string, object>> = {
  anviz: { address: 5 },
  zkteco: { says: expect.stringContaining("serial number") },
};
