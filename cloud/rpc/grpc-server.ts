import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createSecureServer, createServer, type ServerHttp2Session } from "node:http2";
import type { Socket } from "node:net";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { portOf } from "../api/http-server.ts";
import type { GrpcConfig } from "./config.ts";
import { MAX_MESSAGE_BYTES, type RpcDeps, rpcRoutes } from "./rpc.ts";

export interface GrpcServer {
  readonly port: number;
  /** Takes no more calls, lets those under way finish for a while, then cuts. */
  close(): Promise<void>;
}

const CLOSE_MS = 5_000;

/**
 * Native gRPC, with Connect and gRPC-Web beside it: over TLS where the configuration names a certificate, else in the clear
 * (h2c), for a proxy in front. Throws `port.unavailable` or `config.invalid`.
 */
export async function startGrpcServer(config: GrpcConfig, deps: RpcDeps): Promise<GrpcServer> {
  const handler = connectNodeAdapter({
    routes: rpcRoutes(deps),
    readMaxBytes: MAX_MESSAGE_BYTES,
  });
  const server =
    config.tls === undefined
      ? createServer(handler)
      : createSecureServer(certificateOf(config.tls), handler);
  const sockets = new Set<Socket>();
  const sessions = new Set<ServerHttp2Session>();
  server.on("connection", (socket: Socket) => keepWhileOpen(sockets, socket));
  server.on("session", (session) => keepWhileOpen(sessions, session));
  server.listen(config.port, config.host);
  try {
    await once(server, "listening");
  } catch (error) {
    const at = `${config.host}:${config.port}`;
    throw new PlatformError("port.unavailable", `cannot listen on ${at}`, { cause: error });
  }
  return {
    port: portOf(server),
    async close() {
      const closed = once(server, "close");
      server.close();
      for (const session of sessions) session.close();
      // By the socket: a session that was closed with a call still open may forget its own.
      const cut = setTimeout(() => {
        for (const socket of sockets) socket.destroy();
      }, CLOSE_MS);
      await closed;
      clearTimeout(cut);
    },
  };
}

function keepWhileOpen<T extends Socket | ServerHttp2Session>(open: Set<T>, one: T): void {
  open.add(one);
  one.once("close", () => open.delete(one));
}

function certificateOf({ certFile, keyFile }: NonNullable<GrpcConfig["tls"]>) {
  try {
    return { cert: readFileSync(certFile), key: readFileSync(keyFile), allowHTTP1: true };
  } catch (error) {
    const message = "http.grpc.tls: certFile or keyFile cannot be read";
    throw new PlatformError("config.invalid", message, { cause: error });
  }
}
