import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { parseNumber, repeat } from "../cli.ts";
import { needed, type SimCommand, type Surroundings, textOf, type Values } from "../command.ts";
import type { Random } from "../random.ts";
import { startAdmsDevice } from "./adms-device.ts";
import { createZkClock } from "./clock.ts";
import { type RecordBytes, ZkMemory } from "./memory.ts";
import { serveTcp, serveUdp } from "./serve.ts";
import { createZkTerminal } from "./terminal.ts";

const FIRST_USER = 1001;
/** Records of the past come a minute apart. */
const APART_MS = 60_000;

/** This machine's wall time, which is what a terminal shows. */
const wallMs = (): number => Date.now() - new Date().getTimezoneOffset() * 60_000;

export const zktecoCommand: SimCommand = {
  name: "zkteco",
  help: `zkteco [options]               one ZKTeco terminal on TCP and UDP
    --host ADDRESS     default 127.0.0.1
    --port N           for both; default 4370
    --record BYTES     8, 16 or 40: generation of the terminal; default 40
    --people N         users from ${FIRST_USER} on; default 20
    --history N        records it holds already; default 0
    --key N            communication key; default 0, none
    --ahead SECONDS    how far its clock is ahead; default 0
    --tap EVERY        somebody punches again and again: 500ms, 5s, 1m; default never`,
  options: {
    host: { type: "string" },
    port: { type: "string" },
    record: { type: "string" },
    people: { type: "string" },
    history: { type: "string" },
    key: { type: "string" },
    ahead: { type: "string" },
    tap: { type: "string" },
  },
  async run(values, around) {
    const memory = memoryOf(values);
    const aheadMs = number(values, "ahead", { or: 0, max: 1_000_000_000 }) * 1000;
    const commKey = number(values, "key", { or: 0, max: 999_999 });
    const terminal = createZkTerminal({ memory, clock: createZkClock(wallMs, aheadMs), commKey });
    const port = number(values, "port", { or: 4370, max: 65_535 });
    const at = { host: textOf(values, "host") ?? "127.0.0.1", port };
    const [tcp, udp] = [await serveTcp(terminal, at), await serveUdp(terminal, at)];
    const stopTaps = repeat(textOf(values, "tap"), () => {
      const { id } = around.random.pick(memory.users);
      const punch = terminal.punch(id, { state: around.random.int(0, 1) });
      around.fact({ kind: "punch", user: id, at: punch.at.toISOString().slice(0, 19) });
    });
    around.say(
      `ZKTeco terminal ${terminal.serial} on ${at.host}, TCP ${tcp.port} and UDP ${udp.port}`,
    );
    await around.stopped;
    stopTaps();
    await Promise.all([tcp.close(), udp.close()]);
    around.say(JSON.stringify({ records: memory.punches.length, events: terminal.acknowledged() }));
  },
};

function memoryOf(values: Values): ZkMemory {
  const memory = new ZkMemory({ recordBytes: recordBytes(textOf(values, "record") ?? "40") });
  const people = number(values, "people", { or: 20, max: 3_000 });
  for (let user = 0; user < Math.max(1, people); user += 1) {
    memory.enrol(String(FIRST_USER + user), `P${user + 1}`);
  }
  const history = number(values, "history", { or: 0, max: memory.capacity });
  const from = wallMs() - history * APART_MS;
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
  throw new PlatformError("config.invalid", `--record ${text}: 8, 16 or 40`);
}

function number(
  values: Values,
  name: string,
  { or, max }: { readonly or: number; readonly max: number },
): number {
  const text = textOf(values, name);
  return text === undefined ? or : parseNumber(name, text, { min: 0, max });
}

export const admsCommand: SimCommand = {
  name: "adms",
  help: `adms --server HOST:PORT [options]  one ZKTeco terminal that pushes over HTTP
    --serial SN        default SIM0000000001
    --people N         users from ${FIRST_USER} on; default 20
    --tap EVERY        somebody punches again and again; default 5s`,
  options: {
    server: { type: "string" },
    serial: { type: "string" },
    people: { type: "string" },
    tap: { type: "string" },
  },
  async run(values, around) {
    const server = serverOf(needed(values, "server"));
    const people = number(values, "people", { or: 20, max: 3_000 });
    const device = startAdmsDevice({
      serial: textOf(values, "serial") ?? "SIM0000000001",
      server: () => server,
    });
    const stopTaps = repeat(textOf(values, "tap") ?? "5s", () =>
      tap((user, at) => device.punch(user, at), { random: around.random, people, around }),
    );
    around.say(`ADMS terminal that pushes to ${server.host}:${server.port}`);
    await around.stopped;
    stopTaps();
    await device.stop();
    around.say(JSON.stringify({ pending: device.pending(), ...device.counters() }));
  },
};

interface Tapping {
  readonly random: Random;
  readonly people: number;
  readonly around: Surroundings;
}

function tap(punch: (userId: string, at: Date) => void, { random, people, around }: Tapping): void {
  const user = String(FIRST_USER + random.int(0, Math.max(1, people) - 1));
  const at = new Date(wallMs());
  punch(user, at);
  around.fact({ kind: "punch", user, at: at.toISOString().slice(0, 19) });
}

function serverOf(text: string): { readonly host: string; readonly port: number } {
  const [, host, port] = /^([^:]+):(\d{1,5})$/u.exec(text) ?? [];
  if (host === undefined || port === undefined) {
    throw new PlatformError("config.invalid", `--server ${text}: write HOST:PORT`);
  }
  return { host, port: parseNumber("server", port, { min: 1, max: 65_535 }) };
}
