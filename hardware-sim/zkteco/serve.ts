import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { Line } from "../line.ts";
import type { ZkSession, ZkTerminal } from "./terminal.ts";
import { createStream, datagram, parseDatagram, segment, type ZkPacket } from "./wire.ts";

/** Data of one packet: a whole piece over TCP, a datagram's worth over UDP. */
const TCP_DATA = 0xffff;
const UDP_DATA = 1024;
/** UDP clients nobody heard of for long are forgotten, oldest first. */
const MAX_UDP_CLIENTS = 16;

/** Hangs the terminal on a line as if it were a TCP connection; on a fresh line it is a new connection. */
export function attachZk(line: Line, terminal: ZkTerminal): void {
  // A line that is gone ends what went over it.
  const write = (packet: ZkPacket): void =>
    void line.write(segment(packet)).catch(() => session.end());
  const session: ZkSession = terminal.connect(write, TCP_DATA);
  const cut = createStream();
  line.onData((chunk) => {
    for (const packet of cut(chunk)) for (const answer of session.hear(packet)) write(answer);
  });
}

export interface ZkServer {
  readonly port: number;
  /** Hangs up on everybody; they may call again. */
  hangUp(): void;
  close(): Promise<void>;
}

export interface ServeOptions {
  readonly host?: string;
  /** 4370 on real ones; 0 is any free one. */
  readonly port: number;
}

/** The terminal on TCP. Rejects with `port.unavailable`. */
export async function serveTcp(terminal: ZkTerminal, options: ServeOptions): Promise<ZkServer> {
  const callers = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    callers.add(socket);
    const send = pacedWriter(socket);
    const session = terminal.connect(send, TCP_DATA);
    const cut = createStream();
    socket.on("data", (chunk) => {
      for (const packet of cut(chunk)) for (const answer of session.hear(packet)) send(answer);
    });
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      session.end();
      callers.delete(socket);
    });
  });
  server.listen(options.port, options.host ?? "127.0.0.1");
  await once(server, "listening").catch((cause: unknown) => {
    throw new PlatformError("port.unavailable", `cannot listen on TCP ${options.port}`, { cause });
  });
  const address = server.address();
  const hangUp = (): void => {
    for (const caller of callers) caller.destroy();
  };
  return {
    port: typeof address === "object" && address !== null ? address.port : options.port,
    hangUp,
    async close() {
      const closed = once(server, "close");
      server.close();
      hangUp();
      await closed;
    },
  };
}

/**
 * One packet per turn, as from a slow machine: clients in the field count on packets that arrive one by one. A caller
 * that reads slowly is waited for.
 */
function pacedWriter(socket: Socket): (packet: ZkPacket) => void {
  let last: Promise<void> = Promise.resolve();
  return (packet) => {
    last = last.then(async () => {
      if (socket.destroyed) return;
      const isFree = socket.write(segment(packet));
      if (!isFree)
        await Promise.race([once(socket, "drain"), once(socket, "close")]).catch(() => undefined);
      await new Promise((resolve) => void setTimeout(resolve, 1));
    });
  };
}

/** The terminal on UDP. Rejects with `port.unavailable`. */
export async function serveUdp(terminal: ZkTerminal, options: ServeOptions): Promise<ZkServer> {
  const socket = createSocket("udp4");
  const clients = new Map<string, ZkSession>();
  const sessionOf = (address: string, port: number): ZkSession => {
    const name = `${address}:${port}`;
    const known = clients.get(name);
    if (known !== undefined) return known;
    const [oldest] = clients.keys();
    if (oldest !== undefined && clients.size >= MAX_UDP_CLIENTS) {
      clients.get(oldest)?.end();
      clients.delete(oldest);
    }
    const send = (packet: ZkPacket): void => socket.send(datagram(packet), port, address);
    const session = terminal.connect(send, UDP_DATA);
    clients.set(name, session);
    return session;
  };
  socket.on("message", (bytes, { address, port }) => {
    const packet = parseDatagram(bytes);
    if (packet === undefined) return;
    const session = sessionOf(address, port);
    for (const answer of session.hear(packet)) socket.send(datagram(answer), port, address);
    if (packet.command === 1001) clients.delete(`${address}:${port}`);
  });
  socket.bind(options.port, options.host ?? "127.0.0.1");
  await once(socket, "listening").catch((cause: unknown) => {
    throw new PlatformError("port.unavailable", `cannot listen on UDP ${options.port}`, { cause });
  });
  return {
    port: socket.address().port,
    hangUp() {
      for (const session of clients.values()) session.end();
      clients.clear();
    },
    async close() {
      const closed = once(socket, "close");
      socket.close();
      await closed;
    },
  };
}
