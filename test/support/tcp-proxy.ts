import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface TcpProxy {
  readonly port: number;
  /** Bytes passed so far, towards the target and back from it. */
  readonly passed: { up: number; down: number };
  /** Breaks every connection and refuses new ones until `resume`: a pulled cable with a polite switch. */
  cut(): void;
  /** Passes nothing more in the given direction, connections stay open: a half-open link. */
  freeze(direction?: "both" | "up" | "down"): void;
  /** Undoes `cut` and `freeze`; what a freeze held back flows again. */
  resume(): void;
  close(): Promise<void>;
}

interface Link {
  readonly near: Socket;
  readonly far: Socket;
}

/** A TCP proxy on a free loopback port to `targetPort` (read anew for each connection). */
export async function startTcpProxy(targetPort: () => number): Promise<TcpProxy> {
  const links = new Set<Link>();
  const passed = { up: 0, down: 0 };
  const frozen = { up: false, down: false };
  let isCut = false;

  const pipe = (from: Socket, to: Socket, direction: "up" | "down"): void => {
    from.on("data", (chunk) => {
      passed[direction] += chunk.length;
      if (!to.write(chunk)) from.pause();
    });
    to.on("drain", () => {
      if (!frozen[direction]) from.resume();
    });
    if (frozen[direction]) from.pause();
  };

  const server = createServer({ noDelay: true }, (near) => {
    near.on("error", () => near.destroy());
    if (isCut) {
      near.destroy();
      return;
    }
    const far = connect({ port: targetPort(), host: "127.0.0.1", noDelay: true });
    const link = { near, far };
    links.add(link);
    far.on("error", () => far.destroy());
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.on("close", () => {
        other.destroy();
        links.delete(link);
      });
    }
    pipe(near, far, "up");
    pipe(far, near, "down");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  const cut = (): void => {
    isCut = true;
    for (const { near, far } of links) {
      near.destroy();
      far.destroy();
    }
  };
  return {
    port: (server.address() as AddressInfo).port,
    passed,
    cut,
    freeze(direction = "both") {
      if (direction !== "down") frozen.up = true;
      if (direction !== "up") frozen.down = true;
      for (const { near, far } of links) {
        if (frozen.up) near.pause();
        if (frozen.down) far.pause();
      }
    },
    resume() {
      isCut = false;
      frozen.up = false;
      frozen.down = false;
      for (const { near, far } of links) {
        near.resume();
        far.resume();
      }
    },
    async close() {
      cut();
      server.close();
      await once(server, "close");
    },
  };
}
