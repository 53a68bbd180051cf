import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A TCP proxy that breaks its connection after an exact number of bytes, both directions counted, and once only. */
export interface CuttingProxy extends AsyncDisposable {
  readonly port: number;
  readonly bytes: () => number;
  /** Resolves when it has cut. */
  readonly cut: Promise<void>;
}

/** On a free loopback port to `targetPort`; what comes after the cut passes undisturbed. */
export async function cuttingProxy(targetPort: number, after: number): Promise<CuttingProxy> {
  const cut = Promise.withResolvers<void>();
  const sockets = new Set<Socket>();
  let [bytes, isCut] = [0, false];

  const pass = (from: Socket, to: Socket): void => {
    from.on("data", (chunk) => {
      const room = isCut ? chunk.length : after - bytes;
      bytes += chunk.length;
      if (chunk.length < room || isCut) {
        to.write(chunk);
        return;
      }
      isCut = true;
      // The last byte is still delivered; then both ends are without each other.
      to.end(chunk.subarray(0, room));
      from.destroy();
      to.once("close", () => cut.resolve());
      to.resume();
    });
    from.on("close", () => to.destroy());
    from.on("error", () => from.destroy());
  };
  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ port: targetPort, host: "127.0.0.1", noDelay: true });
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.once("close", () => sockets.delete(socket));
    }
    pass(near, far);
    pass(far, near);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    bytes: () => bytes,
    cut: cut.promise,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
