import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { isSurelyStopped, lookForAgent } from "./agent.ts";
import { checkPorts } from "./ports.ts";
import type { Setup } from "./setup.ts";

let dir: string;
let server: Server | undefined;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "clockleaf-doctor-"));
});
afterEach(() => {
  server?.close();
  server = undefined;
  rmSync(dir, { recursive: true, force: true });
});

it("tells an agent that hangs from one that is not there", async () => {
  expect((await lookForAgent(dir)).kind).toBe("none");
  server = createServer().listen(join(dir, "agent.sock"));
  await once(server, "listening");
  const hung = await lookForAgent(dir, 50);
  expect(hung.kind).toBe("hung");
  expect(isSurelyStopped(hung)).toBe(false);
});

it.each(["hung", "denied"] as const)("opens no port when the agent is %s", async (kind) => {
  const path = join(dir, "ttyS0");
  writeFileSync(path, ""); // opening it as a serial port would fail
  const lines = [
    { driver: "serial-badge", port: { serial: { path } }, settings: { reader: "gate" } },
    { driver: "zkteco", port: { tcp: { host: "127.0.0.1", port: 9 } }, settings: {} },
  ];
  const setup = { config: { lines }, agent: { kind }, listenMs: 1_000 } as unknown as Setup;
  const found = await checkPorts(setup);
  expect(found.map(({ severity }) => severity)).toEqual(["skip", "skip"]);
});
