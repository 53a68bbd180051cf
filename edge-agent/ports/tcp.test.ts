import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, expect, it } from "vitest";
import { eventually } from "../../test/support/eventually.ts";
import type { Port } from "./port.ts";
import { openTcp, tcpConfigSchema } from "./tcp.ts";

let server: Server;
let terminals: Socket[];
let port: number;

beforeEach(async () => {
  terminals = [];
  server = createServer((socket) => {
    terminals.push(socket);
    socket.on("error", () => undefined);
    socket.on("data", (chunk) => socket.write(chunk)); // an echo
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  port = typeof address === "object" && address !== null ? address.port : 0;
});
afterEach(async () => {
  for (const socket of terminals) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});

const open = (): Promise<Port> => openTcp(tcpConfigSchema.parse({ host: "127.0.0.1", port }));

it("carries bytes both ways, also those that come before anybody listens", async () => {
  const line = await open();
  const heard: number[] = [];
  await line.write(Uint8Array.of(1, 2, 3));
  await eventually(() => terminals.length === 1);
  line.onData((chunk) => heard.push(...chunk));
  await eventually(() => heard.length === 3);
  expect(heard).toEqual([1, 2, 3]);
  await line.close();
});

it("tells once that the terminal hung up, and takes nothing more", async () => {
  const line = await open();
  const ends: unknown[] = [];
  line.onClosed((reason) => ends.push(reason));
  await eventually(() => terminals.length === 1);
  terminals[0]?.destroy();
  await eventually(() => ends.length === 1);
  expect(ends).toEqual([expect.objectContaining({ code: "port.lost", retriable: true })]);
  await expect(line.write(Uint8Array.of(1))).rejects.toMatchObject({ code: "port.lost" });
});

it("ends without a reason when we close it", async () => {
  const line = await open();
  const ends: unknown[] = [];
  line.onClosed((reason) => ends.push(reason));
  await line.close();
  await line.close();
  expect(ends).toEqual([undefined]);
});

it("says what to look at when nobody answers", async () => {
  await new Promise((resolve) => server.close(resolve));
  await expect(open()).rejects.toMatchObject({
    code: "port.unavailable",
    message: expect.stringContaining(`127.0.0.1:${port}`),
  });
});
