import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { connectNats } from "@clockleaf/shared/lib/nats-connection.ts";
import { CLOUD_INBOX } from "@clockleaf/shared/subjects.ts";
import { expect, it, onTestFinished } from "vitest";
import { eventually } from "../support/eventually.ts";
import { findNatsServer, startHub } from "../support/nats.ts";
import { available } from "../support/parts.ts";

/** Stands before a server and hangs up amid the handshake of its `tornDial`th connection, counted from 1. */
async function startFront(targetPort: number, tornDial: number) {
  const sockets = new Set<Socket>();
  let dials = 0;
  const server = createServer((near) => {
    dials += 1;
    const far = connect({ port: targetPort, host: "127.0.0.1" });
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on("error", () => from.destroy());
      from.on("close", () => to.destroy());
    }
    far.pipe(near);
    // The server has said who it is; what the client answers is never heard.
    if (dials === tornDial) near.once("data", () => near.destroy());
    else near.pipe(far);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const hangUp = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  onTestFinished(() => {
    hangUp();
    server.close();
  });
  return { url: `nats://127.0.0.1:${(server.address() as AddressInfo).port}`, hangUp };
}

it.skipIf(!available("nats-server", findNatsServer()))(
  "a server that hangs up amid the handshake is dialled again before long",
  async () => {
    await using hub = await startHub();
    const front = await startFront(hub.hub.port, 2);
    const seen: string[] = [];
    const nc = await connectNats({
      servers: [front.url],
      seedFile: hub.deployment.seedFile("cloud-all"),
      name: "test",
      inboxPrefix: CLOUD_INBOX,
      log: silentLog(),
      onDisconnected: () => void seen.push("lost"),
      onConnected: () => void seen.push("there"),
    });
    onTestFinished(() => nc.close());
    front.hangUp();
    // The client library would wait 20 s before it looks again.
    const isBack = (): boolean => seen.at(-1) === "there" && seen.includes("lost");
    await eventually(isBack, { what: "connected again", timeoutMs: 15_000 });
    expect(await nc.rtt()).toBeGreaterThanOrEqual(0);
  },
);
