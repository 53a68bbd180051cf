import { hasCode } from "@clockleaf/shared/lib/errors.ts";
import { readersOf } from "../config.ts";
import { driverOf } from "../devices/catalogue.ts";
import { accessOf, type Holder, holdersOf } from "../discovery/device-access.ts";
import { THIS_MACHINE } from "../discovery/places.ts";
import { serialPorts } from "../discovery/serial-ports.ts";
import { groupOf } from "../ports/group-of.ts";
import { type HidConfig, type HidUse, locateHid } from "../ports/hid.ts";
import type { SerialConfig } from "../ports/serial.ts";
import { openTcp, type TcpConfig } from "../ports/tcp.ts";
import { isSurelyStopped } from "./agent.ts";
import { type Finding, fail, ok, quoted, RESTART, skip, warn } from "./finding.ts";
import { listenOnSerial } from "./listen.ts";
import { type PlacedLine, placedLines, type Setup, serialOf } from "./setup.ts";

/** Each configured port, in the order of the lines. Opens none while an agent may run. */
export async function checkPorts(setup: Setup): Promise<readonly Finding[]> {
  const found = await Promise.all(placedLines(setup.config).map((each) => ofLine(each, setup)));
  return found.flat();
}

async function ofLine(placed: PlacedLine, setup: Setup): Promise<readonly Finding[]> {
  const { port } = placed.line;
  if (port === undefined) return [];
  if ("serial" in port) return serial(placed, setup);
  if ("hid" in port) return [await hid(port.hid, driverOf(placed.line.driver).hidUse)];
  if ("tcp" in port) return [await tcp(port.tcp, setup)];
  return [await simulated(port.hidSocket.path)];
}

async function serial(placed: PlacedLine, setup: Setup): Promise<readonly Finding[]> {
  const config = serialOf(placed.line);
  if (config === undefined) return [];
  const { path } = config;
  const access = await accessOf(path);
  if (access !== "ok") return [judgeAccess(path, access)];
  return [...(await useOf(placed, config, setup)), ...(await lastingName(path, placed.place))];
}

/** Whether the line can be used: by the agent's word while one runs, else by opening it for a moment. */
async function useOf(
  placed: PlacedLine,
  config: SerialConfig,
  { agent, listenMs }: Setup,
): Promise<readonly Finding[]> {
  const { path } = config;
  const about = `serial port ${path}`;
  if (agent.kind === "running") {
    const ids = readersOf(placed.line);
    const reader = agent.status.readers.find((each) => ids.includes(each.reader));
    const isOut = reader?.fault?.code === "port.unavailable";
    return [isOut ? judgeBusy(path, await others(path)) : ok(about, "the agent has it")];
  }
  if (!isSurelyStopped(agent)) return [skip(about, "not opened: an agent may have it")];
  if (listenMs === 0) return [ok(about, "is there and may be opened")];
  try {
    const heard = await listenOnSerial(placed, config, listenMs);
    return [ok(about, "opens"), ...heard];
  } catch (error) {
    return [await judgeOpening(path, error)];
  }
}

async function judgeOpening(path: string, error: unknown): Promise<Finding> {
  const about = `serial port ${path}`;
  if (hasCode(error, "port.library-missing")) return skip(about, "its library does not load");
  if (hasCode(error, "port.unavailable") && error.details["why"] === "in-use") {
    return judgeBusy(path, await others(path));
  }
  const says = error instanceof Error ? error.message : String(error);
  return fail(about, { says, cure: `ls -l ${quoted(path)}, and: sudo dmesg | tail` });
}

const others = async (path: string): Promise<readonly Holder[]> =>
  (await holdersOf(path)).filter(({ pid }) => pid !== process.pid);

export function judgeAccess(path: string, access: "denied" | "missing", group?: string): Finding {
  const about = `serial port ${path}`;
  if (access === "missing") {
    return fail(about, {
      says: "is not there: unplugged, or another name after the last plug-in",
      cure: "clockleaf-edge scan, or: ls -l /dev/serial/by-id/",
    });
  }
  const owner = group ?? groupOf(path);
  return fail(about, {
    says: `no permission; it belongs to the group ${owner}`,
    cure: `sudo usermod -aG ${owner} "$USER" (the agent's user), then: ${RESTART}`,
  });
}

/** `holders`: as far as this user may know. */
export function judgeBusy(path: string, holders: readonly Holder[]): Finding {
  const about = `serial port ${path}`;
  const [first] = holders;
  if (first === undefined) {
    return fail(about, {
      says: "another program has it; this user may not see which",
      cure: `sudo fuser -v ${quoted(path)} shows it; then stop it`,
    });
  }
  const names = holders.map(({ pid, command }) => `${command} (pid ${pid})`).join(", ");
  const isModemManager = first.command === "ModemManager";
  return fail(about, {
    says: `${names} has it`,
    cure: isModemManager
      ? "sudo systemctl disable --now ModemManager"
      : `sudo kill ${holders.map(({ pid }) => pid).join(" ")}, or stop its service; then: ${RESTART}`,
  });
}

/** The kernel numbers adapters as they come; what is called ttyUSB0 today may be the other reader tomorrow. */
async function lastingName(path: string, place: string): Promise<readonly Finding[]> {
  if (!/^\/dev\/tty(USB|ACM)\d+$/.test(path)) return [];
  const found = (await serialPorts(THIS_MACHINE)).find((port) => port.path === path);
  return judgeName(path, place, found?.byId ?? null);
}

export function judgeName(path: string, place: string, byId: string | null): readonly Finding[] {
  if (byId === null) return [];
  return [
    warn(`name of ${path}`, {
      says: "changes with the order in which adapters are plugged in",
      cure: `in the configuration, ${place}.port.serial.path: ${byId}`,
    }),
  ];
}

/** Looked for by its ids, never opened: hidraw has no lock, and a second reader would take reports away. */
async function hid(config: HidConfig, use: HidUse | undefined): Promise<Finding> {
  const name = config.path ?? `${config.vendorId}:${config.productId}`;
  const about = `HID device ${name}`;
  try {
    const path = await locateHid(config, { use });
    const access = await accessOf(path);
    if (access === "ok") return ok(about, `is ${path}`);
    return fail(about, {
      says: `no permission for ${path}`,
      cure: "the udev rule below, then plug the reader in again",
    });
  } catch (error) {
    if (hasCode(error, "port.library-missing")) return skip(about, "its library does not load");
    const says = error instanceof Error ? error.message : String(error);
    return fail(about, { says, cure: "lsusb, and: clockleaf-edge scan" });
  }
}

/** Called for a moment, unless an agent may be talking to it: some terminals take one caller only. */
async function tcp(config: TcpConfig, { agent, listenMs }: Setup): Promise<Finding> {
  const about = `terminal at ${config.host}:${config.port}`;
  if (!isSurelyStopped(agent)) return skip(about, "not called: the agent does; see its readers");
  if (listenMs === 0) return skip(about, "not called");
  try {
    const port = await openTcp({ ...config, connectTimeoutMs: 2_000 });
    await port.close();
    return ok(about, "takes a connection");
  } catch (error) {
    return fail(about, {
      says: error instanceof Error ? error.message : String(error),
      cure: `ping -c 3 ${quoted(config.host)}, and: nc -zv ${quoted(config.host)} ${config.port}`,
      kind: "reach",
    });
  }
}

async function simulated(path: string): Promise<Finding> {
  const about = `simulated HID device ${path}`;
  if ((await accessOf(path)) === "ok") return ok(about, "is there");
  return fail(about, {
    says: "is not there",
    cure: "node hardware-sim/main.ts --help starts the simulator",
  });
}
