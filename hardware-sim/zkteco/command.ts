import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { parseNumber } from "../cli.ts";
import { needed, textOf, type Values } from "../command.ts";
import type { TerminalKind } from "../sim-terminal.ts";
import { CLOCK_ACTS, createWallTime } from "../wall-time.ts";
import { startAdmsDevice } from "./adms-device.ts";
import { createZkClock } from "./clock.ts";
import { type RecordBytes, ZkMemory } from "./memory.ts";
import { serveTcp, serveUdp, type ZkServer } from "./serve.ts";
import { createZkTerminal, type ZkTerminal } from "./terminal.ts";

const FIRST_USER = 1001;
/** Records of the past come a minute apart. */
const APART_MS = 60_000;

export const zktecoKind: TerminalKind = {
  name: "zkteco",
  help: `zkteco [options]               one ZKTeco terminal on TCP and UDP
    --host ADDRESS     default 127.0.0.1
    --port N           for both; default 4370
    --record BYTES     8, 16 or 40: generation of the terminal; default 40
    --people N         users from ${FIRST_USER} on; default 20
    --history N        records it holds already; default 0
    --key N            communication key; default 0, none
    --ahead SECONDS    how far its clock is ahead; default 0`,
  options: {
    host: { type: "string" },
    port: { type: "string" },
    record: { type: "string" },
    people: { type: "string" },
    history: { type: "string" },
    key: { type: "string" },
    ahead: { type: "string" },
  },
  paths: [],
  can: ["tap", "power-cut", "unplug", "replug", "memory-full", "memory-free", ...CLOCK_ACTS],
  async open(values, around) {
    const wall = createWallTime();
    const memory = memoryOf(values, wall.ms());
    const { capacity } = memory;
    const aheadMs = number(values, "ahead", { or: 0, max: 1_000_000_000 }) * 1000;
    const commKey = number(values, "key", { or: 0, max: 999_999 });
    const terminal = createZkTerminal({ memory, clock: createZkClock(wall.ms, aheadMs), commKey });
    const host = textOf(values, "host") ?? "127.0.0.1";
    const port = number(values, "port", { or: 4370, max: 65_535 });
    let servers = await serveBoth(terminal, { host, tcp: port, udp: port });
    const [tcp, udp] = servers.map((server) => server.port);
    const unplug = async (): Promise<void> => {
      const former = servers.splice(0);
      await Promise.all(former.map((server) => server.close()));
    };
    let taps = 0;
    const tap = (user: string): void => {
      if (!/^\d{1,9}$/.test(user)) throw invalid(`${user}: a user number of up to 9 digits`);
      taps += 1;
      const punch = terminal.punch(user, { state: around.random.int(0, 1) });
      around.fact({ kind: "punch", user, at: punch.at.toISOString().slice(0, 19) });
    };
    return {
      name: `ZKTeco terminal ${terminal.serial} on ${host}, TCP ${tcp} and UDP ${udp}`,
      acts: {
        ...wall.acts,
        tap,
        "power-cut"() {
          terminal.powerCut();
          for (const server of servers) server.hangUp();
        },
        unplug,
        async replug() {
          if (servers.length > 0) return;
          servers = await serveBoth(terminal, { host, tcp: tcp ?? port, udp: udp ?? port });
        },
        "memory-full": () => void (memory.capacity = memory.punches.length),
        "memory-free": () => void (memory.capacity = capacity),
      },
      comes: () => tap(around.random.pick(memory.users).id),
      // A log is read again and again and never cleared: it does not say what somebody has of it.
      ledger: () => ({ taps, acknowledged: null, waiting: null, lost: null }),
      counters: () => ({ records: memory.punches.length, events: terminal.acknowledged() }),
      close: unplug,
    };
  },
};

async function serveBoth(
  terminal: ZkTerminal,
  { host, tcp, udp }: { readonly host: string; readonly tcp: number; readonly udp: number },
): Promise<ZkServer[]> {
  return [
    await serveTcp(terminal, { host, port: tcp }),
    await serveUdp(terminal, { host, port: udp }),
  ];
}

function memoryOf(values: Values, nowMs: number): ZkMemory {
  const memory = new ZkMemory({ recordBytes: recordBytes(textOf(values, "record") ?? "40") });
  const people = number(values, "people", { or: 20, max: 3_000 });
  for (let user = 0; user < Math.max(1, people); user += 1) {
    memory.enrol(String(FIRST_USER + user), `P${user + 1}`);
  }
  const history = number(values, "history", { or: 0, max: memory.capacity });
  const from = nowMs - history * APART_MS;
  for (let each = 0; each < history; each += 1) {
    const { id } = memory.users[each % memory.users.length] ?? { id: "0" };
    memory.add({ userId: id, at: new Date(from + each * APART_MS), verify: 1, state: each % 2 });
  }
  return memory;
}

function recordBytes(text: string): RecordBytes {
  if (text === "8") return 8;
  if (text === "16") return 16;
  if (text === "40") return 40;
  throw invalid(`--record ${text}: 8, 16 or 40`);
}

function number(
  values: Values,
  name: string,
  { or, max }: { readonly or: number; readonly max: number },
): number {
  const text = textOf(values, name);
  return text === undefined ? or : parseNumber(name, text, { min: 0, max });
}

export const admsKind: TerminalKind = {
  name: "adms",
  help: `adms --server HOST:PORT [options]  one ZKTeco terminal that pushes over HTTP
    --serial SN        default SIM0000000001
    --people N         users from ${FIRST_USER} on; default 20`,
  options: {
    server: { type: "string" },
    serial: { type: "string" },
    people: { type: "string" },
  },
  paths: [],
  can: ["tap", "power-cut", ...CLOCK_ACTS],
  async open(values, around) {
    const server = serverOf(needed(values, "server"));
    const people = number(values, "people", { or: 20, max: 3_000 });
    const wall = createWallTime();
    const device = startAdmsDevice({
      serial: textOf(values, "serial") ?? "SIM0000000001",
      server: () => server,
    });
    let taps = 0;
    const tap = (user: string): void => {
      if (!/^\d{1,9}$/.test(user)) throw invalid(`${user}: a user number of up to 9 digits`);
      taps += 1;
      device.punch(user, new Date(wall.ms()));
      around.fact({ kind: "punch", user, at: wall.text() });
    };
    return {
      name: `ADMS terminal that pushes to ${server.host}:${server.port}`,
      acts: { ...wall.acts, tap, "power-cut": () => device.powerCut() },
      comes: () => tap(String(FIRST_USER + around.random.int(0, Math.max(1, people) - 1))),
      ledger() {
        const waiting = device.pending();
        return { taps, acknowledged: taps - waiting, waiting, lost: 0 };
      },
      counters: () => device.counters(),
      close: () => device.stop(),
    };
  },
};

function serverOf(text: string): { readonly host: string; readonly port: number } {
  const [, host, port] = /^([^:]+):(\d{1,5})$/u.exec(text) ?? [];
  if (host === undefined || port === undefined) {
    throw invalid(`--server ${text}: write HOST:PORT`);
  }
  return { host, port: parseNumber("server", port, { min: 1, max: 65_535 }) };
}

const invalid = (message: string): PlatformError => new PlatformError("config.invalid", message);
