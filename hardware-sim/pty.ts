import {
  closeSync,
  constants,
  openSync,
  readlinkSync,
  renameSync,
  symlinkSync,
  unlinkSync,
  write,
} from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { ReadStream } from "node:tty";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import koffi from "koffi";
import type { Line } from "./line.ts";

/** How long a write waits for room (a pty holds 4 KiB) before the rest is dropped like an overrun on a wire. */
const OVERRUN_MS = 1_000;
const RETRY_MS = 2;
/** Linux's O_CLOEXEC, which Node does not name: a child that inherits the master would keep the line up after us. */
const CLOSE_ON_EXEC = 0x80000;
/** `struct termios` is 60 bytes on Linux, glibc and musl alike; only libc ever looks inside. */
const TERMIOS_BYTES = 128;

export interface PtyOptions {
  /** Makes this path a symbolic link to the slave, so that a configuration can name a fixed path. */
  readonly link?: string;
}

export interface Pty extends Line {
  /** What a program opens as its serial port: the link if one was asked for, else the kernel's own name. */
  readonly slavePath: string;
  /** Bytes dropped because nobody read the other end for a second. */
  readonly dropped: () => number;
}

/**
 * Opens a raw pseudo-terminal: `slavePath` is the serial port of whoever talks to us, the returned line is our end.
 * Programs may open and close the slave as often as they like. Throws `port.unavailable`. Linux only.
 */
export function openPty(options: PtyOptions = {}): Pty {
  const { master, slave, path } = openPair();
  const { link } = options;
  if (link !== undefined) pointLink(link, path);
  // fs.write and not a tty.WriteStream: that one stops the whole process once 4 KiB wait for a reader.
  const stream = new ReadStream(master);
  let listener: ((chunk: Uint8Array) => void) | undefined;
  let queue: Promise<void> = Promise.resolve();
  const state = { closed: false, dropped: 0 };
  stream.on("data", (chunk: Buffer) => listener?.(chunk));
  stream.on("error", () => undefined); // EIO once the slave end is gone for good: the line is simply silent

  const send = async (bytes: Uint8Array): Promise<void> => {
    let rest = bytes;
    let waitedMs = 0;
    while (rest.length > 0 && !state.closed && waitedMs < OVERRUN_MS) {
      const sent = await writeSome(master, rest);
      if (sent === 0) {
        await sleep(RETRY_MS);
        waitedMs += RETRY_MS;
      } else {
        rest = rest.subarray(sent);
        waitedMs = 0;
      }
    }
    state.dropped += rest.length;
  };

  return {
    slavePath: link ?? path,
    dropped: () => state.dropped,
    onData(next) {
      listener = next;
    },
    write(bytes) {
      const copy = Uint8Array.from(bytes);
      queue = queue.then(() => send(copy));
      return queue;
    },
    async close() {
      if (state.closed) return;
      state.closed = true;
      await queue;
      const gone = new Promise<void>((resolve) => stream.once("close", resolve));
      stream.destroy();
      await gone;
      closeSync(slave);
      if (link !== undefined) removeLink(link, path);
    },
  };
}

/** Lays a cable between two ptys, so that two programs that both want a serial port can talk to each other. */
export function joinPtys(a: Line, b: Line): void {
  a.onData((chunk) => void b.write(chunk));
  b.onData((chunk) => void a.write(chunk));
}

interface Pair {
  readonly master: number;
  /** Kept open so that a program closing its serial port does not hang the master up. */
  readonly slave: number;
  readonly path: string;
}

function openPair(): Pair {
  const libc = loadLibc();
  // Non-blocking, or a write that nobody reads holds a thread of the pool for ever.
  const master = libc.posixOpenpt(
    constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK | CLOSE_ON_EXEC,
  );
  if (master < 0) throw unavailable("posix_openpt");
  if (libc.grantpt(master) !== 0 || libc.unlockpt(master) !== 0) {
    closeSync(master);
    throw unavailable("unlockpt");
  }
  const path = libc.ptsname(master);
  if (path === null) {
    closeSync(master);
    throw unavailable("ptsname");
  }
  const slave = openSync(path, constants.O_RDWR | constants.O_NOCTTY);
  const termios = Buffer.alloc(TERMIOS_BYTES);
  if (libc.tcgetattr(slave, termios) !== 0) throw unavailable("tcgetattr");
  libc.cfmakeraw(termios);
  if (libc.tcsetattr(slave, 0, termios) !== 0) throw unavailable("tcsetattr");
  return { master, slave, path };
}

interface Libc {
  posixOpenpt(flags: number): number;
  grantpt(fd: number): number;
  unlockpt(fd: number): number;
  ptsname(fd: number): string | null;
  tcgetattr(fd: number, termios: Buffer): number;
  cfmakeraw(termios: Buffer): void;
  tcsetattr(fd: number, when: number, termios: Buffer): number;
}

let libcOnce: Libc | undefined;

function loadLibc(): Libc {
  if (libcOnce !== undefined) return libcOnce;
  const library = koffi.load(null);
  libcOnce = {
    posixOpenpt: library.func("int posix_openpt(int flags)"),
    grantpt: library.func("int grantpt(int fd)"),
    unlockpt: library.func("int unlockpt(int fd)"),
    ptsname: library.func("const char *ptsname(int fd)"),
    tcgetattr: library.func("int tcgetattr(int fd, void *termios)"),
    cfmakeraw: library.func("void cfmakeraw(void *termios)"),
    tcsetattr: library.func("int tcsetattr(int fd, int when, void *termios)"),
  };
  return libcOnce;
}

const unavailable = (call: string): PlatformError =>
  new PlatformError("port.unavailable", `cannot open a pseudo-terminal: ${call} failed`);

/** Bytes taken by the kernel; 0 when it has no room now or the line is gone. */
function writeSome(fd: number, bytes: Uint8Array): Promise<number> {
  return new Promise((resolve) => {
    write(fd, bytes, 0, bytes.length, null, (error, sent) => resolve(error === null ? sent : 0));
  });
}

/** Replaces the link in one step: whoever opens it meanwhile finds the old or the new port, never none. */
function pointLink(link: string, target: string): void {
  const fresh = `${link}.${process.pid}`;
  try {
    symlinkSync(target, fresh);
    renameSync(fresh, link);
  } catch (error) {
    throw new PlatformError("port.unavailable", `cannot make the link ${link}`, { cause: error });
  }
}

function removeLink(link: string, target: string): void {
  try {
    if (readlinkSync(link) === target) unlinkSync(link);
  } catch {
    // Already gone, or somebody else's by now: both are fine.
  }
}
