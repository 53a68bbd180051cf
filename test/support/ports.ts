import { once } from "node:events";
import { connect, createServer } from "node:net";

const LOWEST = 15_000;
const HIGHEST = 32_000;
/** Nobody listens yet on those that were given out a moment ago. */
const given = new Set<number>();

/**
 * A loopback port that nobody listens on, for a server that will be killed and started again. It lies below the range
 * from which the kernel gives out ports by itself: while the server is down nobody else gets it, and a client that keeps
 * knocking never ends up connected to itself, which happens when both ends may have the same number. No process gets a
 * port twice.
 */
export async function lastingPort(): Promise<number> {
  for (;;) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
    if (given.has(port)) continue;
    given.add(port);
    if (await isFree(port)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  server.listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch {
    return false;
  }
  server.close();
  await once(server, "close");
  return true;
}

/** What a server on loopback says first to `question`; "" if it is not there, or silent for two seconds. */
export function reply(port: number, question: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const end = (said: string): void => {
      socket.destroy();
      resolve(said);
    };
    socket.setTimeout(2_000, () => end(""));
    socket.once("connect", () => socket.write(question, "latin1"));
    socket.once("data", (bytes) => end(bytes.toString("latin1")));
    socket.once("error", () => end(""));
    socket.once("close", () => end(""));
  });
}
