import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { admsConfigSchema } from "@clockleaf/edge-agent/devices/adms/config.ts";
import { admsDriver } from "@clockleaf/edge-agent/devices/adms/driver.ts";
import {
  GREEN,
  type RecordedDeps,
  recordedDeps,
} from "@clockleaf/edge-agent/devices/driver.contract.ts";
import { createRestarts } from "@clockleaf/edge-agent/devices/restarts.ts";
import { supervise } from "@clockleaf/edge-agent/devices/supervise.ts";
import { type AdmsDevice, startAdmsDevice } from "@clockleaf/hardware-sim/zkteco/adms-device.ts";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { eventually } from "../support/eventually.ts";
import { lastingPort } from "../support/ports.ts";

let port: number;
let deps: RecordedDeps;
let stop: AbortController;
let running: Promise<void>;
const devices: AdmsDevice[] = [];
const sockets: Socket[] = [];

beforeEach(async () => {
  port = await lastingPort();
  deps = recordedDeps("unused");
  stop = new AbortController();
});
afterEach(async () => {
  for (const device of devices.splice(0)) await device.stop();
  for (const socket of sockets.splice(0)) socket.destroy();
  stop.abort();
  await running;
});

async function serve(settings: Record<string, unknown> = {}): Promise<void> {
  const config = admsConfigSchema.parse({
    listen: { port },
    terminals: [
      { serial: "SN1", reader: "hall" },
      { serial: "SN2", reader: "canteen", direction: "in", stateKeys: "use" },
    ],
    ...settings,
  });
  running = supervise(
    { driver: admsDriver, config, openPort: undefined, deps, restarts: createRestarts() },
    stop.signal,
  );
  await eventually(async () => (await get("/nothing")).status > 0);
}

const url = (path: string): string => `http://127.0.0.1:${port}${path}`;
const get = (path: string): Promise<Response> => fetch(url(path));
const post = (path: string, body: string): Promise<Response> =>
  fetch(url(path), { method: "POST", body });
const ATTLOG = "/iclock/cdata?SN=SN1&table=ATTLOG&Stamp=7";
const counter = (name: string, reader = "hall"): number =>
  deps.health.get(reader)?.counters[name] ?? 0;
const device = (serial = "SN1"): AdmsDevice => {
  const one = startAdmsDevice({
    serial,
    server: () => ({ host: "127.0.0.1", port }),
    retryMs: 5,
    idleMs: 5,
  });
  devices.push(one);
  return one;
};
const shut = new PlatformError("journal.full", "no room", { retriable: true });

