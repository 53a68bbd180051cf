import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { createZkClock } from "@clockleaf/hardware-sim/zkteco/clock.ts";
import { type RecordBytes, ZkMemory } from "@clockleaf/hardware-sim/zkteco/memory.ts";
import { serveTcp, serveUdp, type ZkServer } from "@clockleaf/hardware-sim/zkteco/serve.ts";
import { createZkTerminal, type ZkTerminal } from "@clockleaf/hardware-sim/zkteco/terminal.ts";
import ZkLib from "node-zklib";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import Zkteco from "zkteco-js";
import ZktecoUdp from "zkteco-js/src/zudp.js";
import { z } from "zod";
import { eventually } from "../support/eventually.ts";
import { available } from "../support/parts.ts";
import { lastingPort } from "../support/ports.ts";
import { ensurePython } from "../support/python-venv.ts";

/**
 * Three ZKTeco clients that people use in the field read our simulated terminal: zkteco-js (MIT), node-zklib (ISC) and
 * pyzk (GPL, in a process of its own). They are the witnesses that the simulator speaks the protocol and not a dialect
 * of ours.
 */
const found = await ensurePython("pyzk", ["pyzk==0.9"]);
const python = typeof found === "string" ? found : undefined;
const run = promisify(execFile);

const HOST = "127.0.0.1";
const PATIENCE_MS = 5_000;
const USERS = [
  { id: "10042", name: "Anna" },
  { id: "10043", name: "Bela" },
];
/** Wall times without zone; the clients make them local ones of this process, whatever its zone is. */
const wall = (minute: number): Date => new Date(Date.UTC(2026, 10, 23, 8, minute, 30));
const text = (at: Date): string => at.toISOString().slice(0, 19);
const localText = (at: Date): string =>
  text(new Date(at.getTime() - at.getTimezoneOffset() * 60_000));

interface Expected {
  readonly userId: string;
  readonly at: string;
}

function terminalWith(recordBytes: RecordBytes, punches: number): ZkTerminal {
  const frozen = createZkClock(() => Date.UTC(2026, 10, 23, 12, 34, 56));
  const terminal = createZkTerminal({
    memory: new ZkMemory({ recordBytes }),
    clock: frozen,
    serial: "CKJ1234567",
  });
  for (const { id, name } of USERS) terminal.memory.enrol(id, name);
  for (let each = 0; each < punches; each += 1) {
    const { id } = USERS[each % 2] ?? { id: "" };
    terminal.memory.add({ userId: id, at: wall(each), verify: 1, state: each % 2 });
  }
  return terminal;
}

const expectedOf = (terminal: ZkTerminal): Expected[] =>
  terminal.memory.punches.map(({ userId, at }) => ({ userId, at: text(at) }));

const servers: ZkServer[] = [];
beforeEach(() => {
  // They talk to the console.
  vi.spyOn(console, "log").mockImplementation(() => undefined);
  vi.spyOn(console, "error").mockImplementation(() => undefined);
});
afterEach(async () => {
  vi.restoreAllMocks();
  for (const server of servers.splice(0)) await server.close();
});

/** The terminal on TCP, or on UDP where TCP is refused: what makes the two Node clients choose UDP. */
async function serve(terminal: ZkTerminal, over: "tcp" | "udp"): Promise<number> {
  const port = await lastingPort();
  servers.push(await (over === "tcp" ? serveTcp : serveUdp)(terminal, { port }));
  return port;
}

describe("zkteco-js reads the simulated terminal", () => {
  // 2000 records are more than one piece.
  test.each([3, 100, 2_000])("over TCP, %i records", async (punches) => {
    const terminal = terminalWith(40, punches);
    const client = new Zkteco(HOST, await serve(terminal, "tcp"), PATIENCE_MS, 0);
    await client.createSocket();
    expect(client.connectionType).toBe("tcp");
    expect(await client.getInfo()).toEqual({
      userCounts: 2,
      logCounts: punches,
      logCapacity: 100_000,
    });
    expect(localText(await client.getTime())).toBe("2026-11-23T12:34:56");
    expect(await client.getSerialNumber()).toBe("CKJ1234567");
    const users = await client.getUsers();
    expect(users.data.map(({ userId, name }) => ({ id: userId, name }))).toEqual(USERS);
    const { data } = await client.getAttendances();
    expect(
      data.map(({ user_id, record_time }) => ({
        userId: user_id,
        at: localText(new Date(record_time)),
      })),
    ).toEqual(expectedOf(terminal));
    expect(data.slice(0, 2)).toMatchObject([
      { sn: 1, type: 1, state: 0 },
      { sn: 2, type: 1, state: 1 },
    ]);
    await client.disconnect();
  });

  test("hears a live event", async () => {
    const terminal = terminalWith(40, 0);
    const client = new Zkteco(HOST, await serve(terminal, "tcp"), PATIENCE_MS, 0);
    await client.createSocket();
    const heard: { userId: string; attTime: Date }[] = [];
    await client.getRealTimeLogs((punch) => heard.push(punch));
    await eventually(() => terminal.commands.get(500) === 1);
    terminal.punch("10043", { at: wall(5) });
    await eventually(() => heard.length === 1);
    expect(heard.map(({ userId, attTime }) => [userId, localText(attTime)])).toEqual([
      ["10043", text(wall(5))],
    ]);
    await client.disconnect();
  });

  // Its own way to UDP is barred: it looks for ECONNREFUSED in an error it has wrapped. And what comes in pieces over UDP it
  // reads and then loses (handleChunkedData). So: its UDP half by itself, and small tables.
  test("over UDP", async () => {
    const terminal = terminalWith(16, 3);
    const port = await serve(terminal, "udp");
    const client = new ZktecoUdp(HOST, port, PATIENCE_MS, await lastingPort());
    await client.createSocket();
    await client.connect();
    expect(await client.getInfo()).toMatchObject({ userCounts: 2, logCounts: 3 });
    expect(localText(await client.getTime())).toBe("2026-11-23T12:34:56");
    const users = await client.getUsers();
    expect(users.data.map(({ userId, name }) => ({ id: String(userId), name }))).toEqual(USERS);
    await client.disconnect();
  });
});