describe("terminals that push", () => {
  test("are greeted, believed and told OK with the number of lines", async () => {
    await serve();
    const hello = await (await get("/iclock/cdata?SN=SN1&options=all&pushver=2.4.1")).text();
    expect(hello).toMatch(/^GET OPTION FROM: SN1\r\n/);
    expect(hello).toContain("\r\nATTLOGStamp=0\r\n");
    expect(hello).toContain("\r\nTransFlag=TransData AttLog\r\n");
    const taken = await post(
      ATTLOG,
      "10042\t2026-11-23 08:00:01\t1\t15\t0\t0\n10043\t2026-11-23 08:00:02\t0\t1\r\n",
    );
    expect([taken.status, await taken.text()]).toEqual([200, "OK: 2"]);
    expect(deps.readings).toMatchObject([
      {
        reader: "hall",
        credential: { kind: "number", value: "hall-10042" },
        deviceLocal: "2026-11-23T08:00:01",
        hint: null,
        deviceSeq: null,
      },
      { credential: { kind: "number", value: "hall-10043" } },
    ]);
    for (const { recordKey } of deps.readings) expect(recordKey).toMatch(/^[A-Za-z0-9._:-]{1,64}$/);
    expect(await (await get("/iclock/getrequest?SN=SN1")).text()).toBe("OK");
    expect(await (await post("/iclock/devicecmd?SN=SN1", "ID=1&Return=0")).text()).toBe("OK");
    expect(deps.health.get("hall")).toMatchObject({
      state: "online",
      facts: { serial: "SN1", pushVersion: "2.4.1" },
    });
    expect(deps.statuses).toEqual([["hall", "online"]]);
  });

  test("hear OK only after the last line is on disk", async () => {
    await serve();
    const commit = Promise.withResolvers<typeof GREEN>();
    deps.answer = ({ credential }) =>
      credential.kind === "number" && credential.value === "hall-2"
        ? commit.promise
        : Promise.resolve(GREEN);
    let isAnswered = false;
    const answer = post(ATTLOG, "1\t2026-11-23 08:00:01\n2\t2026-11-23 08:00:02\n").then((said) => {
      isAnswered = true;
      return said.text();
    });
    await eventually(() => deps.readings.length === 2);
    // Other requests pass meanwhile, and this one is still open.
    expect(await (await get("/iclock/getrequest?SN=SN1")).text()).toBe("OK");
    expect(isAnswered).toBe(false);
    commit.resolve(GREEN);
    expect(await answer).toBe("OK: 2");
  });

  test("are asked to send again what was not stored, under the same names", async () => {
    await serve();
    deps.answer = ({ credential }) =>
      credential.kind === "number" && credential.value === "hall-2"
        ? Promise.reject(shut)
        : Promise.resolve(GREEN);
    const lines = "1\t2026-11-23 08:00:01\n2\t2026-11-23 08:00:02\n3\t2026-11-23 08:00:03\n";
    expect((await post(ATTLOG, lines)).status).toBe(503);
    expect(counter("not_committed")).toBe(1);
    deps.answer = () => Promise.resolve(GREEN);
    expect(await (await post(ATTLOG, lines)).text()).toBe("OK: 3");
    expect(new Set(deps.readings.map(({ recordKey }) => recordKey)).size).toBe(3);
  });

  test("send until somebody says OK", async () => {
    let refusals = 3;
    deps.answer = () => {
      refusals -= 1;
      return refusals >= 0 ? Promise.reject(shut) : Promise.resolve(GREEN);
    };
    const one = device();
    one.punch("7", new Date());
    await serve();
    await eventually(() => one.pending() === 0 && refusals < 0);
    expect(one.counters()["sent_again"]).toBe(3);
  });

  test("that nobody knows are refused and counted, and their bodies are not read", async () => {
    await serve();
    for (const path of [
      "/iclock/cdata?SN=EVIL&options=all",
      "/iclock/getrequest",
      "/iclock/getrequest?SN=sn1",
    ]) {
      expect((await get(path)).status).toBe(403);
    }
    const stranger = await post("/iclock/cdata?SN=EVIL&table=ATTLOG", "1\t2026-11-23 08:00:01\n");
    expect(stranger.status).toBe(403);
    expect(deps.readings).toEqual([]);
    expect(counter("refused_unknown_serial")).toBeGreaterThanOrEqual(4);
    expect(counter("refused_unknown_serial", "canteen")).toBe(counter("refused_unknown_serial"));
  });

  test("a line that is no punch is set aside alone and not sent for ever; an impossible date is a punch without a time", async () => {
    await serve();
    const lines = [
      "1\t2026-11-23 08:00:01\t0\t1",
      "nonsense",
      "\t2026-11-23 08:00:02",
      `${"9".repeat(600)}\t2026-11-23 08:00:03`,
      "2\t2026-02-31 08:00:04\t0",
      "3\tyesterday",
      "4\t2026-11-23 24:00:00",
      "5\t2026-11-23 08:00:05",
    ];
    expect(await (await post(ATTLOG, lines.join("\n"))).text()).toBe("OK: 8");
    expect(deps.readings.map(({ deviceLocal }) => deviceLocal)).toEqual([
      "2026-11-23T08:00:01",
      null,
      null,
      null,
      "2026-11-23T08:00:05",
    ]);
    await eventually(() => counter("unusable_fields") === 2);
    expect(counter("unusable_long")).toBe(1);
    expect(counter("impossible_date")).toBe(3);
  });

  test("are two people under one number, and their keys are claims where they are used", async () => {
    await serve();
    await post(ATTLOG, "7\t2026-11-23 08:00:01\t1\n");
    await post(
      "/iclock/cdata?SN=SN2&table=ATTLOG",
      "7\t2026-11-23 08:00:01\t1\n8\t2026-11-23 08:00:02\t255\n",
    );
    expect(deps.readings).toMatchObject([
      { reader: "hall", credential: { value: "hall-7" }, hint: null },
      { reader: "canteen", credential: { value: "canteen-7" }, hint: "out" },
      { reader: "canteen", credential: { value: "canteen-8" }, hint: "in" },
    ]);
  });

  test("other tables are acknowledged and thrown away, other pages do not exist", async () => {
    await serve();
    const users = await post("/iclock/cdata?SN=SN1&table=OPERLOG", "USER PIN=1\tName=Anna\n");
    expect([users.status, await users.text()]).toEqual([200, "OK"]);
    expect((await get("/iclock/secrets?SN=SN1")).status).toBe(404);
    await eventually(() => counter("ignored_tables") === 1);
    expect(deps.readings).toEqual([]);
  });

  test("a body beyond the limit is refused, whether announced or not", async () => {
    await serve({ maxBodyBytes: 1_024 });
    expect((await post(ATTLOG, "x".repeat(1_025))).status).toBe(413);
    const socket = await raw(
      `POST ${ATTLOG} HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n`,
    );
    const said = once(socket, "data").then(([data]) => String(data));
    socket.write(`800\r\n${"y".repeat(0x800)}\r\n`);
    expect(await said).toMatch(/^HTTP\/1.1 413 /);
    expect(deps.readings).toEqual([]);
    expect(counter("refused_too_large")).toBe(2);
  });

  test("half a body is none, however it ends", async () => {
    await serve();
    const socket = await raw(
      `POST ${ATTLOG} HTTP/1.1\r\nhost: x\r\ncontent-length: 60\r\n\r\n1\t2026-11-23 08:00:01\n2\t2026`,
    );
    // While it is read nothing else of that terminal is.
    const other = "/iclock/cdata?SN=SN1&table=OPERLOG";
    await eventually(async () => (await post(other, "")).status === 503);
    socket.destroy();
    await eventually(() => counter("discarded_broken_request") === 1);
    expect(deps.readings).toEqual([]);
    // The terminal's next try is a whole one.
    expect(await (await post(ATTLOG, "1\t2026-11-23 08:00:01\n")).text()).toBe("OK: 1");
  });

  test("one that is too slow is hung up on and does not stand in the way", async () => {
    await serve({ requestTimeoutSeconds: 0.1 });
    const slow = await raw(`POST ${ATTLOG} HTTP/1.1\r\nhost: x\r\ncontent-length: 60\r\n\r\n1\t20`);
    const silent = await raw("");
    const nonsense = await raw("\u0001\u0002\u0003\r\n\r\n");
    const one = device("SN2");
    one.punch("7", new Date());
    await eventually(() => one.pending() === 0 && deps.readings.length > 0);
    await eventually(() => [slow, silent, nonsense].every((socket) => socket.closed));
    expect(counter("discarded_slow_request")).toBeGreaterThanOrEqual(1);
    expect(counter("discarded_no_http")).toBeGreaterThanOrEqual(1);
    expect(deps.readings.every(({ reader }) => reader === "canteen")).toBe(true);
  });

  test("that fall silent are reported gone, and back when they call", async () => {
    await serve({ quietSeconds: 1 });
    await get("/iclock/getrequest?SN=SN1");
    await eventually(() => deps.health.get("hall")?.state === "offline");
    expect(deps.health.get("hall")?.fault?.code).toBe("device.no-reply");
    await get("/iclock/getrequest?SN=SN1");
    expect(deps.statuses.map(([, what]) => what)).toEqual(["online", "offline", "online"]);
  });

  test("start from their stamp only where it is trusted", async () => {
    await serve({ trustStamp: true });
    await post(ATTLOG, "7\t2026-11-23 08:00:01\n");
    expect(await (await get("/iclock/cdata?SN=SN1&options=all")).text()).toContain(
      "ATTLOGStamp=7\r\n",
    );
  });

  test("an address that is taken is said for every reader", async () => {
    await serve();
    const other = recordedDeps("unused");
    const config = admsConfigSchema.parse({
      listen: { port },
      terminals: [{ serial: "SN3", reader: "gate" }],
    });
    await expect(admsDriver.serve(config, other, stop.signal)).rejects.toMatchObject({
      code: "port.unavailable",
    });
  });
});

async function raw(text: string): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  sockets.push(socket);
  socket.on("error", () => undefined);
  await once(socket, "connect");
  if (text !== "") socket.write(text);
  return socket;
}