describe("node-zklib reads the simulated terminal", () => {
  // It asks for all pieces at once and drops what arrives together with the end of one: one piece, as in its tests.
  test.each([3, 100, 1_500])("over TCP, %i records", async (punches) => {
    const terminal = terminalWith(40, punches);
    const client = new ZkLib(HOST, await serve(terminal, "tcp"), PATIENCE_MS, 0);
    await client.createSocket();
    expect(client.connectionType).toBe("tcp");
    expect(await client.getInfo()).toMatchObject({ userCounts: 2, logCounts: punches });
    const users = await client.getUsers();
    expect(users.data.map(({ userId, name }) => ({ id: userId, name }))).toEqual(USERS);
    const { data } = await client.getAttendances();
    expect(
      data.map(({ deviceUserId, recordTime }) => ({
        userId: deviceUserId,
        at: localText(recordTime),
      })),
    ).toEqual(expectedOf(terminal));
    await client.disconnect();
  });

  test("over UDP, in pieces", async () => {
    const terminal = terminalWith(16, 500);
    const client = new ZkLib(HOST, await serve(terminal, "udp"), PATIENCE_MS, await lastingPort());
    await client.createSocket();
    expect(client.connectionType).toBe("udp");
    const users = await client.getUsers();
    expect(users.data.map(({ userId, name }) => ({ id: String(userId), name }))).toEqual(USERS);
    const { data } = await client.getAttendances();
    expect(
      data.map(({ deviceUserId, recordTime }) => ({
        userId: String(deviceUserId),
        at: localText(recordTime),
      })),
    ).toEqual(expectedOf(terminal));
    await client.disconnect();
  });
});

const PYZK = `
import json, sys, datetime
from zk import ZK
port, udp, key = int(sys.argv[1]), sys.argv[2] == "udp", int(sys.argv[3])
terminal = ZK("127.0.0.1", port=port, timeout=5, password=key, force_udp=udp, ommit_ping=True).connect()
seen = dict(serial=terminal.get_serialnumber(), firmware=terminal.get_firmware_version(), time=terminal.get_time().isoformat())
terminal.set_time(datetime.datetime(2026, 12, 24, 18, 0, 1))
seen["set"] = terminal.get_time().isoformat()
seen["users"] = [dict(id=u.user_id, name=u.name) for u in terminal.get_users()]
seen["punches"] = [dict(userId=a.user_id, at=a.timestamp.isoformat(), verify=a.status, state=a.punch) for a in terminal.get_attendance()]
terminal.read_sizes()
seen["records"] = terminal.records
terminal.disconnect()
print(json.dumps(seen))
`;
const seenSchema = z.object({
  serial: z.string(),
  firmware: z.string(),
  time: z.string(),
  set: z.string(),
  users: z.array(z.object({ id: z.string(), name: z.string() })),
  punches: z.array(
    z.object({ userId: z.string(), at: z.string(), verify: z.int(), state: z.int() }),
  ),
  records: z.int(),
});

const missing = typeof found === "string" ? "pyzk" : found.missing;
describe.skipIf(!available(missing, python))("pyzk reads the simulated terminal", () => {
  const cases = ([8, 16, 40] as const).flatMap((recordBytes) =>
    (["tcp", "udp"] as const).flatMap((over) =>
      [3, 2_500].map((punches) => ({ recordBytes, over, punches })),
    ),
  );

  test.each(cases)("records of $recordBytes bytes over $over, $punches of them", async (each) => {
    const terminal = terminalWith(each.recordBytes, each.punches);
    const seen = await read(await serve(terminal, each.over), each.over, 0);
    expect(seen).toMatchObject({
      serial: "CKJ1234567",
      firmware: "Ver 6.60 Apr 28 2017",
      time: "2026-11-23T12:34:56",
      set: "2026-12-24T18:00:01",
      users: USERS,
      records: each.punches,
    });
    expect(seen.punches).toEqual(
      terminal.memory.punches.map(({ userId, at, verify, state }) => ({
        userId,
        at: text(at),
        verify,
        state,
      })),
    );
  });

  test.each(["tcp", "udp"] as const)("proves the communication key over %s", async (over) => {
    const memory = terminalWith(40, 1).memory;
    const terminal = createZkTerminal({ memory, commKey: 987_654 });
    const port = await serve(terminal, over);
    expect((await read(port, over, 987_654)).punches).toHaveLength(1);
    await expect(read(port, over, 987_653)).rejects.toThrow(/Unauthenticated/);
  });
});

async function read(
  port: number,
  over: "tcp" | "udp",
  key: number,
): Promise<z.output<typeof seenSchema>> {
  const { stdout } = await run(python ?? "", ["-c", PYZK, String(port), over, String(key)], {
    maxBuffer: 16 * 1024 * 1024,
  });
  return seenSchema.parse(JSON.parse(stdout));
}
